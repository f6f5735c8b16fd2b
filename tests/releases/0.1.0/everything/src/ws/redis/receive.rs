//! What arrives from other instances.

use redis::Value;

use serde_json::value::RawValue;

use super::super::bus::{Exclude, Target};
use super::super::frame::Close;
use super::super::hub::Hub;
use super::super::sync::lock;
use super::channel;
use super::envelope::{self, Envelope, Event};
use super::link::News;

/// Takes a channel and what was published on it; it is news if it is this instance's own probe.
pub(super) fn receive(hub: &Hub, data: &[Value]) -> Option<News> {
    let bus = hub.inner.bus.as_ref()?;
    let [Value::BulkString(channel), Value::BulkString(text)] = data else {
        return None;
    };
    let channel = String::from_utf8_lossy(channel);
    match (
        envelope::decode(text),
        channel::target(&bus.prefix, &channel),
    ) {
        // What arrives before the clients are told of the gap, they ask for with the rest of it.
        (Some(envelope), _) if envelope.seq.is_some() && !*lock(&bus.is_told) => {}
        (
            Some(Envelope {
                from,
                event: Event::Message(message),
                seq: Some(seq),
                ..
            }),
            Some(Target::Room(room)),
        ) => {
            hub.count(|stats| stats.bus_received += usize::from(from != bus.instance));
            hub.deliver_recorded(room, seq, message.payload.get(), message.exclude());
        }
        (Some(envelope), _) if envelope.from == bus.instance => {
            return matches!(envelope.event, Event::Probe).then_some(News::Echo);
        }
        (Some(envelope), Some(target)) => {
            hub.count(|stats| stats.bus_received += 1);
            obey(hub, &target, envelope.event);
        }
        _ => hub.count(|stats| stats.bus_malformed += 1),
    }
    None
}

fn obey(hub: &Hub, target: &Target<'_>, event: Event<'_, &RawValue>) {
    match (event, target) {
        (Event::Message(message), _) => {
            hub.deliver_message(target, message.payload, message.exclude());
        }
        (Event::Close { code, reason }, Target::Client(client_id)) => {
            hub.disconnect_here(client_id, &Close::new(code, reason.into_owned()));
        }
        (Event::Join { room }, Target::Client(client_id)) => {
            hub.join_here(client_id, &room);
        }
        (Event::Leave { room }, Target::Client(client_id)) => {
            hub.leave_here(client_id, &room);
        }
        _ => {}
    }
}
