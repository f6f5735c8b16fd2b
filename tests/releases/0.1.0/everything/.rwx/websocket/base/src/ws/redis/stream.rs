//! The history of a room: a Redis stream, whose key is the name of the room's channel, so that a
//! cluster has both on one node.

use redis::Value;

use std::collections::VecDeque;

use serde::Serialize;

use super::super::bus::{Exclude, Target};
use super::super::frame::Frame;
use super::super::history::{self, Seq};
use super::super::hub::Hub;
use super::super::session::Session;
use super::channel;
use super::envelope::{self, Event, Message};
use super::outbox::{Kind, Outgoing};
use super::script::{array, text};

/// How long a room is kept in which nothing is said, in milliseconds.
const IDLE: &str = "3600000";

/// Appends an envelope to a stream and publishes it with its place, in one step: so the channel has
/// the order of the stream. If it cannot be kept, it is published without a place.
pub(super) const RECORD: &str = r#"
local seq = redis.pcall('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'e', ARGV[1])
if type(seq) == 'table' then return redis.call(ARGV[4], KEYS[1], ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local placed = '{"seq":"' .. seq .. '",' .. string.sub(ARGV[1], 2)
return redis.call(ARGV[4], KEYS[1], placed)
"#;

/// The entries from a place on, if it is still known; otherwise only the last entry, which a stream
/// that has none gets.
const READ: &str = "
if ARGV[1] ~= '' then
    local kept = redis.call('XRANGE', KEYS[1], ARGV[1], '+')
    if kept[1] and kept[1][1] == ARGV[1] then return kept end
end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
if last[1] then return last end
local first = redis.call('XADD', KEYS[1], '*', 'e', '')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { { first, {} } }";

impl Hub {
    /// Sends a message to a room by way of its history; says how many receivers it has here. `None`
    /// if there is no history now.
    pub(in super::super) fn record<M>(
        &self,
        room: &str,
        message: &M,
        exclude: Exclude<'_>,
    ) -> Option<usize>
    where
        M: Serialize + ?Sized,
    {
        let keeps_history = self.config().history > 0;
        let bus = self.inner.bus.as_ref().filter(|_| keeps_history)?;
        let event = Event::Message(Message::new(message, exclude));
        let envelope = envelope::encode(&bus.instance, event)?;
        let key = channel::name(&bus.prefix, &Target::Room(room));
        let args = vec![envelope, self.config().history.to_string(), IDLE.to_owned()];
        let kind = Kind::Record;
        let is_taken = bus.outbox.push(Outgoing { kind, key, args });
        is_taken.then(|| self.count_receivers(room, exclude))
    }

    /// Sends what did not get to Redis to its receivers here, without a place.
    pub(super) fn deliver_unrecorded(&self, unsent: &VecDeque<Outgoing>) {
        let prefix = self.inner.bus.as_ref().map_or("", |bus| &bus.prefix);
        for outgoing in unsent.iter().filter(|unsent| unsent.kind == Kind::Record) {
            let text = outgoing.args.first();
            let envelope = text.and_then(|text| envelope::decode(text.as_bytes()));
            let event = envelope.map(|envelope| envelope.event);
            let target = channel::target(prefix, &outgoing.key);
            if let (Some(Event::Message(message)), Some(target)) = (event, target) {
                self.deliver_message(&target, message.payload, message.exclude());
            }
        }
    }

    /// The place from which on a room's history is known, which is `since` if it can be, and the
    /// messages after that for this connection. `None` if there is no history now.
    pub(in super::super) async fn read_history(
        &self,
        session: &Session,
        room: &str,
        since: Option<Seq>,
    ) -> Option<(Seq, VecDeque<(Seq, Frame)>)> {
        let keeps_history = self.config().history > 0;
        let bus = self.inner.bus.as_ref().filter(|_| keeps_history)?;
        let key = channel::name(&bus.prefix, &Target::Room(room));
        let since = since.map(String::from).unwrap_or_default();
        let answer = bus.ask(READ, &key, &[since, IDLE.to_owned()]).await?;
        let (first, rest) = array(&answer).split_first()?;
        let missed = rest.iter().filter_map(|entry| {
            let (seq, envelope) = read_entry(entry)?;
            let envelope = envelope::decode(envelope.as_bytes())?;
            let Event::Message(message) = envelope.event else {
                return None;
            };
            let frame = history::frame(message.payload.get(), room, seq);
            (!message.exclude().matches(session)).then_some((seq, frame))
        });
        Some((read_entry(first)?.0, missed.collect()))
    }
}

/// The place and the envelope of an entry; the first of a stream has none.
fn read_entry(entry: &Value) -> Option<(Seq, String)> {
    let [seq, fields] = array(entry) else {
        return None;
    };
    let seq = Seq::try_from(text(seq)?).ok()?;
    let envelope = array(fields).get(1).and_then(text);
    Some((seq, envelope.unwrap_or_default()))
}
