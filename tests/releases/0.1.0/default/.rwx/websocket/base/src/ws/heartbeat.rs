//! Whether a client is still there: a ping now and then, and how long it has been silent.

use std::future::Future;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::{self, Instant, Sleep};

use super::config::WsConfig;
use super::ids::ConnectionId;

#[derive(Debug)]
pub(super) struct Heartbeat {
    interval: Duration,
    patience: Duration,
    next_ping: Instant,
    last_seen: Instant,
    timer: Pin<Box<Sleep>>,
}

impl Heartbeat {
    /// The first ping comes at a different time in each connection, so that clients that came
    /// together, after a restart, are not pinged together.
    pub(super) fn new(config: &WsConfig, id: ConnectionId) -> Self {
        let now = Instant::now();
        let next_ping = now + config.heartbeat_interval.mul_f64(id.jitter());
        Self {
            interval: config.heartbeat_interval,
            patience: config.heartbeat_interval + config.heartbeat_timeout,
            next_ping,
            last_seen: now,
            timer: Box::pin(time::sleep_until(next_ping)),
        }
    }

    pub(super) fn seen(&mut self) {
        self.last_seen = Instant::now();
    }

    pub(super) fn is_overdue(&self) -> bool {
        self.last_seen.elapsed() >= self.patience
    }

    /// Whether it is time for a ping; the next one is due an interval later.
    pub(super) fn ping_is_due(&mut self) -> bool {
        let now = Instant::now();
        let is_due = now >= self.next_ping;
        if is_due {
            self.next_ping = now + self.interval;
        }
        is_due
    }

    /// Has the task woken for the next ping, at the end of patience, or at `earlier`; `true` if
    /// that time is now.
    pub(super) fn poll_timer(&mut self, earlier: Option<Instant>, cx: &mut Context<'_>) -> bool {
        let end_of_patience = self.last_seen + self.patience;
        let mut deadline = self.next_ping.min(earlier.unwrap_or(self.next_ping));
        if end_of_patience > Instant::now() {
            deadline = deadline.min(end_of_patience);
        }
        // A timer that rings too early only costs one look at the clock; setting it anew for each
        // frame costs more.
        if self.timer.is_elapsed() || deadline < self.timer.deadline() {
            self.timer.as_mut().reset(deadline);
        }
        self.timer.as_mut().poll(cx).is_ready()
    }
}
