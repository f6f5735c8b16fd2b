//! Clients written with a library that the project does not use talk to the running service.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod support;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use support::Scratch;
use support::cargo::build;
use support::service::Service;

#[test]
fn clients_of_another_make_share_a_room_and_get_what_is_theirs() {
    let folder = Scratch::empty();
    folder.rwx(&["new", "app", "--with", "websocket"]).expect(0);
    let project = folder.below("app");
    project.rewrite(
        "src/main.rs",
        "let app = app.merge(",
        "let app = app.merge(notify(hub.clone())).merge(",
    );
    let notify = r#"
/// A route of the owner's own that sends to one client.
fn notify(hub: app::ws::Hub) -> axum::Router {
    let send = |axum::extract::Path(client): axum::extract::Path<String>| async move {
        hub.send_personal(&client, &serde_json::json!({ "type": "notification", "text": "for you" })).to_string()
    };
    axum::Router::new().route("/notify/{client}", axum::routing::post(send))
}
"#;
    project.write("src/main.rs", (project.read("src/main.rs") + notify).as_bytes());
    let service = Service::start(&build(&project, 8, "app"), &[NAMED]);
    service.holds("talk.mjs", &[]);
}

#[test]
fn the_others_in_a_room_hear_nothing_of_a_reload() {
    let service = Service::start(&plain(), &[NAMED, ("WS_PRESENCE_GRACE", "3")]);
    service.holds("reload.mjs", &[]);
}

#[test]
fn requests_that_never_end_do_not_hold_up_the_end_of_the_sockets() {
    let folder = Scratch::empty();
    folder.rwx(&["new", "app", "--with", "websocket", "--set", "redis=false"]).expect(0);
    let project = folder.below("app");
    let endless = ".route(\"/endless\", get(std::future::pending::<()>)).route(\"/health\"";
    project.rewrite("src/lib.rs", ".route(\"/health\"", endless);
    let service = Service::start(&build(&project, 8, "app"), &[NAMED]);
    service.holds("held.mjs", &[&service.pid()]);
}

#[test]
fn a_client_that_stops_reading_is_closed_and_five_hundred_others_miss_nothing() {
    let service = Service::start(&plain(), &ROOM_FOR_ALL);
    service.holds("crowd.mjs", &[&service.pid()]);
}

#[test]
fn ten_thousand_idle_clients_take_little_and_the_next_ten_thousand_no_more() {
    let service = Service::start(&plain(), &ROOM_FOR_IDLE);
    service.holds("idle.mjs", &[&service.pid()]);
}

#[test]
fn connections_that_come_and_go_in_the_midst_of_broadcasts_leave_nothing() {
    let service = Service::start(&plain(), &ROOM_FOR_ALL);
    service.holds("visits.mjs", &[]);
}

#[test]
fn a_stopping_service_tells_a_thousand_clients_spread_over_time_and_ends() {
    let variables = [ROOM_FOR_ALL.as_slice(), &[("WS_DRAIN_SECONDS", "3")]].concat();
    let mut service = Service::start(&plain(), &variables);
    service.holds("drain.mjs", &[&service.pid(), "3"]);
    assert!(service.child.wait().unwrap().success());
}

/// Clients name themselves.
const NAMED: (&str, &str) = ("WS_AUTH", "none");

/// Limits that a test with many clients from one address needs.
const ROOM_FOR_ALL: [(&str, &str); 3] =
    [NAMED, ("WS_MAX_CONNECTIONS_PER_IP", "5000"), ("WS_RATE_LIMIT", "0")];

/// Limits that a test with ten thousand clients needs.
const ROOM_FOR_IDLE: [(&str, &str); 3] =
    [NAMED, ("WS_MAX_CONNECTIONS", "20000"), ("WS_MAX_CONNECTIONS_PER_IP", "20000")];

/// The binary of a new project with nothing changed, and its numbers.
fn plain() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let folder = Scratch::empty();
        folder.rwx(&["new", "app", "--with", "websocket", "--set", "metrics=true"]).expect(0);
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plain-service");
        std::fs::copy(build(&folder.below("app"), 8, "app"), &kept).unwrap();
        kept
    });
    built.clone()
}
