//! A second run of `rwx infra add` with other choices, in a project where the first left something
//! to be done by hand.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use support::Scratch;

fn with_a_route_of_its_own() -> Scratch {
    let project = Scratch::of("plain-07");
    project.rewrite(
        "src/main.rs",
        "Router::new()",
        "Router::new().route(\"/ws\", axum::routing::any(|| async {}))",
    );
    project
}

#[test]
fn a_route_that_is_taken_is_left_by_hand_and_another_is_wired_by_the_next_run() {
    let project = with_a_route_of_its_own();
    let first = project.add(&[]).expect(0).stdout;
    assert!(first.contains("run again with `--route /ws2`"), "{first}");
    assert!(!project.read("src/main.rs").contains("ws::router"));
    let second = project.add(&["--route", "/live"]).expect(0).stdout;
    assert!(second.contains("update src/main.rs"), "{second}");
    assert!(project.read("src/main.rs").contains("ws::router"));
}

#[test]
fn what_a_component_rendered_is_no_part_of_the_owner_s_settings_or_routes() {
    let project = with_a_route_of_its_own();
    let first = project.add(&[]).expect(0).stdout;
    let again = project.add(&[]).expect(0).stdout;
    let by_hand =
        |report: &str| report.lines().find(|line| line.contains("manual")).map(str::to_owned);
    assert!(by_hand(&first).is_some_and(|line| line.contains("src/main.rs")), "{first}");
    assert_eq!(by_hand(&first), by_hand(&again));
    let wired = project.add(&["--route", "/live"]).expect(0).stdout;
    assert!(!wired.contains("settings struct"), "{wired}");
}

#[test]
fn the_stopping_that_is_left_by_hand_is_told_until_it_is_there() {
    let project = Scratch::of("plain-07");
    let server = project.read("src/main.rs").replace("axum::serve(", "let server = axum::serve(");
    let graceful = "app);\n    let _ = tokio::join!(server.with_graceful_shutdown(std::future::pending()));\n}";
    project.write("src/main.rs", server.replace("app).await.unwrap();\n}", graceful).as_bytes());
    for _ in 0..2 {
        let report = project.add(&[]).expect(0).stdout;
        assert!(report.contains("// hub.clone().shutdown_after(signal)"), "{report}");
    }
    project.rewrite("src/main.rs", "std::future::pending()", "hub.clone().shutdown_after(stop())");
    let report = project.add(&[]).expect(0).stdout;
    assert!(report.contains("nothing to do") && !report.contains("manual"), "{report}");
}

#[test]
fn the_module_stays_in_its_crate_when_the_package_gets_a_library() {
    let project = Scratch::of("plain-07");
    project.add(&[]).expect(0);
    project.write("src/lib.rs", b"//! A library that came later.\n");
    let report = project.add(&[]).expect(0).stdout;
    assert!(report.contains("nothing to do"), "{report}");
    assert_eq!(project.read("src/lib.rs"), "//! A library that came later.\n");
}

#[test]
fn a_module_that_the_owner_renamed_is_left_to_her() {
    let project = Scratch::of("minimal");
    project.add(&[]).expect(0);
    std::fs::rename(project.path().join("src/ws"), project.path().join("src/live")).unwrap();
    let renamed =
        project.read("src/main.rs").replace("mod ws;", "mod live;").replace("ws::", "live::");
    project.write("src/main.rs", renamed.as_bytes());
    let report = project.add(&[]).expect(0).stdout;
    assert!(report.contains("keep src/ws/  moved by you"), "{report}");
    assert_eq!(project.read("src/main.rs"), renamed);
    assert!(!project.path().join("src/ws").exists());
}

#[test]
fn an_option_that_is_on_again_brings_its_files_back() {
    let project = Scratch::of("minimal");
    project.add(&[]).expect(0);
    let before = project.files();
    project.add(&["--set", "client=false"]).expect(0);
    assert!(!project.path().join("src/ws/client.js").exists());
    project.add(&["--set", "client=true"]).expect(0);
    assert!(before == project.files());
}

#[test]
fn routes_that_the_owner_took_out_stay_out() {
    let project = Scratch::of("plain-07");
    project.add(&[]).expect(0);
    project.rewrite("src/main.rs", "    let app = app.merge(ws::router(hub.clone()));\n", "");
    let before = project.files();
    let report = project.add(&[]).expect(0).stdout;
    assert!(report.contains("keep src/main.rs  you took the routes out of the router"), "{report}");
    assert_eq!(before["src/main.rs"], project.files()["src/main.rs"]);
}
