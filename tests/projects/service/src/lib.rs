//! A service with settings, state and graceful shutdown.

pub mod routes;
pub mod settings;
