//! The browser's side: the client under Node's test runner, its types under the compiler, the demo
//! page in a browser.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::cargo::build;
use support::{Scratch, succeed};

fn scripts() -> PathBuf {
    let scripts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/client");
    assert!(
        scripts.join("node_modules/playwright-core").is_dir(),
        "npm packages are missing: run bash tests/run.sh"
    );
    scripts
}

/// Scripts that every rendering of the client passes.
const ALWAYS: [&str; 4] =
    ["connection.test.mjs", "messages.test.mjs", "rooms.test.mjs", "limits.test.mjs"];

fn new_project(folder: &Scratch, options: &[&str]) -> Scratch {
    let options = options.iter().flat_map(|option| ["--set", option]);
    let args: Vec<&str> =
        ["new", "app", "--with", "websocket"].into_iter().chain(options).collect();
    folder.rwx(&args).expect(0);
    folder.below("app")
}

#[track_caller]
fn client_passes(options: &[&str], tests: &[&str]) {
    let folder = Scratch::empty();
    let client = new_project(&folder, options).read("src/ws/client.js");
    // Outside of a package of modules only this ending makes a module.
    folder.write("client.mjs", client.as_bytes());
    let mut node = Command::new("node");
    node.current_dir(scripts()).env("CLIENT_JS", folder.path().join("client.mjs"));
    succeed(node.arg("--test").args(ALWAYS).args(tests));
}

#[test]
fn the_client_keeps_its_connection_its_rooms_and_its_bounds() {
    client_passes(&[], &[]);
    client_passes(&["tickets=true"], &["tickets.test.mjs"]);
}

#[test]
fn the_client_gets_its_rooms_back_by_a_token() {
    client_passes(&["resume=true"], &["resume.test.mjs"]);
}

#[test]
fn the_client_sees_every_message_of_a_history_once() {
    client_passes(&["history=true"], &["history.test.mjs"]);
    let together = ["history.test.mjs", "resume.test.mjs", "resume-history.test.mjs"];
    client_passes(&["history=true", "resume=true"], &together);
}

#[test]
fn the_client_is_a_short_read() {
    let folder = Scratch::empty();
    let client = new_project(&folder, &["tickets=true"]).read("src/ws/client.js");
    assert!(client.lines().count() <= 300, "client.js has {} lines", client.lines().count());
}

#[test]
fn the_types_of_the_client_let_right_code_pass_and_wrong_code_not() {
    for options in [["tickets=false"].as_slice(), &["tickets=true", "resume=true", "history=true"]]
    {
        types_fit(options);
    }
}

fn types_fit(options: &[&str]) {
    let folder = Scratch::empty();
    let project = new_project(&folder, options);
    for file in ["client.js", "client.d.ts"] {
        folder.write(file, project.read(&format!("src/ws/{file}")).as_bytes());
    }
    folder.write("page.ts", include_bytes!("client/page.ts"));
    let compiler = scripts().join("node_modules/typescript/bin/tsc");
    let options = [
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--module",
        "es2022",
        "--moduleResolution",
        "bundler",
    ];
    succeed(
        Command::new("node").current_dir(folder.path()).arg(compiler).args(options).arg("page.ts"),
    );
}

#[test]
fn people_talk_on_the_demo_page_through_a_restart_until_one_is_kicked() {
    let folder = Scratch::empty();
    let project = new_project(&folder, &["redis=false", "tickets=true"]);
    project.rewrite(
        "src/main.rs",
        "let app = app.merge(",
        "let app = app.merge(kick(hub.clone())).merge(",
    );
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
    let said =
        succeed(Command::new("node").current_dir(scripts()).arg("browser.mjs").arg(&service));
    assert_eq!(String::from_utf8_lossy(&said.stdout), "all held\n");
    is_pictured(&folder, &service);
}

/// The picture in the README shows the page as it is: the same words, of the same source.
/// `PICTURES=1` makes it anew.
fn is_pictured(folder: &Scratch, service: &Path) {
    let taken = folder.path().join("demo.png");
    let mut node = Command::new("node");
    node.current_dir(scripts()).arg("picture.mjs").arg(service).arg(&taken);
    let shown = succeed(&mut node).stdout;
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/pictures");
    if std::env::var_os("PICTURES").is_some() {
        std::fs::copy(&taken, kept.join("demo.png")).unwrap();
        std::fs::write(kept.join("demo.txt"), &shown).unwrap();
    }
    let known = std::fs::read(kept.join("demo.txt")).unwrap_or_default();
    let [known, shown] = [known, shown].map(|text| String::from_utf8(text).unwrap());
    assert_eq!(known, shown, "the page is another now: PICTURES=1 cargo test --test browser");
    let [taken, kept] = [taken, kept.join("demo.png")].map(|path| std::fs::read(path).unwrap());
    // A PNG begins with its width and height.
    assert_eq!(taken[..32], kept[..32], "another size");
}
