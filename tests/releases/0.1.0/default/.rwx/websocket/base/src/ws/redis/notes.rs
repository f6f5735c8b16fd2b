//! What may have changed: channels that may be wanted now or not any more, clients that may have
//! come or gone. Which of both is looked up when their turn comes: a note is no more than a reason
//! to look.

use std::collections::HashSet;
use std::hash::Hash;
use std::mem;
use std::sync::Mutex;

use tokio::sync::Notify;

use super::super::sync::lock;

#[derive(Default)]
pub(super) struct Notes<T> {
    state: Mutex<State<T>>,
    noted: Notify,
    /// How many of the notes have had their turn.
    settled: tokio::sync::watch::Sender<u64>,
}

#[derive(Default)]
struct State<T> {
    /// Whether there is a link; without one a note would only take up memory.
    is_open: bool,
    noted: HashSet<T>,
    count: u64,
}

impl<T: Eq + Hash> Notes<T> {
    pub(super) fn open(&self) {
        lock(&self.state).is_open = true;
    }

    /// Takes no notes any more; gives those that will have no turn.
    pub(super) fn close(&self) -> HashSet<T> {
        let mut state = lock(&self.state);
        state.is_open = false;
        self.settle(state.count);
        mem::take(&mut state.noted)
    }

    /// `false` if no notes are taken.
    pub(super) fn note(&self, subject: T) -> bool {
        let mut state = lock(&self.state);
        if state.is_open {
            state.noted.insert(subject);
            state.count += 1;
            self.noted.notify_one();
        }
        state.is_open
    }

    /// What was noted, which may be nothing, and the number of the last note.
    pub(super) fn take(&self) -> (HashSet<T>, u64) {
        let mut state = lock(&self.state);
        (mem::take(&mut state.noted), state.count)
    }

    /// Waits for the next note.
    pub(super) async fn noted(&self) {
        self.noted.notified().await;
    }

    /// All notes up to this one have had their turn.
    pub(super) fn settle(&self, count: u64) {
        self.settled.send_replace(count);
    }

    /// Waits until all that is noted by now has had its turn.
    pub(super) async fn settled(&self) {
        let count = lock(&self.state).count;
        let mut settled = self.settled.subscribe();
        // The sender is a part of `self`, so it is there as long as this waits.
        let _ = settled.wait_for(|settled| *settled >= count).await;
    }
}
