//! What this instance has done since its start, in numbers.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;

use axum::Router;

use std::fmt::Write;

use serde::Serialize;
use serde_json::json;

use super::frame::Close;
use super::hub::Hub;
use super::upgrade::ROUTE;

/// The numbers that go up and down; the others only grow.
const GAUGES: [&str; 6] = [
    "connections",
    "clients",
    "rooms",
    "bus_up",
    "bus_instances",
    "bus_lag_ms",
];

/// The numbers of one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Stats {
    /// Connections that there are.
    pub connections: usize,
    /// Different clients that there are.
    pub clients: usize,
    /// Rooms with somebody in them.
    pub rooms: usize,
    /// Connections made since the start.
    pub accepted: usize,
    /// Connections refused before the upgrade, and tickets.
    pub refused: usize,
    /// Messages of clients that were handled.
    pub received: usize,
    /// Messages that connections took from `broadcast`, `broadcast_to_room` and `send_personal`.
    pub delivered: usize,
    /// Connections closed because they read too slowly (4008).
    pub slow_consumers: usize,
    /// Connections closed because they were silent (4009).
    pub heartbeat_timeouts: usize,
    /// Connections closed because they sent too much (4029).
    pub rate_limited: usize,
    /// Connections that broke, took nothing, or ended without a close frame (1006).
    pub connections_lost: usize,
    /// Whether this instance is connected to the others: 1 or 0.
    pub bus_up: usize,
    /// Instances that are, this one among them; 0 while it is not connected.
    pub bus_instances: usize,
    /// How often that came back after a failure.
    pub bus_reconnects: usize,
    /// Messages that went out to other instances.
    pub bus_published: usize,
    /// Messages that came from other instances.
    pub bus_received: usize,
    /// Messages that did not go out: the bus was down, or its queue full.
    pub bus_dropped: usize,
    /// Messages on the bus that were not understood.
    pub bus_malformed: usize,
    /// How long the last probe took to come back, in milliseconds.
    pub bus_lag_ms: usize,
}

impl Stats {
    pub(super) fn count_close(&mut self, close: &Close) {
        for (cause, counter) in [
            (Close::SLOW_CONSUMER, &mut self.slow_consumers),
            (Close::HEARTBEAT_TIMEOUT, &mut self.heartbeat_timeouts),
            (Close::RATE_LIMITED, &mut self.rate_limited),
            (Close::ABNORMAL, &mut self.connections_lost),
        ] {
            *counter += usize::from(*close == cause);
        }
    }
}

/// The routes of the numbers, where `WS_METRICS` is on.
pub(super) fn routes() -> Router<Hub> {
    Router::new()
        .route(&format!("{ROUTE}/metrics"), get(metrics))
        .route(&format!("{ROUTE}/health"), get(health))
}

/// The numbers in the text format of Prometheus.
async fn metrics(State(hub): State<Hub>) -> impl IntoResponse {
    let text = render(&hub.stats());
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}

/// The numbers as one line of JSON.
async fn health(State(hub): State<Hub>) -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "application/json")],
        json!(hub.stats()).to_string(),
    )
}

fn render(stats: &Stats) -> String {
    let mut text = String::new();
    for (field, value) in json!(stats).as_object().into_iter().flatten() {
        let (kind, suffix) = if GAUGES.contains(&field.as_str()) {
            ("gauge", "")
        } else {
            ("counter", "_total")
        };
        let name = format!("ws_{field}{suffix}");
        let _ = writeln!(text, "# TYPE {name} {kind}\n{name} {value}");
    }
    text
}
