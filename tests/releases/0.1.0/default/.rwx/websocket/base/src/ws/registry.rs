//! Who is connected to this instance, and who is in which room.
//!
//! Rooms hold the connections themselves, so that a broadcast looks nothing up. Everything is
//! removed by connection, so the late end of an old connection leaves a newer one of the same
//! client alone. Lock order: the rooms of a session, then a shard; never two shards at once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::bus::Target;
use super::hub::Hub;
use super::session::{Rooms, Session};
use super::sync::{self, Shards};

/// Connections by client: those in a room, or all those of a shard.
#[derive(Default)]
pub(super) struct Group(HashMap<Arc<str>, Vec<Session>>);

impl Group {
    /// `true` if the client had no connection here before.
    fn insert(&mut self, session: &Session) -> bool {
        let client_id = Arc::clone(&session.identity().client_id);
        let sessions = self.0.entry(client_id).or_default();
        sessions.push(session.clone());
        sessions.len() == 1
    }

    /// `true` if it was the last connection of the client here.
    fn remove(&mut self, session: &Session) -> bool {
        let Some(sessions) = self.0.get_mut(session.client_id()) else {
            return false;
        };
        sessions.retain(|other| other.id() != session.id());
        let is_last = sessions.is_empty();
        if is_last {
            sync::remove(&mut self.0, session.client_id());
        }
        is_last
    }

    fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.0.values().flatten()
    }
}

#[derive(Default)]
pub(super) struct Registry {
    clients: Shards<Group>,
    rooms: Shards<HashMap<Arc<str>, Group>>,
}

impl Registry {
    pub(super) fn insert(&self, session: &Session) {
        self.clients.write(session.client_id()).insert(session);
    }

    /// Forgets a connection; says which rooms its client is no longer in. `None` if it was
    /// forgotten before.
    pub(super) fn remove(&self, session: &Session) -> Option<Vec<String>> {
        let rooms = session.rooms().take()?;
        self.clients.write(session.client_id()).remove(session);
        let left = rooms
            .iter()
            .filter(|room| self.remove_from_room(session, room));
        Some(left.map(ToString::to_string).collect())
    }

    pub(super) fn everyone(&self) -> Vec<Session> {
        let mut sessions = Vec::new();
        for shard in self.clients.iter() {
            sessions.extend(shard.sessions().cloned());
        }
        sessions
    }

    pub(super) fn in_room(&self, room: &str) -> Vec<Session> {
        let shard = self.rooms.read(room);
        let sessions = shard
            .get(room)
            .map(|group| group.sessions().cloned().collect());
        sessions.unwrap_or_default()
    }

    pub(super) fn client_count(&self) -> usize {
        self.clients.iter().map(|shard| shard.0.len()).sum()
    }

    pub(super) fn room_count(&self) -> usize {
        self.rooms.iter().map(|shard| shard.len()).sum()
    }

    /// Names everyone who is connected, and everyone in each room.
    pub(super) fn for_each_member(&self, mut name: impl FnMut(&Target<'_>, &str)) {
        for shard in self.clients.iter() {
            let clients = shard.0.keys();
            clients.for_each(|client| name(&Target::Client(client), client));
        }
        for shard in self.rooms.iter() {
            for (room, group) in shard.iter() {
                let clients = group.0.keys();
                clients.for_each(|client| name(&Target::Room(room), client));
            }
        }
    }

    /// Puts a session into a room, which is added to its `names`; `true` if none of its client was
    /// in it.
    pub(super) fn insert_into_room(
        &self,
        session: &Session,
        room: &str,
        names: &mut Rooms,
    ) -> bool {
        let mut shard = self.rooms.write(room);
        let known = shard.get_key_value(room).map(|(name, _)| Arc::clone(name));
        let name = known.unwrap_or_else(|| Arc::from(room));
        names.insert(Arc::clone(&name));
        shard.entry(name).or_default().insert(session)
    }

    /// `true` if none of its client is left in the room.
    pub(super) fn remove_from_room(&self, session: &Session, room: &str) -> bool {
        let mut shard = self.rooms.write(room);
        let Some(group) = shard.get_mut(room) else {
            return false;
        };
        let is_last = group.remove(session);
        if group.0.is_empty() {
            sync::remove(&mut shard, room);
        }
        is_last
    }
}

impl Hub {
    /// The connections of a client, to put them into a room or to send to one of them.
    pub fn sessions(&self, client_id: &str) -> Vec<Session> {
        let shard = self.inner.registry.clients.read(client_id);
        shard.0.get(client_id).cloned().unwrap_or_default()
    }

    /// The clients in a room, sorted; of more than `limit` some.
    pub fn room_members(&self, room: &str, limit: usize) -> Vec<String> {
        let shard = self.inner.registry.rooms.read(room);
        let clients = shard.get(room).into_iter().flat_map(|group| group.0.keys());
        let mut members: Vec<_> = clients.take(limit).map(ToString::to_string).collect();
        members.sort_unstable();
        members
    }

    /// Whether a client is in a room.
    pub fn is_member(&self, room: &str, client_id: &str) -> bool {
        let shard = self.inner.registry.rooms.read(room);
        shard
            .get(room)
            .is_some_and(|group| group.0.contains_key(client_id))
    }

    /// How many clients are in a room.
    pub fn room_size(&self, room: &str) -> usize {
        let shard = self.inner.registry.rooms.read(room);
        shard.get(room).map_or(0, |group| group.0.len())
    }

    /// The rooms that any connection of a client is in, sorted.
    pub fn client_rooms(&self, client_id: &str) -> Vec<String> {
        let mut rooms = BTreeSet::new();
        for session in self.sessions(client_id) {
            rooms.extend(session.rooms().iter().flatten().map(ToString::to_string));
        }
        rooms.into_iter().collect()
    }

    /// How many connections there are.
    pub fn connection_count(&self) -> usize {
        let shards = self.inner.registry.clients.iter();
        shards.map(|shard| shard.sessions().count()).sum()
    }

    /// Whether a client has a connection.
    pub fn is_connected(&self, client_id: &str) -> bool {
        !self.sessions(client_id).is_empty()
    }

    /// Whether there is anyone here that a message to `target` is for.
    pub(super) fn has_any(&self, target: &Target<'_>) -> bool {
        match target {
            Target::Everyone => self.connection_count() > 0,
            Target::Room(room) => self.room_size(room) > 0,
            Target::Client(client_id) => self.is_connected(client_id),
        }
    }
}
