//! The browser's side: the client under Node's test runner, its types under the compiler, the demo page in a browser.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod support;

use std::path::PathBuf;
use std::process::Command;

use support::cargo::build;
use support::{Scratch, succeed};

fn scripts() -> PathBuf {
    let scripts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/client");
    assert!(scripts.join("node_modules/playwright-core").is_dir(), "npm packages are missing: run bash tests/run.sh");
    scripts
}

fn new_project(folder: &Scratch) -> Scratch {
    new_project_with(folder, "history=false")
}

fn new_project_with(folder: &Scratch, option: &str) -> Scratch {
    folder.rwx(&["new", "app", "--with", "websocket", "--set", option]).expect(0);
    folder.below("app")
}

#[track_caller]
fn client_passes(option: &str, tests: &[&str]) {
    let folder = Scratch::empty();
    let client = new_project_with(&folder, option).read("src/ws/client.js");
    // Outside of a package of modules only this ending makes a module.
    folder.write("client.mjs", client.as_bytes());
    let mut node = Command::new("node");
    node.current_dir(scripts()).env("CLIENT_JS", folder.path().join("client.mjs"));
    succeed(node.arg("--test").args(tests));
}

#[test]
fn the_client_keeps_its_connection_its_rooms_and_its_bounds() {
    client_passes("history=false", &["connection.test.mjs", "messages.test.mjs", "resume.test.mjs"]);
}

#[test]
fn the_client_sees_every_message_of_a_history_once() {
    let tests = ["connection.test.mjs", "messages.test.mjs", "resume.test.mjs", "history.test.mjs"];
    client_passes("history=true", &tests);
}

#[test]
fn the_types_of_the_client_let_right_code_pass_and_wrong_code_not() {
    let folder = Scratch::empty();
    let project = new_project(&folder);
    for file in ["client.js", "client.d.ts"] {
        folder.write(file, project.read(&format!("src/ws/{file}")).as_bytes());
    }
    folder.write("page.ts", include_bytes!("client/page.ts"));
    let compiler = scripts().join("node_modules/typescript/bin/tsc");
    let options = ["--noEmit", "--strict", "--target", "es2022", "--module", "es2022", "--moduleResolution", "bundler"];
    succeed(Command::new("node").current_dir(folder.path()).arg(compiler).args(options).arg("page.ts"));
}

#[test]
fn people_talk_on_the_demo_page_through_a_restart_until_one_is_kicked() {
    let folder = Scratch::empty();
    let project = new_project(&folder);
    project.rewrite("src/main.rs", "let app = app.merge(", "let app = app.merge(kick(hub.clone())).merge(");
    let kick = r#"
/// A route of the owner's own that sends a client away.
fn kick(hub: app::ws::Hub) -> axum::Router {
    let kick = |axum::extract::Path(client): axum::extract::Path<String>| async move {
        hub.disconnect(&client, &app::ws::Close::KICKED).to_string()
    };
    axum::Router::new().route("/kick/{client}", axum::routing::post(kick))
}
"#;
    project.write("src/main.rs", (project.read("src/main.rs") + kick).as_bytes());
    let service = build(&project, 8, "app");
    let said = succeed(Command::new("node").current_dir(scripts()).arg("browser.mjs").arg(service));
    assert_eq!(String::from_utf8_lossy(&said.stdout), "all held\n");
}
