//! Scripts that Redis runs: each on one key, so that a cluster knows which node has it.
//!
//! The link goes on where Redis has no memory left: only what was to be kept is not.

use redis::Value;

use std::time::Duration;

use super::super::auth::Identity;
use super::super::hub::Hub;
use super::super::redis::Bus;
use super::super::resume::ResumeToken;
use super::super::sync::lock;
use super::link;
use super::outbox::{Kind, Outgoing};

/// Adds a room to a set, or removes it, by the command; then the set has so many milliseconds.
pub(super) const NOTE_ROOM: &str = "redis.pcall(ARGV[1], KEYS[1], ARGV[2]) \
    redis.pcall('PEXPIRE', KEYS[1], ARGV[3]) return 0";

/// The commands of [`NOTE_ROOM`].
pub(in super::super) const ADD: &str = "SADD";
pub(in super::super) const REMOVE: &str = "SREM";

/// What is in a set, which is gone then.
const TAKE_ROOMS: &str = "local rooms = redis.call('SMEMBERS', KEYS[1]) \
    redis.call('DEL', KEYS[1]) return rooms";

/// Keeps the identity of a ticket for so many milliseconds.
const KEEP_TICKET: &str = "return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])";

/// The identity of a ticket, which is gone then.
const TAKE_TICKET: &str = "local identity = redis.call('GET', KEYS[1]) \
    redis.call('DEL', KEYS[1]) return identity";

/// The length of a token or a ticket. A token of another could make a key that is another client's.
const TOKEN_LEN: usize = 32;

impl Bus {
    /// Has Redis run a script; `None` if it does not.
    pub(super) async fn ask(&self, script: &str, key: &str, args: &[String]) -> Option<Value> {
        let link = lock(&self.link).clone()?;
        let answer = link.ask(key, link::eval(script, key, args)).await;
        let answer = answer.map_err(|error| tracing::warn!(%error, "Redis ran no script"));
        answer.ok()
    }

    fn rooms_key(&self, client_id: &str, token: &ResumeToken) -> String {
        format!("{}:resume:{}:{client_id}", self.prefix, token.0)
    }

    fn ticket_key(&self, ticket: &str) -> String {
        format!("{}:ticket:{ticket}", self.prefix)
    }
}

impl Hub {
    /// Notes what became of a room of the connection that has this token.
    pub(in super::super) fn note_room(
        &self,
        client_id: &str,
        token: &ResumeToken,
        (command, room): (&str, &str),
        lifetime: Duration,
    ) {
        if let Some(bus) = &self.inner.bus {
            let lifetime = lifetime.as_millis().to_string();
            let args = vec![command.to_owned(), room.to_owned(), lifetime];
            let key = bus.rooms_key(client_id, token);
            // What is not noted, the client asks for again, as it did the first time.
            let kind = Kind::NoteRoom;
            bus.outbox.push(Outgoing { kind, key, args });
        }
    }

    /// The rooms that are noted under a token, sorted; nothing is noted any more then.
    pub(in super::super) async fn take_rooms(
        &self,
        client_id: &str,
        token: &ResumeToken,
    ) -> Option<Vec<String>> {
        let bus = self.inner.bus.as_ref();
        let bus = bus.filter(|_| token.0.len() == TOKEN_LEN)?;
        let key = bus.rooms_key(client_id, token);
        let answer = bus.ask(TAKE_ROOMS, &key, &[]).await?;
        let mut rooms: Vec<String> = array(&answer).iter().filter_map(text).collect();
        rooms.sort_unstable();
        Some(rooms)
    }

    /// Keeps a ticket in Redis; `false` where that is not certain.
    pub(in super::super) async fn keep_ticket(
        &self,
        ticket: &str,
        identity: &Identity,
        lifetime: Duration,
    ) -> bool {
        let identity = serde_json::to_string(identity);
        let (Some(bus), Ok(identity)) = (&self.inner.bus, identity) else {
            return false;
        };
        let args = [identity, lifetime.as_millis().to_string()];
        let answer = bus.ask(KEEP_TICKET, &bus.ticket_key(ticket), &args).await;
        answer.is_some()
    }

    /// Whose a ticket in Redis is; it is gone then.
    pub(in super::super) async fn take_ticket(&self, ticket: &str) -> Option<Identity> {
        let bus = self.inner.bus.as_ref();
        let bus = bus.filter(|_| ticket.len() == TOKEN_LEN)?;
        let answer = bus.ask(TAKE_TICKET, &bus.ticket_key(ticket), &[]).await?;
        serde_json::from_str(&text(&answer)?).ok()
    }
}

pub(super) fn array(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        _ => &[],
    }
}

pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::BulkString(bytes) => String::from_utf8(bytes.clone()).ok(),
        _ => None,
    }
}
