//! Several instances of the generated service with a real Redis between them, each scenario a script of `tests/client`.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use support::Scratch;
use support::cargo::build;
use support::clients::holds;

/// Routes by which a scenario has an instance do something by itself.
const CONTROLS: &str = r#"
/// `POST /do/VERB/ONE/TWO` has the hub do something and answers a count.
fn controls(hub: app::ws::Hub) -> axum::Router {
    use axum::extract::Path;
    let act = |Path((verb, one, two)): Path<(String, String, String)>| async move {
        let answer = ask(&hub, &verb, &one).await;
        answer.unwrap_or_else(|| act(&hub, &verb, &one, &two)).to_string()
    };
    axum::Router::new().route("/do/{verb}/{one}/{two}", axum::routing::post(act))
}

async fn ask(hub: &app::ws::Hub, verb: &str, one: &str) -> Option<usize> {
    match verb {
        "room-size-everywhere" => Some(hub.room_members_everywhere(one, 0).await.1),
        "is-connected-everywhere" => Some(usize::from(hub.is_connected_everywhere(one).await)),
        "connection-count-everywhere" => Some(hub.connection_count_everywhere()),
        _ => None,
    }
}

fn act(hub: &app::ws::Hub, verb: &str, one: &str, two: &str) -> usize {
    use app::ws::{Close, Exclude};
    let news = |number: &str, padding: usize| {
        let number: usize = number.parse().unwrap_or_default();
        serde_json::json!({
            "type": "notification", "from": std::process::id(), "number": number, "padding": "x".repeat(padding)
        })
    };
    match verb {
        "kick" => hub.disconnect(one, &Close::KICKED),
        "personal" => hub.send_personal(one, &news(two, 0)),
        "join" => hub.join_room_everywhere(one, two),
        "leave" => hub.leave_room_everywhere(one, two),
        "publish" => (0..two.parse().unwrap())
            .map(|number: usize| hub.broadcast_to_room(one, &news(&number.to_string(), 0), Exclude::Nobody))
            .sum(),
        "publish-large" => hub.broadcast_to_room(one, &news(two, 65_536), Exclude::Nobody),
        "all-but-client" => hub.broadcast(&news(two, 0), Exclude::Client(one)),
        "all-but-connection" => {
            let sessions = hub.sessions(one);
            let session = sessions.iter().find(|session| session.id().to_string() == two).unwrap();
            hub.broadcast(&news("0", 0), Exclude::Connection(session.id()))
        }
        "join-many" => {
            let sessions = hub.sessions(one);
            let rooms = (0..two.parse().unwrap()).map(|room: usize| format!("{one}-{room}"));
            rooms.filter(|room| hub.join_room(&sessions[0], room).unwrap()).count()
        }
        _ => panic!("no such verb: {verb}"),
    }
}
"#;

/// The binary of a new project with controls.
fn service() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| service_with("history=false")).clone()
}

/// As `service`, with the option `history`.
fn service_with_history() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| service_with("history=true")).clone()
}

fn service_with(option: &str) -> PathBuf {
    let folder = Scratch::empty();
    folder.rwx(&["new", "app", "--with", "websocket", "--set", "tls=true", "--set", option]).expect(0);
    let project = folder.below("app");
    project.rewrite("src/main.rs", "let app = app.merge(", "let app = app.merge(controls(hub.clone())).merge(");
    project.write("src/main.rs", (project.read("src/main.rs") + CONTROLS).as_bytes());
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("instance-{option}"));
    std::fs::copy(build(&project, 8, "app"), &kept).unwrap();
    kept
}

#[track_caller]
fn holds_with(script: &str) {
    holds_for(script, &service());
}

#[track_caller]
fn holds_for(script: &str, service: &Path) {
    // What it measured, shown with `--nocapture`.
    print!("{}", holds(script, &[service.as_os_str()]));
}

#[test]
fn what_is_sent_on_one_instance_reaches_the_clients_of_both_once_and_in_order() {
    holds_with("exchange.mjs");
}

#[test]
fn instances_go_on_alone_without_redis_and_find_each_other_again() {
    holds_with("outage.mjs");
}

#[test]
fn instances_start_without_redis_and_notice_one_that_is_frozen() {
    holds_with("freeze.mjs");
}

#[test]
fn messages_go_on_where_redis_refuses_writes() {
    holds_with("refused.mjs");
}

#[test]
fn nothing_stays_of_ten_thousand_clients() {
    holds_with("churn.mjs");
}

#[test]
fn who_is_where_is_known_on_all_instances() {
    holds_with("presence.mjs");
}

#[test]
fn a_ticket_of_one_instance_works_once_on_any() {
    holds_with("tickets.mjs");
}

#[test]
fn rooms_are_spread_over_a_redis_cluster() {
    holds_with("cluster.mjs");
}

#[test]
fn a_redis_that_is_reached_by_tls_and_a_password_serves_as_well() {
    holds_with("secure.mjs");
}

#[test]
fn a_client_gets_its_rooms_and_what_it_missed_on_another_instance() {
    holds_for("resume.mjs", &service_with_history());
}

#[test]
fn a_rolling_restart_loses_and_doubles_nothing() {
    holds_for("rolling.mjs", &service_with_history());
}
