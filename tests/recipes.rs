//! What the manual of a project tells its owner: each recipe is followed, compiled and run, and
//! each variable is there.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use support::cargo::{build, cargo};
use support::recipe::{Kitchen, section};
use support::service::Service;
use support::{Scratch, succeed};

/// Every option that the manual says something about.
const ALL: [&str; 5] = ["redis=false", "metrics=true", "tickets=true", "demo=true", "client=true"];
const FEW: [&str; 4] = ["redis=false", "tests=false", "demo=false", "client=false"];

fn new_project(folder: &Scratch, options: &[&str]) -> Scratch {
    let options = options.iter().flat_map(|option| ["--set", option]);
    let args: Vec<&str> =
        ["new", "app", "--with", "websocket"].into_iter().chain(options).collect();
    folder.rwx(&args).expect(0);
    let project = folder.below("app");
    // The recipes have dependencies of their own.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/locks/recipes.lock");
    project.write("Cargo.lock", &fs::read(lock).unwrap());
    project
}

fn in_new_project(project: &Scratch) -> Kitchen<'_> {
    Kitchen { project, server: "src/main.rs", root: "src/lib.rs" }
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recipes").join(name);
    fs::read_to_string(path).unwrap().replace("ROUTE", "/ws")
}

fn append(project: &Scratch, path: &str, more: &str) {
    project.write(path, (project.read(path) + more).as_bytes());
}

fn depend_on(project: &Scratch, dependency: &str) {
    project.rewrite("Cargo.toml", "[dependencies]\n", &format!("[dependencies]\n{dependency}\n"));
}

#[test]
fn a_message_a_jwt_a_notification_and_a_route_of_ones_own_work_as_the_manual_says() {
    let folder = Scratch::empty();
    let project = new_project(&folder, &ALL);
    let kitchen = in_new_project(&project);
    kitchen.add_file("user.rs", &fixture("user.rs"));
    let recipes = [
        "A message of your own",
        "A test of your own",
        "JWT",
        "Notify from a handler",
        "Notify from a job",
    ];
    for recipe in recipes.into_iter().chain(["A route of your own"]) {
        kitchen.follow(recipe);
    }
    depend_on(&project, "jsonwebtoken = { version = \"10\", features = [\"rust_crypto\"] }");
    append(&project, "src/ws/auth.rs", &fixture("jwt.rs"));
    append(&project, "src/live.rs", &fixture("live.rs"));
    add_mood(&project);
    cargo(&project, 8, &["test"]);
    project.rewrite("src/main.rs", "from_secs(3600)", "from_secs(1)");
    let (binary, key) = (build(&project, 8, "app"), ("JWT_SECRET", SECRET));
    Service::start(&binary, &[("WS_AUTH", "none"), key]).holds("notified.mjs", &[]);
    let service = Service::start(&binary, &[("WS_AUTH", "bearer"), key]);
    let token = token_by_the_manual(&project);
    assert_eq!(status(&service, token.trim()), "101");
    assert_eq!(status(&service, "another"), "401");
}

/// What signs tokens.
const SECRET: &str = "a key that is as long as it must be";

/// The status with which a handshake with a token is answered.
fn status(service: &Service, token: &str) -> String {
    let address = service.base.trim_start_matches("ws://").trim_end_matches("/ws");
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    String::from_utf8(answer[9..].to_vec()).unwrap()
}

/// The token that the commands of the manual make.
fn token_by_the_manual(project: &Scratch) -> String {
    let text = section(&project.read("src/ws/README.md"), "JWT");
    let script = text.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let made = succeed(Command::new("sh").args(["-euc", script]).env("JWT_SECRET", SECRET));
    String::from_utf8(made.stdout).unwrap()
}

/// A field that a message gets, as the manual says.
fn add_mood(project: &Scratch) {
    let field = "#[serde(default, skip_serializing_if = \"Option::is_none\")] mood: Option<String>";
    let readme = project.read("src/ws/README.md");
    assert!(readme.contains("#[serde(default, skip_serializing_if = \"Option::is_none\")]"));
    for (file, from, to) in [
        (
            "messages.rs",
            "Message { room: String, text: String",
            "Message { room: String, text: String, FIELD",
        ),
        (
            "messages.rs",
            "from: String,\n        text: String,",
            "from: String,\n        text: String,\n        FIELD,",
        ),
        (
            "handler.rs",
            "{ room, text } => say(hub, session, &room, text)",
            "{ room, text, mood } => say(hub, session, &room, text, mood)",
        ),
        (
            "handler.rs",
            "room: &str, text: String)",
            "room: &str, text: String, mood: Option<String>)",
        ),
        ("handler.rs", "        text,\n    };", "        text,\n        mood,\n    };"),
    ] {
        project.rewrite(&format!("src/ws/{file}"), from, &to.replace("FIELD", field));
    }
}

#[test]
fn sessions_and_teams_of_a_database_are_asked_as_the_manual_says() {
    let folder = Scratch::empty();
    let project = new_project(&folder, &ALL);
    let kitchen = in_new_project(&project);
    kitchen.follow("Team rooms");
    kitchen.follow("Session cookie");
    depend_on(
        &project,
        "sqlx = { version = \"0.8\", default-features = false, features = [\"runtime-tokio\", \"sqlite\"] }",
    );
    append(&project, "src/ws/auth.rs", &fixture("database.rs"));
    cargo(&project, 8, &["test"]);
}

#[test]
fn on_axum_0_7_the_manual_is_right_too() {
    let project = Scratch::of("plain-07");
    project.add(&["--set", "redis=false"]).expect(0);
    let kitchen = Kitchen { project: &project, server: "src/main.rs", root: "src/main.rs" };
    kitchen.follow("A message of your own");
    kitchen.follow("A test of your own");
    kitchen.follow("Notify from a handler");
    kitchen.follow("Notify from a job");
    cargo(&project, 7, &["test", "ws::handler"]);
}

#[test]
fn the_commands_for_tools_do_what_the_manual_says() {
    let folder = Scratch::empty();
    let project = new_project(&folder, &ALL);
    assert!(project.path().join("src/ws/engine/testing.rs").exists());
    let text = section(&project.read("src/ws/README.md"), "For tools that edit code");
    let commands: Vec<&str> = text.lines().filter(|line| line.starts_with("rwx ")).collect();
    assert_eq!(commands.len(), 4, "{text}");
    let binaries = Path::new(env!("CARGO_BIN_EXE_rwx")).parent().unwrap().to_str().unwrap();
    let path = format!("{binaries}:{}", std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-euc", &commands.join("\n")]).current_dir(project.path()).env("PATH", path);
    succeed(&mut shell);
    assert!(!project.path().join("src/ws/engine/testing.rs").exists());
}

/// The variables that `config.rs` reads, with what they are if not set.
fn variables(config: &str) -> BTreeMap<String, String> {
    let calls = config.split("env.").skip(1);
    let calls = calls.filter_map(|call| call.split_once("(\"WS_"));
    let variable = |(kind, rest): (&str, &str)| {
        let (name, rest) = rest.split_once('"').unwrap();
        let default = rest.trim_start_matches(", ").split(", ").next().unwrap();
        let default = match (kind, default) {
            ("number" | "seconds", number) => value(number),
            (_, "anonymous") => "not set".to_owned(),
            (_, text) if text.starts_with('"') => text.split('"').nth(1).unwrap().to_owned(),
            _ => "none".to_owned(),
        };
        (format!("WS_{name}"), default)
    };
    calls.map(variable).collect()
}

/// `64 * 1024` as `65536`.
fn value(expression: &str) -> String {
    let factors =
        expression.split(" * ").map(|factor| factor.replace('_', "").parse::<f64>().unwrap());
    factors.product::<f64>().to_string()
}

#[test]
fn the_manual_lists_every_variable_with_its_default_and_no_other() {
    for options in [ALL.as_slice(), &FEW] {
        let folder = Scratch::empty();
        let project = new_project(&folder, options);
        let readme = project.read("src/ws/README.md");
        let rows = readme
            .lines()
            .filter_map(|line| line.strip_prefix("| `WS_"))
            .filter(|row| row.contains("` | "));
        let rows = rows.filter(|row| row.matches(" | ").count() == 2);
        let listed: BTreeMap<String, String> = rows
            .map(|row| {
                let (name, rest) = row.split_once('`').unwrap();
                (format!("WS_{name}"), rest.split(" | ").nth(1).unwrap().to_owned())
            })
            .collect();
        let known = variables(&project.read("src/ws/engine/config.rs"));
        assert!(known.len() > 15, "{known:#?}");
        assert_eq!(listed, known);
        let words = readme.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
        let unknown: Vec<&str> =
            words.filter(|word| word.starts_with("WS_") && !known.contains_key(*word)).collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }
}

/// What stands between `start` and the next quote in the sources of the layer.
fn mentioned(project: &Scratch, start: &str) -> Vec<String> {
    let files = project
        .files()
        .into_iter()
        .filter(|(path, _)| path.starts_with("src/ws/") && path.ends_with(".rs"));
    let sources = files
        .filter(|(path, _)| !path.contains("/test"))
        .map(|(_, bytes)| String::from_utf8(bytes).unwrap());
    let text = sources.collect::<String>().replace(char::is_whitespace, "");
    let found = text.split(start).skip(1);
    found
        .map(|rest| {
            rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .next()
                .unwrap()
                .to_owned()
        })
        .collect()
}

#[test]
fn the_manual_names_every_error_and_every_close_code() {
    let folder = Scratch::empty();
    let project = new_project(&folder, &ALL);
    let readme = project.read("src/ws/README.md");
    let errors = mentioned(&project, "MessageError::new(\"");
    assert!(errors.len() > 6, "{errors:?}");
    // Nobody is there to hear `disconnected`.
    for error in errors.iter().filter(|error| *error != "disconnected") {
        assert!(readme.contains(&format!("`{error}`")), "{error}");
    }
    let codes = mentioned(&project, "Self::fixed(");
    assert!(codes.len() > 10, "{codes:?}");
    let rows: Vec<&str> =
        readme.lines().filter(|line| line.starts_with("| 1") || line.starts_with("| 4")).collect();
    for code in codes {
        assert!(rows.iter().any(|row| row.split('|').nth(1).unwrap().contains(&code)), "{code}");
    }
}
