//! The numbers, and how they are shown.

use serde_json::json;

use super::super::upgrade::ROUTE;
use super::super::{Exclude, WsConfig};
use super::Server;

#[tokio::test]
async fn what_happens_is_counted() {
    let server = Server::start(WsConfig {
        metrics: true,
        max_connections_per_client: 1,
        ..WsConfig::default()
    });
    let (mut ann, _bob) = (server.connect("ann").await, server.connect("bob").await);
    assert_eq!(server.try_connect("ann").await.err(), Some(429));
    ann.join("lobby").await;
    server
        .hub
        .broadcast(&json!({"type": "news"}), Exclude::Nobody);

    let stats = server.hub.stats();
    assert_eq!((stats.connections, stats.clients, stats.rooms), (2, 2, 1));
    assert_eq!(
        (
            stats.accepted,
            stats.refused,
            stats.received,
            stats.delivered
        ),
        (2, 1, 1, 2)
    );

    let text = server.http("GET", &format!("{ROUTE}/metrics"), "").await;
    assert!(text.contains("\nws_connections 2\n"), "{text}");
    assert!(
        text.contains("\n# TYPE ws_delivered_total counter\nws_delivered_total 2\n"),
        "{text}"
    );
    let gauges = text.matches(" gauge\n").count();
    assert_eq!(gauges, 6, "{text}");

    let text = server.http("GET", &format!("{ROUTE}/health"), "").await;
    assert!(text.contains("\"connections\":2,"), "{text}");
}

#[tokio::test]
async fn metrics_are_off_unless_asked_for() {
    let server = Server::start(WsConfig::default());
    let answer = server.http("GET", &format!("{ROUTE}/metrics"), "").await;
    assert!(!answer.contains("ws_connections"), "{answer}");
}
