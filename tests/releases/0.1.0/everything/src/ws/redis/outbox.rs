//! What waits to be published: bounded, and nothing at all while there is no link.

use std::collections::VecDeque;
use std::mem;
use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time;

use super::super::sync::lock;
use super::{envelope, script, stream};

/// The most that waits; one more is dropped.
const MAX_MESSAGES: usize = 65_536;

/// The bytes that these may have together.
const MAX_BYTES: usize = 4 * envelope::MAX_BYTES;

/// What waits: an envelope for a channel, or a script and what it gets.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) kind: Kind,
    /// The channel, or the key that the script is about.
    pub(super) key: String,
    pub(super) args: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An envelope that is published.
    Publish,
    /// An envelope that is published with its place in the history of a room.
    Record,
    /// What became of a room of a connection; no other instance hears of it.
    NoteRoom,
}

impl Kind {
    pub(super) fn script(self) -> Option<&'static str> {
        match self {
            Self::Publish => None,
            Self::Record => Some(stream::RECORD),
            Self::NoteRoom => Some(script::NOTE_ROOM),
        }
    }
}

impl Outgoing {
    fn len(&self) -> usize {
        self.args.iter().map(String::len).sum()
    }
}

#[derive(Default)]
pub(super) struct Outbox {
    state: Mutex<State>,
    filled: Notify,
}

#[derive(Default)]
struct State {
    is_open: bool,
    queue: VecDeque<Outgoing>,
    bytes: usize,
    /// Something was taken and is not known to be out.
    is_busy: bool,
    /// How many messages were in that.
    in_flight: usize,
}

impl Outbox {
    /// Queues something; `false` if there is no link, or no place.
    pub(super) fn push(&self, outgoing: Outgoing) -> bool {
        let mut state = lock(&self.state);
        let bytes = state.bytes + outgoing.len();
        let is_full = state.queue.len() >= MAX_MESSAGES || bytes > MAX_BYTES;
        if !state.is_open || is_full || outgoing.len() > envelope::MAX_BYTES {
            return false;
        }
        state.bytes = bytes;
        state.queue.push_back(outgoing);
        self.filled.notify_one();
        true
    }

    /// All that waits, once there is something.
    pub(super) async fn take(&self) -> VecDeque<Outgoing> {
        loop {
            let queue = {
                let mut state = lock(&self.state);
                state.bytes = 0;
                state.is_busy = !state.queue.is_empty();
                state.in_flight = count_messages(&state.queue);
                mem::take(&mut state.queue)
            };
            if !queue.is_empty() {
                return queue;
            }
            self.filled.notified().await;
        }
    }

    /// What was taken last is out; says how many messages these were.
    pub(super) fn published(&self) -> usize {
        let mut state = lock(&self.state);
        state.is_busy = false;
        mem::take(&mut state.in_flight)
    }

    pub(super) fn is_open(&self) -> bool {
        lock(&self.state).is_open
    }

    pub(super) fn open(&self) {
        lock(&self.state).is_open = true;
    }

    /// Takes nothing any more; gives what still waited, and says how many messages were lost with
    /// it or on their way.
    pub(super) fn close(&self) -> (VecDeque<Outgoing>, usize) {
        let state = mem::take(&mut *lock(&self.state));
        let lost = count_messages(&state.queue) + state.in_flight;
        (state.queue, lost)
    }

    pub(super) async fn wait_until_empty(&self) {
        let is_busy = |state: &State| !state.queue.is_empty() || state.is_busy;
        while is_busy(&lock(&self.state)) {
            time::sleep(Duration::from_millis(5)).await;
        }
    }
}

fn count_messages(queue: &VecDeque<Outgoing>) -> usize {
    let is_message = |outgoing: &&Outgoing| outgoing.kind != Kind::NoteRoom;
    queue.iter().filter(is_message).count()
}
