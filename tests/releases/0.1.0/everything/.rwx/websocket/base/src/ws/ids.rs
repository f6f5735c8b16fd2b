//! Names for connections, and secrets that nobody can guess.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// The name of one connection, different from that of any other connection on any instance. It is
/// no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ConnectionId(u64);

impl ConnectionId {
    /// A number from 0 up to 1 that is far from that of the connections just before and after
    /// (Fibonacci hashing).
    pub(super) fn jitter(self) -> f64 {
        let hash = self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        f64::from(u32::try_from(hash).unwrap_or_default()) / f64::from(u32::MAX)
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Numbers connections from a random number on, so that no two instances give the same name.
pub(super) struct ConnectionIds(AtomicU64);

impl ConnectionIds {
    pub(super) fn new() -> Self {
        Self(AtomicU64::new(RandomState::new().build_hasher().finish()))
    }

    pub(super) fn next(&self) -> ConnectionId {
        ConnectionId(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

pub(super) fn secret() -> Result<String, Refusal> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "the system has no random numbers");
        Refusal::Full
    })?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}
