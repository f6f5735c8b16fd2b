//! What every message from the hub passes, on its way to the receivers
//! on this instance and on the others.

use serde::Serialize;

use super::frame::Frame;
use super::hub::Hub;
use super::ids::ConnectionId;
use super::session::Session;
use super::transport::Sent;
use super::turn;

/// Who does not receive a message that would reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclude<'a> {
    /// Leaves nobody out.
    Nobody,
    /// Leaves out every connection of one client.
    Client(&'a str),
    /// Leaves out one connection; others of the same client receive the message.
    Connection(ConnectionId),
}

impl Exclude<'_> {
    pub(super) fn matches(self, session: &Session) -> bool {
        match self {
            Self::Nobody => false,
            Self::Client(client_id) => session.client_id() == client_id,
            Self::Connection(id) => session.id() == id,
        }
    }
}

/// Whom a message is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target<'a> {
    Everyone,
    Room(&'a str),
    Client(&'a str),
}

/// What is sent reaches its receivers on every instance. A count is that of this instance: how many
/// there are on the others is known to them only.
impl Hub {
    /// Sends a message to all connections of a client; says how many took it.
    pub fn send_personal<M: Serialize + ?Sized>(&self, client_id: &str, message: &M) -> usize {
        self.publish(&Target::Client(client_id), message, Exclude::Nobody)
    }

    /// Sends a message to everyone who is not excluded; says how many connections took it.
    pub fn broadcast<M: Serialize + ?Sized>(&self, message: &M, exclude: Exclude<'_>) -> usize {
        self.publish(&Target::Everyone, message, exclude)
    }

    /// Sends a message to everyone in a room who is not excluded; says how many took it.
    pub fn broadcast_to_room<M>(&self, room: &str, message: &M, exclude: Exclude<'_>) -> usize
    where
        M: Serialize + ?Sized,
    {
        self.publish(&Target::Room(room), message, exclude)
    }

    fn publish<M>(&self, target: &Target<'_>, message: &M, exclude: Exclude<'_>) -> usize
    where
        M: Serialize + ?Sized,
    {
        let count = self.deliver_message(target, message, exclude);
        self.relay_message(target, message, exclude);
        count
    }

    /// Sends a message to its receivers on this instance.
    pub(super) fn deliver_message<M>(
        &self,
        target: &Target<'_>,
        message: &M,
        exclude: Exclude<'_>,
    ) -> usize
    where
        M: Serialize + ?Sized,
    {
        let Some(frame) = Frame::encode(message) else {
            return 0;
        };
        let count = self.deliver(target, &frame, exclude);
        self.count(|stats| stats.delivered += count);
        count
    }

    fn deliver(&self, target: &Target<'_>, frame: &Frame, exclude: Exclude<'_>) -> usize {
        let mut receivers = match target {
            Target::Everyone => self.inner.registry.everyone(),
            Target::Room(room) => self.inner.registry.in_room(room),
            Target::Client(client_id) => self.sessions(client_id),
        };
        let mut count = 0;
        receivers.retain(|session| {
            if exclude.matches(session) {
                return false;
            }
            let sent = session.transport().send(frame);
            count += usize::from(sent != Sent::Refused);
            sent == Sent::Due
        });
        turn::write_soon(receivers);
        count
    }
}
