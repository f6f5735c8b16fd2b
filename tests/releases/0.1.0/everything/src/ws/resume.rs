//! What a client gets back when it connects again: the rooms of the connection that it lost.
//!
//! Each connection has a token that nobody can guess, and Redis the names of its rooms under that:
//! while the connection lasts, and for `WS_RESUME_TTL` after it. The token works once, for the same
//! client, on any instance. A connection that the server has ended for good leaves nothing behind.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::hub::Hub;
use super::ids;
use super::redis;
use super::session::Session;

/// About a day: how long the rooms of a connection are kept that joins none more, and whose instance
/// died before it could say when the connection ended.
const UNATTENDED: Duration = Duration::from_secs(100_000);

/// By this a client gets its rooms back. It is a secret, so no log shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResumeToken(pub(super) String);

impl fmt::Debug for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResumeToken(..)")
    }
}

impl Hub {
    /// A token for a new connection; `None` where there is nothing that could keep its rooms.
    pub(super) fn issue_resume_token(&self) -> Option<ResumeToken> {
        let is_on = self.inner.bus.is_some() && !self.config().resume_ttl.is_zero();
        let token = is_on.then(ids::secret)?;
        token.ok().map(ResumeToken)
    }

    /// The rooms, sorted, of the connection that the client had with this token, which works once.
    /// `None` if it is no token of this client, its time is over, or Redis is down.
    pub async fn redeem_resume_token(
        &self,
        client_id: &str,
        token: &ResumeToken,
    ) -> Option<Vec<String>> {
        let rooms = self.take_rooms(client_id, token).await?;
        (!rooms.is_empty()).then_some(rooms)
    }

    pub(super) fn keep_room(&self, session: &Session, room: &str) {
        self.note(session, redis::ADD, room, UNATTENDED);
    }

    pub(super) fn forget_room(&self, session: &Session, room: &str) {
        self.note(session, redis::REMOVE, room, UNATTENDED);
    }

    /// Starts the time in which the client of a connection that has ended may come back.
    pub(super) fn expire_rooms(&self, session: &Session) {
        let close = session.transport().end();
        let is_final = close.is_some_and(|close| close.is_final());
        let lifetime = if is_final {
            Duration::ZERO
        } else {
            self.config().resume_ttl
        };
        self.note(session, redis::REMOVE, "", lifetime);
    }

    fn note(&self, session: &Session, command: &str, room: &str, lifetime: Duration) {
        if let Some(token) = session.resume_token() {
            self.note_room(session.client_id(), token, (command, room), lifetime);
        }
    }
}
