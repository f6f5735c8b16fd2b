//! One-use tickets: a signed-in page asks for one by `POST`, and connects with it in the query. A
//! ticket that ends in a log is worth nothing by then.
//!
//! They wait in Redis, so that any instance takes them; without it, or while it is down, on the
//! instance that gave them out.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use super::auth::Identity;
use super::hub::Hub;
use super::ids;
use super::refusal::Refusal;
use super::sync::lock;

/// How long a page has to connect with its ticket.
pub(super) const LIFETIME: Duration = Duration::from_secs(30);

const CAPACITY: usize = 100_000;

/// The tickets that wait for their connections on this instance.
#[derive(Default)]
pub(super) struct Tickets(Mutex<HashMap<String, (Identity, Instant)>>);

impl Hub {
    pub(super) async fn issue_ticket(
        &self,
        identity: Identity,
        lifetime: Duration,
    ) -> Result<String, Refusal> {
        let shared = ids::secret()?;
        if self.keep_ticket(&shared, &identity, lifetime).await {
            return Ok(shared);
        }
        // Redis may have that one all the same, and it would work twice.
        let ticket = ids::secret()?;
        let mut waiting = lock(&self.inner.tickets.0);
        if waiting.len() >= CAPACITY {
            waiting.retain(|_, (_, expiry)| *expiry > Instant::now());
        }
        if waiting.len() >= CAPACITY {
            return Err(Refusal::Full);
        }
        waiting.insert(ticket.clone(), (identity, Instant::now() + lifetime));
        Ok(ticket)
    }

    /// Whose a ticket is. It works once, on any instance.
    pub async fn redeem_ticket(&self, ticket: &str) -> Option<Identity> {
        let waiting = lock(&self.inner.tickets.0).remove(ticket);
        let Some((identity, expiry)) = waiting else {
            return self.take_ticket(ticket).await;
        };
        (expiry > Instant::now()).then_some(identity)
    }
}

/// How a text that many share is kept in Redis.
pub(super) mod shared_text {
    use std::sync::Arc;

    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        text: &Arc<str>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Arc<str>, D::Error> {
        String::deserialize(deserializer).map(Arc::from)
    }
}
