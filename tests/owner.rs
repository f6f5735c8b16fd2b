//! What the owner does to what rwx added to her files, and what the next run makes of it: what she
//! changed stays hers, and what she took out stays out.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{ADD, REMOVE, Scratch};

/// Takes the one line that starts with `start` out of a file.
fn take_line(project: &Scratch, path: &str, start: &str) {
    let text = project.read(path);
    let lines: Vec<&str> =
        text.split_inclusive('\n').filter(|line| !line.starts_with(start)).collect();
    assert_eq!(lines.len() + 1, text.split_inclusive('\n').count(), "{start} in {text}");
    project.write(path, lines.concat().as_bytes());
}

#[test]
fn what_is_taken_out_stays_out_until_it_is_asked_for() {
    let project = Scratch::added("service");
    let complete = project.files();
    take_line(&project, "Cargo.toml", "getrandom");
    take_line(&project, ".env.example", "WS_REDIS_URL");
    project.rewrite("Cargo.toml", ", \"ws\"", "");
    let less = project.files();
    let report = project.add(&[]).expect(0).stdout;
    assert!(project.files() == less, "{report}");
    for what in ["getrandom 0.3", "WS_REDIS_URL", "axum: ws"] {
        assert!(
            report.contains(&format!("{what}: taken out by you; `--restore` puts it back")),
            "{report}"
        );
    }
    project.add(&["--restore"]).expect(0);
    for path in ["Cargo.toml", ".env.example"] {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let mut now = words(&project.read(path));
        let mut then = words(std::str::from_utf8(&complete[path]).unwrap());
        now.sort();
        then.sort();
        // The comment of the variable was left, and comes again with it.
        assert!(then.iter().all(|word| now.contains(word)), "{path}: {}", project.read(path));
    }
    assert!(project.add(&[]).expect(0).stdout.contains("nothing to do"));
}

#[test]
fn one_of_several_features_stays_out() {
    let project = Scratch::of("service");
    project.rewrite(
        "Cargo.toml",
        "tokio = { version = \"1\", features = [\"full\"] }",
        "tokio = { version = \"1\", features = [\"net\"] }",
    );
    let before = project.files();
    project.add(&[]).expect(0);
    project.rewrite("Cargo.toml", "\"net\", \"rt\", ", "\"net\", ");
    let less = project.files();
    let report = project.add(&[]).expect(0).stdout;
    assert!(project.files() == less && report.contains("taken out by you"), "{report}");
    project.rwx(&REMOVE).expect(0);
    assert_eq!(project.read("Cargo.toml").as_bytes(), before["Cargo.toml"]);
}

#[test]
fn a_feature_that_is_put_back_goes_with_those_that_stood() {
    let project = Scratch::of("service");
    project.rewrite("Cargo.toml", "features = [\"full\"]", "features = [\"net\"]");
    let before = project.files();
    project.rwx(&ADD).expect(0);
    let complete = project.files();
    project.rewrite("Cargo.toml", "\"sync\", ", "");
    project.rwx(&[&ADD[..], &["--restore"]].concat()).expect(0);
    assert_eq!(project.read("Cargo.toml").as_bytes(), complete["Cargo.toml"]);
    assert!(project.rwx(&ADD).expect(0).stdout.contains("nothing to do"));
    project.rwx(&REMOVE).expect(0);
    assert_eq!(project.read("Cargo.toml").as_bytes(), before["Cargo.toml"]);
}

#[test]
fn a_variable_that_is_commented_out_is_hers() {
    let project = Scratch::added("service");
    project.rewrite(".env.example", "\nWS_REDIS_URL=", "\n# WS_REDIS_URL=");
    let hers = project.files();
    for more in [&[][..], &["--restore"]] {
        let report = project.rwx(&[&ADD[..], more].concat()).expect(0).stdout;
        assert!(
            project.files() == hers && report.contains("WS_REDIS_URL: changed by you"),
            "{report}"
        );
    }
}

#[test]
fn a_removal_leaves_no_folder_and_no_declaration() {
    let project = Scratch::added("minimal");
    project.rewrite("src/main.rs", "mod ws;", "#[allow(dead_code)]\npub mod ws;");
    project.rwx(&REMOVE).expect(0);
    assert!(!project.read("src/main.rs").contains("ws;"));
    for folder in ["src/ws", ".rwx"] {
        assert!(!project.path().join(folder).exists(), "{folder}");
    }
}

#[test]
fn what_was_added_to_one_file_stays_there_when_another_comes() {
    let project = Scratch::of("workspace");
    let add = [&ADD[..], &["-p", "api"]].concat();
    project.rwx(&add).expect(0);
    project.write("compose.yaml", b"services: {}\n");
    project.write(".env.example", b"");
    let before = project.files();
    let report = project.rwx(&add).expect(0).stdout;
    assert!(project.files() == before, "{report}");
}

#[test]
fn what_is_changed_stays_as_it_is() {
    let project = Scratch::added("service");
    project.rewrite(".env.example", "WS_HEARTBEAT_INTERVAL=30", "WS_HEARTBEAT_INTERVAL=5");
    project.rewrite("compose.yaml", "127.0.0.1:6379:6379", "6380:6379");
    project.rewrite("Cargo.toml", "getrandom = \"0.3\"", "getrandom = \"0.3.2\"");
    let before = project.files();
    let report = project.add(&[]).expect(0).stdout;
    assert!(project.files() == before, "{report}");
    for what in ["WS_HEARTBEAT_INTERVAL", "service redis", "getrandom 0.3"] {
        assert!(report.contains(&format!("{what}: changed by you")), "{report}");
    }
    let report = project.rwx(&REMOVE).expect(0).stdout;
    for what in ["WS_HEARTBEAT_INTERVAL", "service redis", "getrandom 0.3"] {
        assert!(report.contains(&format!("{what}: changed by you")), "{report}");
    }
    assert!(project.read("compose.yaml").contains("6380:6379"));
}

#[test]
fn an_option_that_is_switched_off_takes_what_was_added_for_it() {
    let project = Scratch::of("service");
    let before = project.files();
    let without = [&ADD[..], &["--set", "redis=false"]].concat();
    project.rwx(&without).expect(0);
    let never = project.files();
    let project = Scratch::added("service");
    project.rwx(&without).expect(0);
    for path in ["compose.yaml", ".env.example", "Cargo.toml", "src/main.rs"] {
        assert_eq!(project.read(path).as_bytes(), never[path], "{path}");
    }
    assert_eq!(project.read("compose.yaml").as_bytes(), before["compose.yaml"]);
    project.rwx(&REMOVE).expect(0);
    assert!(project.files() == before);
}

/// The labels of what the record of `project` says was added.
fn labels(project: &Scratch) -> Vec<String> {
    let record = project.read(".rwx/websocket/record.toml");
    let mut labels: Vec<String> =
        record.lines().filter(|line| line.starts_with("what = ")).map(str::to_owned).collect();
    labels.sort();
    labels
}

#[test]
fn nothing_that_is_left_is_called_by_what_an_option_took_out() {
    let project = Scratch::of("service");
    project.add(&["--set", "tls=true", "--set", "history=true", "--set", "metrics=true"]).expect(0);
    let default = ["--set", "tls=false", "--set", "history=false", "--set", "metrics=false"];
    for off in [&default[..], &["--set", "redis=false"]] {
        project.add(off).expect(0);
        let fresh = Scratch::of("service");
        fresh.add(off).expect(0);
        assert_eq!(labels(&project), labels(&fresh), "{off:?}");
    }
    assert!(!project.read(".rwx/websocket/record.toml").contains("WS_REDIS_URL"));
}

#[test]
fn what_was_left_unwired_is_wired_when_asked() {
    let project = Scratch::of("minimal");
    project.add(&["--no-wire"]).expect(0);
    project.add(&[]).expect(0);
    assert!(!project.read("src/main.rs").contains("ws::router"));
    project.add(&["--wire"]).expect(0);
    let wired = project.read("src/main.rs");
    assert!(wired.contains("ws::router"), "{wired}");
    take_line(&project, "src/main.rs", "    let app = app.merge(");
    project.add(&[]).expect(0);
    assert!(!project.read("src/main.rs").contains("ws::router"));
}

#[test]
fn wiring_that_is_laid_out_anew_stands_and_goes() {
    let project = Scratch::of("service");
    let before = project.files();
    project.add(&[]).expect(0);
    let (short, long) = (
        "    let app = app.merge(service::ws::router(hub.clone()));\n",
        "    let app = app\n        .merge(service::ws::router(\n            hub.clone(),\n        ));\n",
    );
    project.rewrite("src/main.rs", short, long);
    project.rewrite(
        "src/settings.rs",
        "ws: crate::ws::WsConfig::from_env()?",
        "ws:\n crate::ws::WsConfig\n ::from_env()?",
    );
    assert!(!project.rwx(&["infra", "status"]).expect(0).stdout.contains("taken out"));
    assert!(project.add(&["--restore"]).expect(0).stdout.contains("nothing to do"));
    let report = project.rwx(&REMOVE).expect(0).stdout;
    for path in ["src/main.rs", "src/settings.rs"] {
        assert_eq!(project.read(path).as_bytes(), before[path], "{report}");
    }
}

#[test]
fn wiring_that_is_put_in_other_words_is_changed_and_not_missing() {
    let project = Scratch::added("service");
    project.rewrite("src/main.rs", "router(hub.clone()));", "router(hub.clone())).layer(log());");
    let status = project.rwx(&["infra", "status"]).expect(0).stdout;
    assert!(status.contains("changed") && !status.contains("taken out"), "{status}");
    let before = project.files();
    let report = project.rwx(&[&ADD[..], &["--restore"]].concat()).expect(0).stdout;
    assert!(project.files() == before, "{report}");
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(report.contains("changed by you"), "{report}");
    assert!(project.read("src/main.rs").contains(".layer(log());"));
}

#[test]
fn other_line_endings_are_no_edit() {
    let project = Scratch::added("minimal");
    project.write("src/ws/mod.rs", project.read("src/ws/mod.rs").replace('\n', "\r\n").as_bytes());
    assert!(!project.rwx(&["infra", "status"]).expect(0).stdout.contains("edited"));
    project.rwx(&REMOVE).expect(0);
    assert!(!project.path().join("src/ws").exists());
}

#[test]
fn a_crate_for_tests_stays_where_a_test_of_hers_uses_it() {
    let project = Scratch::added("service");
    project.write("tests/live.rs", b"use tokio_tungstenite::client_async;\n");
    let report = project.rwx(&REMOVE).expect(0).stdout;
    assert!(
        report.contains("tokio-tungstenite 0.29 (handshake), for tests: used in tests/live.rs"),
        "{report}"
    );
    assert!(project.read("Cargo.toml").contains("\ntokio-tungstenite = "));
}

#[test]
fn tests_ask_only_for_the_features_that_her_own_entry_lacks() {
    let dev = |project: &Scratch| {
        let manifest: toml_edit::DocumentMut = project.read("Cargo.toml").parse().unwrap();
        manifest.get("dev-dependencies").and_then(|dev| Some(dev.get("tokio")?.to_string()))
    };
    let asks = |features: &str| Some(format!(" {{ version = \"1\", features = [{features}] }}"));
    let project = Scratch::of("strict");
    let before = project.files();
    project.add(&[]).expect(0);
    assert_eq!(dev(&project), asks("\"io-util\""));
    assert!(project.rwx(&["infra", "update"]).expect(0).stdout.ends_with("nothing to do\n"));
    project.rewrite("Cargo.toml", "\"macros\", ", "");
    let report = project.rwx(&["infra", "update"]).expect(0).stdout;
    assert!(report.contains("tokio: io-util, macros, for tests"), "{report}");
    assert_eq!(dev(&project), asks("\"io-util\", \"macros\""));
    project.rewrite("Cargo.toml", "[\"net\"", "[\"macros\", \"net\"");
    project.rwx(&["infra", "update"]).expect(0);
    assert_eq!(dev(&project), asks("\"io-util\""));
    project.add(&["--set", "tests=false"]).expect(0);
    assert_eq!(dev(&project), None);
    project.rwx(&REMOVE).expect(0);
    assert!(before == project.files());
}

#[test]
fn a_comment_that_the_owner_puts_into_what_was_added_survives_a_removal() {
    let project = Scratch::of("service");
    project.add(&[]).expect(0);
    project.rewrite("src/settings.rs", "    pub ws: ", "    // Mine.\n    pub ws: ");
    let removed = project.rwx(&["infra", "remove", "websocket"]).expect(0).stdout;
    assert!(removed.contains("changed by you"), "{removed}");
    assert!(project.read("src/settings.rs").contains("// Mine.\n"));
}

#[test]
fn a_header_of_the_environment_sample_that_the_owner_rewords_or_takes_out_stays_so() {
    for hers in ["# Our sockets", "#"] {
        let project = Scratch::of("service");
        project.add(&["--set", "redis=false"]).expect(0);
        let sample = project.read(".env.example");
        let header = sample.lines().find(|line| line.starts_with("# WebSockets (")).unwrap();
        project.rewrite(".env.example", header, hers);
        let told = project.add(&["--set", "redis=true"]).expect(0).stdout;
        assert!(told.contains("keep .env.example  the header: taken out by you"), "{told}");
        let now = project.read(".env.example");
        assert!(now.contains("\nWS_REDIS_URL=") && !now.contains(header), "{now}");
        project.rwx(&REMOVE).expect(0);
        assert!(project.read(".env.example").contains(hers));
    }
}
