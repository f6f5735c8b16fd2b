//! Ways to use the layer, as code to copy from: each runs as a test.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;

use axum::Router;

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use super::super::upgrade::router;
use super::super::{Exclude, Hub, ServerMessage, WsConfig};
use super::Server;

/// A background task notifies one user on all devices. In your program it would wait for a queue, a
/// database or a clock; it needs nothing but a clone of the hub.
async fn notify_when_done(hub: Hub, client_id: &'static str) {
    tokio::time::sleep(Duration::from_millis(5)).await;
    let fields = [("title".to_owned(), json!("your export is ready"))];
    hub.send_personal(
        client_id,
        &ServerMessage::Notification(fields.into_iter().collect()),
    );
}

#[tokio::test]
async fn notifications_come_from_a_background_task() {
    let server = Server::start(WsConfig::default());
    let (mut laptop, mut phone) = (server.connect("ann").await, server.connect("ann").await);
    tokio::spawn(notify_when_done(server.hub.clone(), "ann"));
    for device in [&mut laptop, &mut phone] {
        assert_eq!(
            device.receive("notification").await["title"],
            "your export is ready"
        );
    }
}

/// A message of your own needs no variant in `messages.rs` if only your code sends it.
#[derive(Serialize)]
#[serde(tag = "type", rename = "sample")]
struct Sample {
    load: f64,
}

/// A room is a topic: a page subscribes by joining it, and a task publishes while anybody does.
async fn publish_load(hub: Hub) {
    let mut every = tokio::time::interval(Duration::from_millis(5));
    loop {
        every.tick().await;
        hub.broadcast_to_room("dashboard:load", &Sample { load: 0.5 }, Exclude::Nobody);
    }
}

#[tokio::test]
async fn a_dashboard_subscribes_to_a_topic() {
    let server = Server::start(WsConfig::default());
    let publisher = tokio::spawn(publish_load(server.hub.clone()));
    let mut page = server.connect("ann").await;
    page.send(json!({"type": "join_room", "room": "dashboard:load"}))
        .await;
    while page.next().await["type"] != "sample" {}
    publisher.abort();
}

/// The state of a program: the hub beside whatever else its handlers need.
#[derive(Clone)]
struct AppState {
    hub: Hub,
    admin_token: &'static str,
}

/// An endpoint that speaks to everyone, behind a guard.
async fn announce(State(state): State<AppState>, headers: HeaderMap, text: String) -> StatusCode {
    let token = headers
        .get("x-admin-token")
        .and_then(|token| token.to_str().ok());
    if token != Some(state.admin_token) {
        return StatusCode::UNAUTHORIZED;
    }
    let announcement = json!({"type": "announcement", "text": text});
    state.hub.broadcast(&announcement, Exclude::Nobody);
    StatusCode::NO_CONTENT
}

#[tokio::test]
async fn an_endpoint_behind_a_guard_broadcasts() {
    let server = Server::start_with(WsConfig::default(), |hub| {
        let state = AppState {
            hub: hub.clone(),
            admin_token: "secret",
        };
        let app = Router::new()
            .route("/announce", post(announce))
            .with_state(state);
        app.merge(router(hub))
    });
    let mut ann = server.connect("ann").await;
    let refused = server
        .http("POST", "/announce", "x-admin-token: guess\r\n")
        .await;
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    let done = server
        .http("POST", "/announce", "x-admin-token: secret\r\n")
        .await;
    assert!(done.starts_with("HTTP/1.1 204"), "{done}");
    ann.receive("announcement").await;
}
