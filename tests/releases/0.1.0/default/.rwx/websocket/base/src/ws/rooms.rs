//! Who comes into a room, and who goes from it.

use super::bus::Target;
use super::handler;
use super::hub::Hub;
use super::messages::MessageError;
use super::redis::Event;
use super::session::Session;

/// The longest name of a room, in bytes.
const MAX_ROOM_NAME: usize = 255;

impl Hub {
    /// Puts a connection into a room; `true` if none of its client's connections was in it before.
    ///
    /// This asks nobody: `authorize_join` is for what a client asks for.
    /// What other instances send to the room arrives once [`Hub::subscribed`] has returned.
    ///
    /// # Errors
    /// The name is not one, the connection is in too many rooms, or it has ended.
    pub fn join_room(&self, session: &Session, room: &str) -> Result<bool, MessageError> {
        if room.is_empty() || room.len() > MAX_ROOM_NAME || room.contains(char::is_control) {
            let rule = "a room name has 1 to 255 bytes and no control characters";
            return Err(MessageError::new("invalid_room", rule));
        }
        let mut rooms = session.rooms();
        let Some(names) = rooms.as_mut() else {
            return Err(MessageError::new(
                "disconnected",
                "the connection has ended",
            ));
        };
        if names.contains(room) {
            return Ok(false);
        }
        if names.len() >= self.config().max_rooms {
            return Err(MessageError::new("too_many_rooms", "leave a room first"));
        }
        let is_new = self.inner.registry.insert_into_room(session, room, names);
        self.keep_room(session, room);
        drop(rooms);
        self.changed(&Target::Room(room));
        if is_new {
            self.member_changed(room, session.client_id());
        }
        Ok(is_new)
    }

    /// Takes a connection out of a room; `true` if none of its client's connections is left in it.
    pub fn leave_room(&self, session: &Session, room: &str) -> bool {
        let mut rooms = session.rooms();
        let was_in = rooms.as_mut().is_some_and(|names| names.remove(room));
        let is_last = was_in && self.inner.registry.remove_from_room(session, room);
        self.forget_room(session, room);
        drop(rooms);
        self.changed(&Target::Room(room));
        if is_last {
            self.member_changed(room, session.client_id());
        }
        is_last
    }

    /// Tells a room that a client has come or gone, at once or when it is clear that it is not there
    /// from another instance.
    pub(super) fn member_changed(&self, room: &str, client_id: &str) {
        if self.note_member(room, client_id) {
            return;
        }
        self.tell_room(room, client_id);
    }

    /// Tells a room what is known here of a client: it is there, or is not.
    pub(super) fn tell_room(&self, room: &str, client_id: &str) {
        if self.is_member(room, client_id) {
            handler::on_join(self, room, client_id);
        } else {
            handler::on_leave(self, room, client_id);
        }
    }

    /// Puts all connections of a client into a room, on every instance; says how many are in it
    /// here.
    pub fn join_room_everywhere(&self, client_id: &str, room: &str) -> usize {
        let event = Event::Join { room: room.into() };
        self.relay::<()>(&Target::Client(client_id), event);
        self.join_here(client_id, room)
    }

    pub(super) fn join_here(&self, client_id: &str, room: &str) -> usize {
        let join = |session: &Session| match self.join_room(session, room) {
            Ok(_) => true,
            Err(error) => {
                tracing::warn!(client_id, room, %error, "a client could not be put into a room");
                false
            }
        };
        self.sessions(client_id)
            .iter()
            .filter(|session| join(session))
            .count()
    }

    /// Takes all connections of a client out of a room, on every instance; says how many left it
    /// here. While `bus_up` in [`Hub::stats`] is 0, those of other instances stay: nobody tells them
    /// later.
    pub fn leave_room_everywhere(&self, client_id: &str, room: &str) -> usize {
        let event = Event::Leave { room: room.into() };
        self.relay::<()>(&Target::Client(client_id), event);
        self.leave_here(client_id, room)
    }

    pub(super) fn leave_here(&self, client_id: &str, room: &str) -> usize {
        let sessions = self.sessions(client_id);
        let mut count = 0;
        for session in sessions.iter().filter(|session| session.is_in(room)) {
            self.leave_room(session, room);
            count += 1;
        }
        count
    }
}
