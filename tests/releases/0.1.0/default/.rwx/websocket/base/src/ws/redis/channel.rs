//! The names of channels.

use super::super::bus::Target;

const ALL: &str = "all";
const ROOM: &str = "room:";
const CLIENT: &str = "client:";

/// The channel of what is sent to `target`.
pub(super) fn name(prefix: &str, target: &Target<'_>) -> String {
    let (kind, name) = match *target {
        Target::Everyone => (ALL, ""),
        Target::Room(room) => (ROOM, room),
        Target::Client(client_id) => (CLIENT, client_id),
    };
    format!("{prefix}:{kind}{name}")
}

/// Whom a channel is for; `None` if it is none of [`name`].
pub(super) fn target<'a>(prefix: &str, channel: &'a str) -> Option<Target<'a>> {
    let name = channel.strip_prefix(prefix)?.strip_prefix(':')?;
    let room = name.strip_prefix(ROOM).map(Target::Room);
    let client = || name.strip_prefix(CLIENT).map(Target::Client);
    let all = || (name == ALL).then_some(Target::Everyone);
    room.or_else(client).or_else(all)
}

/// The channel on which an instance hears its own probes of a node.
pub(super) fn probe(prefix: &str, instance: &str, number: usize) -> String {
    format!("{prefix}:instance:{instance}:{number}")
}
