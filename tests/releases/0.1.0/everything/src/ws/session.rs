//! One connection as the rest of the program sees it: who it is, and a way to send to it.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use serde::Serialize;

use super::auth::Identity;
use super::frame::{Close, Frame};
use super::history::Held;
use super::ids::ConnectionId;
use super::resume::ResumeToken;
use super::sync::lock;
use super::transport::{Sent, Transport};
use super::turn;

/// A handle to one connection. Clones are cheap, may be kept anywhere, and do not keep the
/// connection open.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    id: ConnectionId,
    identity: Identity,
    transport: Mutex<Transport>,
    rooms: Mutex<Option<Rooms>>,
    resume_token: Option<ResumeToken>,
    held: Mutex<Held>,
}

pub(super) type Rooms = HashSet<Arc<str>>;

impl Session {
    pub(super) fn new(
        id: ConnectionId,
        identity: Identity,
        transport: Transport,
        resume_token: Option<ResumeToken>,
    ) -> Self {
        Self(Arc::new(Inner {
            id,
            identity,
            transport: Mutex::new(transport),
            rooms: Mutex::new(Some(Rooms::new())),
            resume_token,
            held: Mutex::default(),
        }))
    }

    /// The name of this connection.
    pub fn id(&self) -> ConnectionId {
        self.0.id
    }

    /// Whose connection it is. A client may have several.
    pub fn client_id(&self) -> &str {
        &self.0.identity.client_id
    }

    /// What `authenticate` found out about the client.
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// Sends a message to this connection only; `false` if it is closed.
    pub fn send<M: Serialize + ?Sized>(&self, message: &M) -> bool {
        let Some(frame) = Frame::encode(message) else {
            return false;
        };
        let sent = self.transport().send(&frame);
        if sent == Sent::Due {
            turn::write_soon(vec![self.clone()]);
        }
        sent != Sent::Refused
    }

    /// Ends this connection, after what was sent before. It is gone from its rooms when its task
    /// has seen it.
    pub fn close(&self, close: Close) {
        self.transport().close(close);
    }

    /// Whether this connection is in a room.
    pub fn is_in(&self, room: &str) -> bool {
        self.rooms()
            .as_ref()
            .is_some_and(|rooms| rooms.contains(room))
    }

    /// What the client gets its rooms back by, on its next connection.
    pub fn resume_token(&self) -> Option<&ResumeToken> {
        self.0.resume_token.as_ref()
    }

    /// How far it is in its rooms, locked: no message passes to this connection meanwhile.
    pub(super) fn held(&self) -> MutexGuard<'_, Held> {
        lock(&self.0.held)
    }

    pub(super) fn transport(&self) -> MutexGuard<'_, Transport> {
        lock(&self.0.transport)
    }

    /// The rooms, locked; `None` once the connection has left the registry, after which it joins
    /// nothing.
    pub(super) fn rooms(&self) -> MutexGuard<'_, Option<Rooms>> {
        lock(&self.0.rooms)
    }
}

/// Shows whose connection it is, and nothing of what is sent on it.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Session");
        shown.field("client_id", &self.client_id());
        shown.field("id", &self.id()).finish_non_exhaustive()
    }
}
