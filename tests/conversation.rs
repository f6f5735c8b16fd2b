//! Clients written with a library that the project does not use talk to the running service.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod support;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use support::cargo::build;
use support::{Scratch, succeed};

/// A running service, killed at the end of the test.
struct Service {
    child: Child,
    base: String,
}

impl Service {
    /// Starts `binary` on a free port and waits for the line that names it.
    fn start(binary: &Path) -> Self {
        let mut child =
            Command::new(binary).env("PORT", "0").env("HOST", "127.0.0.1").stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line =
            lines.map_while(Result::ok).find(|line| line.contains("http://")).expect("the service says its port");
        let address = line.split("http://").nth(1).unwrap();
        let address: String = address.chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
        Self { child, base: format!("ws://{address}/ws") }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn clients_of_another_make_share_a_room_and_get_what_is_theirs() {
    let folder = Scratch::empty();
    folder.rwx(&["new", "app", "--with", "websocket"]).expect(0);
    let project = folder.below("app");
    project.rewrite("src/main.rs", "let app = app.merge(", "let app = app.merge(notify(hub.clone())).merge(");
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
    let service = Service::start(&build(&project, 8, "app"));
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/client");
    assert!(clients.join("node_modules/ws").is_dir(), "the client library is missing: run bash tests/run.sh");
    let said = succeed(Command::new("node").current_dir(clients).args(["talk.mjs", &service.base]));
    assert_eq!(String::from_utf8_lossy(&said.stdout), "all held\n");
}
