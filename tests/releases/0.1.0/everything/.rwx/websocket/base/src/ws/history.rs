//! The history of rooms: a message to a room gets its place there before anyone receives it, so
//! that every client has the messages in the same order, and one that was away can ask for what
//! came after the last that it saw.
//!
//! A message has its place as `"history": {"room": "lobby", "seq": "1767225600000-0"}`. Without
//! Redis, messages have no place: they reach the clients of this instance only.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::mem;

use serde::{Deserialize, Serialize};

use super::frame::{Close, Frame};
use super::hub::Hub;
use super::session::Session;
use super::sync;
use super::transport::Sent;
use super::turn;

/// The most messages that are held back for one connection and room; one more closes (4008).
const MAX_HELD: usize = 10_000;

/// So many messages of those held back are sent before the client has to have taken them.
const RELEASED_AT_ONCE: usize = 8;

/// The place of a message in its room, in the order of time; as text the id in the Redis stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Seq(u64, u64);

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0, self.1)
    }
}

impl From<Seq> for String {
    fn from(seq: Seq) -> Self {
        seq.to_string()
    }
}

impl TryFrom<String> for Seq {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let parts = text.split_once('-');
        let seq = parts.and_then(|(ms, n)| Some(Self(ms.parse().ok()?, n.parse().ok()?)));
        seq.ok_or("a place in the history is as `1767225600000-0`")
    }
}

/// What a client that joins a room is told about its history; then come the messages it missed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Recalled {
    /// The place after which the client gets everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
    /// It is not the place that the client asked for: messages between both may be missing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub gap: bool,
}

/// How far a connection is in the history of a room that it has joined.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Its request is not answered yet, or not all is sent that waited for the answer: what comes
    /// waits.
    is_held: bool,
    /// The last place that it gets by its request. Redis may tell of the message there once more.
    last: Option<Seq>,
    queue: VecDeque<(Seq, Frame)>,
}

/// The rooms in which nothing has come live since they were joined. An entry goes with the first
/// message that does, when the room is left, or with the connection.
pub(super) type Held = HashMap<String, Progress>;

impl Hub {
    /// Holds back the messages to a room for one connection, until its request is answered. Call
    /// this before it joins, and [`Hub::recall`] after.
    pub fn hold(&self, session: &Session, room: &str) {
        let mut held = session.held();
        held.entry(room.to_owned()).or_default().is_held = true;
    }

    /// Gets what a room has kept since a place that the client has seen; it goes out after the
    /// answer to the request, before what comes live.
    pub async fn recall(&self, session: &Session, room: &str, since: Option<Seq>) -> Recalled {
        let kept = self.read_history(session, room, since).await;
        let Some((seq, missed)) = kept else {
            let (seq, gap) = (None, since.is_some());
            return Recalled { seq, gap };
        };
        let last = missed.back().map_or(seq, |(last, _)| *last);
        let mut held = session.held();
        let progress = held.entry(room.to_owned()).or_default();
        progress.last = Some(last);
        let live = mem::replace(&mut progress.queue, missed);
        let newer = live.into_iter().filter(|(seq, _)| *seq > last);
        progress.queue.extend(newer);
        Recalled {
            seq: Some(seq),
            gap: since.is_some_and(|since| since != seq),
        }
    }
}

impl Session {
    /// Sends a message that may have a place in a room, unless it was sent before, or holds it back.
    pub(super) fn deliver(&self, frame: &Frame, place: Option<(&str, Seq)>) -> Sent {
        let mut held = self.held();
        if let Some((room, seq)) = place {
            match held.get_mut(room) {
                Some(progress) if progress.last >= Some(seq) => return Sent::Refused,
                Some(progress) if progress.is_held => return self.push(progress, seq, frame),
                Some(_) => sync::remove(&mut held, room),
                None => {}
            }
        }
        self.transport().send(frame)
    }

    fn push(&self, progress: &mut Progress, seq: Seq, frame: &Frame) -> Sent {
        if progress.queue.len() >= MAX_HELD {
            self.close(Close::SLOW_CONSUMER);
            return Sent::Refused;
        }
        progress.queue.push_back((seq, frame.clone()));
        Sent::Queued
    }

    /// Sends a part of what is held back; `true` if there may be more.
    pub(super) fn release(&self) -> bool {
        let mut held = self.held();
        let mut waiting = held.iter_mut().filter(|(_, progress)| progress.is_held);
        let Some((room, progress)) = waiting.next() else {
            return false;
        };
        let part = progress.queue.len().min(RELEASED_AT_ONCE);
        for (_, frame) in progress.queue.drain(..part) {
            if self.transport().send(&frame) == Sent::Due {
                turn::write_soon(vec![self.clone()]);
            }
        }
        if progress.queue.is_empty() {
            progress.is_held = false;
            progress.queue = VecDeque::new();
            if progress.last.is_none() {
                let room = room.clone();
                sync::remove(&mut held, &room);
            }
        }
        true
    }
}

/// A message with its place: `payload` is a JSON object, which gets one more field.
pub(super) fn frame(payload: &str, room: &str, seq: Seq) -> Frame {
    let place = serde_json::json!({"room": room, "seq": seq});
    let Some(fields) = payload.trim_end().strip_suffix('}') else {
        return Frame::text(payload.as_bytes().to_vec());
    };
    let is_empty = fields.trim_end().ends_with('{');
    let comma = if is_empty { "" } else { "," };
    Frame::text(format!("{fields}{comma}\"history\":{place}}}").into_bytes())
}
