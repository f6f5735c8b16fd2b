//! Who is where, on all instances together.

use redis::{Cmd, FromRedisValue};

use std::time::Duration;

use tokio::time;

use super::super::bus::Target;
use super::super::hub::Hub;
use super::super::sync::lock;
use super::presence::Presence;
use super::store::command;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// What all instances know together. The answer is `None` while Redis is down or does not answer
/// within a second: then there is only what this instance knows, as by [`Hub::room_members`]. That
/// is the answer too where `WS_REDIS_URL` is not set. The clients of an instance that was killed
/// count for up to 20 seconds.
impl Hub {
    /// The clients in a room, sorted; of more than `limit` some.
    pub async fn room_members_everywhere(&self, room: &str, limit: usize) -> Option<Vec<String>> {
        let Some(bus) = &self.inner.bus else {
            return Some(self.room_members(room, limit));
        };
        let key = bus.presence.key(&Target::Room(room));
        let mut command = command("HRANDFIELD", &key);
        command.arg(limit);
        let mut members: Vec<String> = ask(&bus.presence, &key, command).await?;
        members.sort_unstable();
        Some(members)
    }

    /// How many clients are in a room.
    pub async fn room_size_everywhere(&self, room: &str) -> Option<usize> {
        let Some(bus) = &self.inner.bus else {
            return Some(self.room_size(room));
        };
        let key = bus.presence.key(&Target::Room(room));
        ask(&bus.presence, &key, command("HLEN", &key)).await
    }

    /// Whether a client has a connection.
    pub async fn is_connected_everywhere(&self, client_id: &str) -> Option<bool> {
        let Some(bus) = &self.inner.bus else {
            return Some(self.is_connected(client_id));
        };
        let key = bus.presence.key(&Target::Client(client_id));
        ask(&bus.presence, &key, command("EXISTS", &key)).await
    }

    /// How many connections there are, as each instance counted them within the last 5 seconds.
    pub async fn connection_count_everywhere(&self) -> Option<usize> {
        let Some(bus) = &self.inner.bus else {
            return Some(self.connection_count());
        };
        let key = bus.presence.instances();
        let beats: Vec<String> = ask(&bus.presence, &key, command("HVALS", &key)).await?;
        let counts = beats
            .iter()
            .filter_map(|beat| beat.split_once(' ')?.1.parse::<usize>().ok());
        Some(counts.sum())
    }
}

async fn ask<T: FromRedisValue>(presence: &Presence, key: &str, command: Cmd) -> Option<T> {
    let store = lock(&presence.store).clone()?;
    let answer = time::timeout(PATIENCE, store.link.ask(key, command)).await;
    answer.ok()?.ok()
}
