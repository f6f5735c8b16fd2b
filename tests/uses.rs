//! What is removed and what stays: a dependency, a feature or a service that the owner's own code or files use is hers.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{ADD, REMOVE, Scratch};

#[test]
fn a_service_that_others_use_stays() {
    let project = Scratch::added("service");
    project.rewrite("compose.yaml", "    image: postgres:17\n", "    image: postgres:17\n    depends_on: [redis]\n");
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(report.contains("service redis: used by db"), "{report}");
    assert!(project.read("compose.yaml").contains("redis:7"));
    assert!(project.read("compose.yaml").contains("redis-data:\n"), "{}", project.read("compose.yaml"));
}

#[test]
fn a_service_that_others_use_by_an_anchor_stays() {
    let project = Scratch::added("service");
    let text = format!("x-app: &app\n  depends_on: [redis]\n{}", project.read("compose.yaml"));
    let text = text.replace("    image: postgres:17\n", "    image: postgres:17\n    <<: *app\n");
    project.write("compose.yaml", text.as_bytes());
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(report.contains("service redis: used by db"), "{report}");
}

#[test]
fn a_dependency_that_her_own_code_uses_stays() {
    let project = Scratch::added("minimal");
    project.write("src/more.rs", b"pub fn log() {\n    tracing::info!(\"more\");\n}\n");
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(report.contains("tracing 0.1: used in src/more.rs"), "{report}");
    let manifest = project.read("Cargo.toml");
    assert!(manifest.contains("tracing") && !manifest.contains("getrandom"), "{manifest}");
}

#[test]
fn a_dependency_that_a_feature_of_hers_turns_on_stays() {
    let project = Scratch::added("minimal");
    let manifest = project.read("Cargo.toml") + "\n[features]\ntls = [\"redis/tokio-rustls-comp\"]\n";
    project.write("Cargo.toml", manifest.as_bytes());
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(report.contains("used by your feature `tls`"), "{report}");
    let manifest = project.read("Cargo.toml");
    assert!(manifest.contains("\nredis = ") && !manifest.contains("getrandom"), "{manifest}");
}

#[test]
fn a_feature_that_her_new_code_needs_stays() {
    let project = Scratch::of("minimal");
    let manifest = project.read("Cargo.toml") + "serde = \"1\"\n";
    project.write("Cargo.toml", manifest.as_bytes());
    project.rwx(&ADD).expect(0);
    project.write("src/more.rs", b"#[derive(serde::Serialize)]\npub struct More;\n");
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(report.contains("serde: derive: used in src/more.rs"), "{report}");
    assert!(project.read("Cargo.toml").contains("serde = { version = \"1\", features = [\"derive\"] }"));
}

#[test]
fn a_feature_that_her_code_did_without_goes() {
    let project = Scratch::of("minimal");
    let manifest = project.read("Cargo.toml") + "serde = \"1\"\n";
    project.write("Cargo.toml", manifest.as_bytes());
    project.write("src/more.rs", b"pub fn more(_: &impl serde::Serialize) {}\n");
    let before = project.files();
    project.rwx(&ADD).expect(0);
    project.rwx(&REMOVE).expect(0);
    assert!(project.files() == before);
}

#[test]
fn what_another_package_uses_is_not_her_own_code_s() {
    let project = Scratch::of("workspace");
    project.write(
        "crates/domain/src/lib.rs",
        b"pub fn greeting() -> &'static str {\n    redis::HI;\n    crate::ws::HI\n}\n",
    );
    let before = project.files();
    project.add(&["-p", "api"]).expect(0);
    let report = project.rwx(&[&REMOVE[..], &["-p", "api"]].concat()).expect(0).stdout;
    assert!(project.files() == before, "{report}");
    assert!(!report.contains("manual"), "{report}");
}

#[test]
fn axum_s_own_sockets_are_no_use_of_the_module() {
    let project = Scratch::of("minimal");
    let import = "use axum::{\n    Router,\n    extract::ws::{Message, WebSocket},\n    extract::{ws::CloseFrame},\n    routing::get,\n};";
    project.rewrite("src/main.rs", "use axum::{Router, routing::get};", import);
    let before = project.files();
    project.add(&[]).expect(0);
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(!report.contains("manual"), "{report}");
    for (path, bytes) in &before {
        assert!(path == "Cargo.toml" || project.files()[path] == *bytes, "{path}: {report}");
    }
}
