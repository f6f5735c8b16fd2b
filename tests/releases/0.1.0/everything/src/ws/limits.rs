//! How many connections there may be, counted before the upgrade, and how fast each may send.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::config::WsConfig;
use super::refusal::Refusal;
use super::sync::{lock, remove};

pub(super) struct Limits {
    total: Quota<()>,
    per_address: Quota<IpAddr>,
    per_client: Quota<Arc<str>>,
}

/// The places that one connection takes; dropping it gives them back.
#[derive(Debug)]
pub(super) struct Permits {
    _total: Permit<()>,
    _address: Option<Permit<IpAddr>>,
    _client: Permit<Arc<str>>,
}

impl Limits {
    pub(super) fn new(config: &WsConfig) -> Self {
        Self {
            total: Quota::new(config.max_connections),
            per_address: Quota::new(config.max_connections_per_ip),
            per_client: Quota::new(config.max_connections_per_client),
        }
    }

    pub(super) fn acquire(
        &self,
        client_id: &Arc<str>,
        address: Option<IpAddr>,
    ) -> Result<Permits, Refusal> {
        let total = self.total.acquire(()).ok_or(Refusal::Full)?;
        let address = address.map(|address| self.per_address.acquire(address));
        let address = address.map(|permit| permit.ok_or(Refusal::TooManyOfAddress));
        let address = address.transpose()?;
        let client = self.per_client.acquire(Arc::clone(client_id));
        Ok(Permits {
            _total: total,
            _address: address,
            _client: client.ok_or(Refusal::TooManyOfClient)?,
        })
    }

    /// How many places are taken, with those of connections that are being made or say goodbye.
    pub(super) fn taken(&self) -> usize {
        lock(&self.total.taken).values().sum()
    }
}

struct Quota<K> {
    max: usize,
    taken: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K: Hash + Eq + Clone> Quota<K> {
    fn new(max: usize) -> Self {
        let taken = Arc::default();
        Self { max, taken }
    }

    fn acquire(&self, key: K) -> Option<Permit<K>> {
        let mut counts = lock(&self.taken);
        let count = counts.get(&key).copied().unwrap_or_default();
        if count >= self.max {
            return None;
        }
        counts.insert(key.clone(), count + 1);
        let taken = Arc::clone(&self.taken);
        Some(Permit { key, taken })
    }
}

#[derive(Debug)]
struct Permit<K: Hash + Eq> {
    key: K,
    taken: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K: Hash + Eq> Drop for Permit<K> {
    fn drop(&mut self) {
        let mut counts = lock(&self.taken);
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                remove(&mut counts, &self.key);
            }
        }
    }
}

/// A token bucket: fills with `rate` tokens a second up to `burst`; each message takes one.
#[derive(Debug)]
pub(super) struct TokenBucket {
    /// The time in which one token comes back; `None` sets no limit.
    period: Option<Duration>,
    /// The time in which an empty bucket fills.
    capacity: Duration,
    full_at: Instant,
}

impl TokenBucket {
    /// `rate` in messages a second; `burst` in messages; 0 in either sets no limit.
    pub(super) fn new(rate: u32, burst: u32) -> Self {
        let period = Duration::from_secs(1).checked_div(rate);
        let period = period.filter(|_| burst > 0);
        Self {
            period,
            capacity: period.unwrap_or_default().saturating_mul(burst),
            full_at: Instant::now(),
        }
    }

    pub(super) fn take(&mut self) -> bool {
        let Some(period) = self.period else {
            return true;
        };
        let now = Instant::now();
        let full_at = self.full_at.max(now) + period;
        let has_token = full_at - now <= self.capacity;
        if has_token {
            self.full_at = full_at;
        }
        has_token
    }
}
