//! Projects as released versions rendered them, with an owner's edits, brought up to the templates
//! of today.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod support;

use std::path::Path;

use support::cargo::cargo;
use support::{Scratch, files};

/// What the owner of each project has added, one line of each edit: where it stands today.
const HERS: [(&str, &str); 9] = [
    ("src/ws/messages.rs", "Typing { room: String },"),
    ("src/ws/messages.rs", "Typing { room: String, from: String },"),
    ("src/ws/handler.rs", "ClientMessage::Typing { room } => typing(hub, session, room),"),
    ("src/ws/handler.rs", "hub.join_room(session, \"admins\")"),
    ("src/ws/handler.rs", "if hub.config().typing {"),
    ("src/ws/auth.rs", "Some(owner) => owner == &*identity.client_id || identity.is_admin,"),
    ("src/ws/engine/config.rs", "pub typing: bool,"),
    ("src/ws/engine/config.rs", "\"WS_DRAIN_SECONDS\", 8"),
    ("src/ws/engine/tests/rooms.rs", "async fn the_others_in_a_room_see_who_is_typing() {"),
];

/// Her edits as they read in the code of today: file, what stands there, and what she has in its
/// place.
const RESOLVED: [(&str, &str, &str); 8] = [
    (
        "src/ws/messages.rs",
        "    /// Asks for a `pong`.",
        "    /// The user is typing; the others in the room see it.\n    Typing { room: String },\n    /// Asks for a `pong`.",
    ),
    (
        "src/ws/messages.rs",
        "    /// Who has come into a room",
        "    /// Somebody is typing in a room that the receiver is in.\n    Typing { room: String, from: String },\n    /// Who has come into a room",
    ),
    (
        "src/ws/handler.rs",
        "        ClientMessage::Ping =>",
        "        ClientMessage::Typing { room } => typing(hub, session, room),\n        ClientMessage::Ping =>",
    ),
    (
        "src/ws/handler.rs",
        "pub(super) async fn on_connect(_hub: &Hub, session: &Session) {\n",
        "pub(super) async fn on_connect(hub: &Hub, session: &Session) {\n    if session.identity().is_admin {\n        if let Err(error) = hub.join_room(session, \"admins\") {\n            tracing::warn!(%error, \"an admin is not in the room of the admins\");\n        }\n    }\n",
    ),
    (
        "src/ws/auth.rs",
        "    pub client_id: Arc<str>,\n",
        "    pub client_id: Arc<str>,\n    pub is_admin: bool,\n",
    ),
    (
        "src/ws/auth.rs",
        "        Self { client_id }\n",
        "        let is_admin = client_id.starts_with(\"admin-\");\n        Self { client_id, is_admin }\n",
    ),
    (
        "src/ws/engine/config.rs",
        "    /// `WS_RATE_LIMIT`",
        "    /// `WS_TYPING`: whether others see that somebody is typing: off or on.\n    pub typing: bool,\n    /// `WS_RATE_LIMIT`",
    ),
    (
        "src/ws/engine/config.rs",
        "            rate_limit: env",
        "            typing: env.get(\"WS_TYPING\", true, \"off or on\", |value| Some(value == \"on\")),\n            rate_limit: env",
    ),
];

/// Hers at the end of the handler.
const TYPING: &str = "
/// Tells the others in a room that somebody is typing, where that is on.
fn typing(hub: &Hub, session: &Session, room: String) -> Answer {
    if hub.config().typing {
        let from = session.client_id().to_owned();
        let message = ServerMessage::Typing { room: room.clone(), from };
        hub.broadcast_to_room(&room, &message, Exclude::Client(session.client_id()));
    }
    Ok(None)
}
";

/// Her test, at the end of those of the rooms.
const TEST: &str = r#"
#[tokio::test]
async fn the_others_in_a_room_see_who_is_typing() {
    let server = Server::start();
    let (mut ann, mut bob) = (server.connect("ann").await, server.connect("bob").await);
    ann.join("lobby").await;
    bob.join("lobby").await;
    bob.send(json!({"type": "typing", "room": "lobby"})).await;
    assert_eq!(ann.receive("typing").await["from"], "bob");
    bob.receives_nothing().await;
}
"#;

#[test]
fn a_default_project_of_0_1_0_follows() {
    follows("0.1.0/default", &[]);
}

#[test]
fn a_project_of_0_1_0_with_everything_on_follows() {
    follows("0.1.0/everything", &["--set", "history=true", "--set", "tls=true"]);
}

/// Updates the kept project; a fresh one made with `options` shows what the templates say today.
fn follows(kept: &str, options: &[&str]) {
    let project = Scratch::empty();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/releases").join(kept);
    files(&source).iter().for_each(|(path, bytes)| project.write(path, bytes));
    let told = project.rwx(&["infra", "update", "--dry-run"]).expect(0).stdout;
    assert!(told.contains(" warning without WS_AUTH, clients no longer name themselves"), "{told}");
    project.rwx(&["infra", "update"]).expect(3);
    assert_eq!(project.read(".env.example").matches("# WebSockets (").count(), 1);
    for (path, line) in HERS {
        assert!(project.read(path).contains(line), "{path} has lost {line}");
    }
    resolve(&project, options);
    let ended = project.rwx(&["infra", "update", "--continue"]).expect(0).stdout;
    assert!(ended.contains("cargo check && cargo test"), "{ended}");
    let again = project.rwx(&["infra", "update"]).expect(0).stdout;
    assert_eq!(again.lines().last(), Some("nothing to do"));
    assert!(!again.contains("warning"), "{again}");
    cargo(&project, 8, &["check", "--all-targets"]);
    cargo(&project, 8, &["test", "--lib", "the_others_in_a_room_see_who_is_typing"]);
}

/// What the owner makes of the conflicts: the new texts, and her edits in them.
fn resolve(project: &Scratch, options: &[&str]) {
    let fresh = Scratch::empty();
    fresh.rwx(&[&["new", "app", "--with", "websocket"], options].concat()).expect(0);
    let fresh = fresh.below("app");
    for path in
        ["messages.rs", "handler.rs", "auth.rs", "engine/config.rs", "engine/tests/rooms.rs"]
    {
        let path = format!("src/ws/{path}");
        project.write(&path, fresh.read(&path).as_bytes());
    }
    for (path, old, new) in RESOLVED {
        project.rewrite(path, old, new);
    }
    for (path, hers) in [("src/ws/handler.rs", TYPING), ("src/ws/engine/tests/rooms.rs", TEST)] {
        project.write(path, (project.read(path) + hers).as_bytes());
    }
}
