//! Facts about the source.
