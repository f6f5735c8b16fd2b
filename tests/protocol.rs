//! The protocol of the generated server, tried by Autobahn's cases on one that echoes.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod support;

use std::path::Path;
use std::process::Command;

use support::cargo::build;
use support::service::Service;
use support::{Scratch, succeed};

/// The groups of cases: all but those of compression, which is not spoken.
const GROUPS: [&str; 9] = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*"];

/// Limits as the cases need them. Kosoku takes a ping for the answer that it waits for.
const LIMITS: [(&str, &str); 5] = [
    ("WS_HEARTBEAT_INTERVAL", "86400"),
    ("WS_RATE_LIMIT", "0"),
    ("WS_MAX_MESSAGE_BYTES", "33554432"),
    ("WS_QUEUE_BYTES", "134217728"),
    ("WS_QUEUE_MESSAGES", "10000"),
];

/// In place of requests and answers in JSON.
const ECHO: &str = r"/// Any message, which comes back.
pub(super) async fn handle(_: &Hub, session: &Session, request: &Message) {
    session.push(request);
}
";

#[test]
fn no_case_of_autobahn_fails() {
    let kosoku = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kosoku/bin/kosoku");
    assert!(kosoku.is_file(), "kosoku is missing: run bash tests/run.sh");
    let folder = Scratch::empty();
    folder.rwx(&["new", "app", "--with", "websocket", "--set", "redis=false"]).expect(0);
    let project = folder.below("app");
    let request = project.read("src/ws/engine/request.rs");
    let answer = "#[derive(Serialize)]\nstruct Answer";
    let (head, _) = request.split_once(answer).expect("answers begin there");
    project.write("src/ws/engine/request.rs", format!("{head}{ECHO}").as_bytes());
    project.rewrite(
        "src/ws/engine/hub.rs",
        "        session.try_send(&handler::welcome(self, &session));\n",
        "",
    );
    let service = Service::start(&build(&project, 8, "app"), &LIMITS);
    let address = service.base.strip_prefix("ws://").unwrap();
    let mut cases = Command::new(kosoku);
    cases.args(["--parallelism", "2", "--outdir"]).arg(folder.path().join("reports"));
    let said =
        succeed(cases.args(GROUPS.iter().flat_map(|group| ["--include", group])).arg(address));
    assert!(String::from_utf8_lossy(&said.stdout).contains("\n301 cases passed"), "{said:?}");
}
