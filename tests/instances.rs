//! Several instances of the generated service with a real Redis between them, each scenario a
//! script of `tests/client`.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod support;

use std::ffi::OsStr;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use support::cargo::{build, cargo_with};
use support::clients::holds;
use support::{Scratch, files};

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

/// Every option that has to do with Redis.
const FULL: [&str; 6] = ["tls", "metrics", "cluster", "sentinel", "resume", "history"];

/// A Redis that ends with the test.
struct Redis {
    server: Child,
    url: String,
    _folder: Scratch,
}

impl Redis {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = Scratch::empty();
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--save", "", "--port", &port.to_string(), "--dir"]);
        let server = command.arg(folder.path()).stdout(Stdio::null()).spawn().unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            thread::sleep(Duration::from_millis(5));
        }
        Self { server, url: format!("redis://127.0.0.1:{port}"), _folder: folder }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

/// The binary of a new project with controls.
fn service() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| service_with("instance", &["tls", "metrics", "tickets"]))
}

/// As `service`, with the options of `FULL`.
fn full_service() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| service_with("instance-full", &FULL))
}

fn project_with(options: &[&str]) -> Scratch {
    let folder = Scratch::empty();
    let options: Vec<String> = options.iter().map(|option| format!("{option}=true")).collect();
    let options = options.iter().flat_map(|option| ["--set", option]);
    let args: Vec<&str> =
        ["new", "app", "--with", "websocket"].into_iter().chain(options).collect();
    folder.rwx(&args).expect(0);
    folder.below("app")
}

fn service_with(name: &str, options: &[&str]) -> PathBuf {
    let project = project_with(options);
    project.rewrite(
        "src/main.rs",
        "let app = app.merge(",
        "let app = app.merge(controls(hub.clone())).merge(",
    );
    project.write("src/main.rs", (project.read("src/main.rs") + CONTROLS).as_bytes());
    kept(&project, name)
}

/// The binary of a project that the layer of 0.1.0 is in.
fn service_of_0_1_0() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/releases/0.1.0/default");
    let project = Scratch::empty();
    files(&source).iter().for_each(|(path, bytes)| project.write(path, bytes));
    kept(&project, "instance-0.1.0")
}

fn kept(project: &Scratch, name: &str) -> PathBuf {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::copy(build(project, 8, "app"), &kept).unwrap();
    kept
}

#[track_caller]
fn holds_with(script: &str) {
    holds_for(script, service(), &[]);
}

#[track_caller]
fn holds_for(script: &str, service: &Path, args: &[&str]) {
    let args = args.iter().map(OsStr::new);
    let args: Vec<&OsStr> = [service.as_os_str()].into_iter().chain(args).collect();
    // What it measured, shown with `--nocapture`.
    print!("{}", holds(script, &args));
}

#[test]
fn the_tests_of_the_module_pass_with_a_redis() {
    let (redis, project) = (Redis::start(), project_with(&FULL));
    cargo_with(&project, 8, &["test", "--lib"], ("WS_TEST_REDIS_URL", &redis.url));
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
fn what_an_acl_refuses_costs_no_link() {
    holds_with("denied.mjs");
}

#[test]
fn databases_and_prefixes_are_apart() {
    holds_with("apart.mjs");
}

#[test]
fn instances_of_another_version_are_apart() {
    holds_for("versions.mjs", service(), &[service_of_0_1_0().to_str().unwrap()]);
}

#[test]
fn four_thousand_clients_in_one_room_recover_once() {
    holds_for("recovery.mjs", service(), &["4000", "4000"]);
}

#[test]
fn four_thousand_clients_in_many_rooms_recover_once() {
    let runs = ["4000", "400:a restart with its data", "2:a restart without"];
    holds_for("recovery.mjs", service(), &runs);
}

#[test]
fn slots_of_a_redis_cluster_move_without_loss() {
    holds_for("cluster.mjs", full_service(), &["0"]);
}

#[test]
fn slots_of_a_redis_cluster_move_without_loss_of_a_history() {
    holds_for("cluster.mjs", full_service(), &["100"]);
}

#[test]
fn a_master_that_sentinels_replace_is_followed() {
    holds_for("sentinel.mjs", full_service(), &[]);
}

#[test]
fn a_redis_that_is_reached_by_tls_and_a_password_serves_as_well() {
    holds_with("secure.mjs");
}

#[test]
fn a_client_gets_its_rooms_and_what_it_missed_on_another_instance() {
    holds_for("resume.mjs", full_service(), &[]);
}

#[test]
fn a_rolling_restart_loses_and_doubles_nothing() {
    holds_for("rolling.mjs", full_service(), &[]);
}
