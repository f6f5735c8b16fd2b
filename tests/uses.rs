//! What is removed and what stays: a dependency, a feature or a service that the owner's own code
//! or files use is hers.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{ADD, REMOVE, Scratch};

#[test]
fn a_service_that_others_use_stays() {
    let project = Scratch::added("service");
    project.rewrite(
        "compose.yaml",
        "    image: postgres:17\n",
        "    image: postgres:17\n    depends_on: [redis]\n",
    );
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(report.contains("service redis: used by db since the add"), "{report}");
    assert!(project.read("compose.yaml").contains("redis:7"));
    assert!(
        project.read("compose.yaml").contains("redis-data:\n"),
        "{}",
        project.read("compose.yaml")
    );
}

#[test]
fn a_service_that_others_use_by_an_anchor_stays() {
    let project = Scratch::added("service");
    let text = format!("x-app: &app\n  depends_on: [redis]\n{}", project.read("compose.yaml"));
    let text = text.replace("    image: postgres:17\n", "    image: postgres:17\n    <<: *app\n");
    project.write("compose.yaml", text.as_bytes());
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(report.contains("service redis: used by db since the add"), "{report}");
}

#[test]
fn a_dependency_that_her_own_code_uses_stays() {
    let project = Scratch::added("minimal");
    project.write("src/more.rs", b"pub fn log() {\n    tracing::info!(\"more\");\n}\n");
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(report.contains("tracing 0.1: used in src/more.rs since the add"), "{report}");
    let manifest = project.read("Cargo.toml");
    assert!(manifest.contains("tracing") && !manifest.contains("getrandom"), "{manifest}");
}

#[test]
fn a_dependency_that_a_feature_of_hers_turns_on_stays() {
    let project = Scratch::added("minimal");
    let manifest =
        project.read("Cargo.toml") + "\n[features]\ntls = [\"redis/tokio-rustls-comp\"]\n";
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
    assert!(report.contains("serde: derive: used in src/more.rs since the add"), "{report}");
    assert!(
        project.read("Cargo.toml").contains("serde = { version = \"1\", features = [\"derive\"] }")
    );
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

/// A project whose code uses of tokio what only the features of other crates turn on, and a test
/// that does the same.
fn unified() -> Scratch {
    let project = Scratch::of("minimal");
    let manifest =
        project.read("Cargo.toml").replace("\"full\"", "\"macros\", \"net\", \"rt-multi-thread\"");
    let dev = "\n[dev-dependencies]\nserde_json = \"1\"\ntokio = { version = \"1\", features = [\"test-util\"] }\n";
    project.write("Cargo.toml", (manifest + dev).as_bytes());
    let more = b"pub async fn more() {\n    tokio::time::sleep(std::time::Duration::ZERO).await;\n    tokio::spawn(async {});\n}\n";
    project.write("src/more.rs", more);
    project.rewrite("src/main.rs", "#[tokio::main]", "mod more;\n\n#[tokio::main]");
    project.write(
        "tests/api.rs",
        b"#[tokio::test]\nasync fn api() {\n    serde_json::json!({});\n}\n",
    );
    project
}

#[test]
fn what_her_code_used_before_the_add_is_no_reason_to_keep_anything() {
    let project = unified();
    let before = project.files();
    project.rwx(&ADD).expect(0);
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(project.files() == before, "{report}{}", project.read("Cargo.toml"));
    assert!(!report.contains("keep"), "{report}");
}

#[test]
fn of_several_features_those_stay_that_her_code_has_come_to_use() {
    let project = unified();
    project.rwx(&ADD).expect(0);
    project.write("src/later.rs", b"pub type Lock = tokio::sync::Mutex<()>;\n");
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(report.contains("tokio: sync: used in src/later.rs since the add"), "{report}");
    let manifest = project.read("Cargo.toml");
    assert!(
        manifest.contains("features = [\"macros\", \"net\", \"rt-multi-thread\", \"sync\"]"),
        "{manifest}"
    );
    assert!(
        manifest.contains("features = [\"test-util\"]") && !manifest.contains("getrandom"),
        "{manifest}"
    );
}

#[test]
fn more_of_the_same_is_nothing_new() {
    let project = unified();
    let before = project.read("Cargo.toml");
    project.rwx(&ADD).expect(0);
    project.write(
        "src/later.rs",
        b"use tokio::time::interval;\n\n#[cfg(test)]\nuse serde_json::json;\n",
    );
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert_eq!(project.read("Cargo.toml"), before, "{report}");
}

#[test]
fn what_only_tests_used_is_new_in_shipped_code() {
    let project = unified();
    project.rwx(&ADD).expect(0);
    project.write("src/later.rs", b"pub fn later() {\n    serde_json::json!({});\n}\n");
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(
        report.contains("serde_json 1 (raw_value): used in src/later.rs since the add"),
        "{report}"
    );
    assert!(
        project
            .read("Cargo.toml")
            .contains("serde_json = { version = \"1\", features = [\"raw_value\"] }")
    );
}

#[test]
fn a_feature_for_tests_stays_for_tests_alone() {
    for (path, is_kept) in [("src/later.rs", false), ("tests/later.rs", true)] {
        let project = unified();
        project.rwx(&ADD).expect(0);
        project.write(path, b"use tokio::io::AsyncReadExt;\n");
        let report = project.rwx(&REMOVE).expect(0).stdout;
        let kept = format!("tokio: io-util, for tests: used in {path} since the add");
        assert_eq!(report.contains(&kept), is_kept, "{path}: {report}");
        assert_eq!(
            project.read("Cargo.toml").contains("\"io-util\", \"test-util\"]"),
            is_kept,
            "{report}"
        );
    }
}

#[test]
fn a_build_script_uses_no_dependency_of_the_code() {
    let project = Scratch::of("minimal");
    project.add(&[]).expect(0);
    project.write("build.rs", b"fn main() {\n    serde_json::json!({});\n}\n");
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(!project.read("Cargo.toml").contains("serde_json"), "{report}");
}

#[test]
fn a_method_that_needs_a_feature_is_a_use_of_it() {
    let project = Scratch::of("minimal");
    project.write("Cargo.toml", (project.read("Cargo.toml") + "redis = \"1.8\"\n").as_bytes());
    let before = project.read("Cargo.toml");
    project.write(
        "src/cache.rs",
        b"pub fn open() -> redis::RedisResult<redis::Client> {\n    redis::Client::open(\"\")\n}\n",
    );
    project.rwx(&ADD).expect(0);
    project.rwx(&REMOVE).expect(0);
    assert_eq!(project.read("Cargo.toml"), before);
    project.rwx(&ADD).expect(0);
    let more = "\nasync fn get(client: redis::Client) {\n    let _ = client.get_multiplexed_async_connection().await;\n}\n";
    project.write("src/cache.rs", (project.read("src/cache.rs") + more).as_bytes());
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(report.contains("redis: tokio-comp: used in src/cache.rs since the add"), "{report}");
}

#[test]
fn a_record_that_does_not_tell_what_was_used_keeps_what_is() {
    let project = unified();
    project.rwx(&ADD).expect(0);
    let mut record: toml_edit::DocumentMut =
        project.read(".rwx/websocket/record.toml").parse().unwrap();
    for addition in record["addition"].as_array_of_tables_mut().unwrap().iter_mut() {
        addition.remove("used");
        addition.remove("request");
        addition["part"].as_table_like_mut().unwrap().remove("gates");
    }
    project.write(".rwx/websocket/record.toml", record.to_string().as_bytes());
    let report = project.rwx(&REMOVE).expect(0).stdout;
    for kept in [
        "tokio: rt, sync, time: used in src/more.rs\n",
        "serde_json 1 (raw_value): used in tests/api.rs\n",
    ] {
        assert!(report.contains(kept), "{report}");
    }
    assert!(project.read("Cargo.toml").contains("\"time\"]"));
}

#[test]
fn a_service_that_was_named_before_is_none_that_others_have_come_to_use() {
    let project = Scratch::of("service");
    project.rewrite(
        "compose.yaml",
        "    image: postgres:17\n",
        "    image: postgres:17\n    links: [redis]\n",
    );
    let before = project.files();
    project.rwx(&ADD).expect(0);
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(project.files() == before, "{report}");
}

#[test]
fn what_she_still_uses_in_many_lines_is_named_with_the_first_of_them() {
    let project = Scratch::added("minimal");
    let uses = |count: usize| -> String {
        (0..count).map(|at| format!("pub fn f{at}(_: &Hub, _: &Hub) {{}}\n")).collect()
    };
    project.rewrite("src/main.rs", "mod ws;", "mod more;\nmod ws;");
    for (count, told) in [(1, "src/more.rs:3:15)"), (12, "src/more.rs:12:15 and 2 more)")] {
        project.write("src/more.rs", format!("use crate::ws::Hub;\n\n{}", uses(count)).as_bytes());
        let report =
            project.rwx(&["infra", "remove", "websocket", "-n", "--json"]).expect(0).stdout;
        assert!(report.contains(told), "{report}");
        assert!(report.contains("your code still uses ws, here and elsewhere ("), "{report}");
    }
}
