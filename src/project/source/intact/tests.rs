use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;

use super::super::package::Place;
use super::super::{Root, RootKind, Serve};
use super::*;

/// What leaves the settings where they are.
const KEEPING: [&str; 15] = [
    "",
    "log(&settings);",
    "bind((settings.host, settings.port)).await;",
    "let state = State { settings: settings.clone() };",
    "println!(\"{}\", settings.port);",
    "println!(\"{:?} {}\", &settings, format!(\"{}\", settings.host));",
    "other.settings = 1;",
    "let pool = connect(&settings.database).await?;",
    "if settings.verbose { log(1); }",
    "for host in &settings.hosts { log(host); }",
    "match settings.mode { Mode::A => a(), _ => b(settings.port) }",
    "let state = Arc::new(settings.clone());",
    "let name = (settings.names)[0].clone();",
    "let f = || other.port;",
    "spawn(async move { other.settings.await });",
];

/// What may move them.
const MOVING: [&str; 24] = [
    "let state = State { settings };",
    "let state = State { config: settings, port: 1 };",
    "run(settings);",
    "let app = api(settings).await?;",
    "let app = api(settings).await;",
    "let app = build(1, (settings,)).unwrap();",
    "let shared = Arc::new(settings);",
    "settings.run();",
    "settings.into_parts().await;",
    "spawn(async move { settings.port });",
    "spawn(async { log(&settings) });",
    "let f = move || settings.port;",
    "let f = || drop(&settings);",
    "let Settings { port, .. } = settings;",
    "let moved = settings;",
    "for x in settings { log(x); }",
    "match settings { x => drop(x) }",
    "if let Some(x) = Some(settings) { drop(x); }",
    "let all = vec![settings];",
    "info!(?settings);",
    "let f = spawn!(async move { settings.port });",
    "let old = Settings { port: 1, ..settings };",
    "change(&mut settings);",
    "{ { take(settings); } }",
];

fn is_intact(between: &str) -> bool {
    is_intact_at(between, "axum::serve(listener, app).await.unwrap();")
}

fn is_intact_at(between: &str, serve: &str) -> bool {
    let head = "fn main() {\n    let settings = Settings::new();\n";
    let text = format!("{head}{between}\n    let app = axum::Router::new();\n    {serve}\n}}\n");
    let root = Root { file: "src/main.rs".to_owned(), kind: RootKind::Bin, name: "app".to_owned() };
    let package = Package::new(BTreeMap::from([("src/main.rs".to_owned(), text)]), vec![root]);
    let Serve::Site(site) = package.serve("axum") else { panic!("no site") };
    let place = Place { file: "src/main.rs".to_owned(), range: 0..head.len() };
    package.is_intact(&SettingsBinding { name: "settings".to_owned(), place }, &site)
}

#[test]
fn borrows_clones_and_fields_leave_the_settings_there() {
    KEEPING.iter().for_each(|between| assert!(is_intact(between), "{between}"));
}

#[test]
fn what_may_move_them_counts_as_a_move() {
    MOVING.iter().for_each(|between| assert!(!is_intact(between), "{between}"));
}

#[test]
fn a_closure_or_an_async_block_around_the_server_would_capture_them() {
    for serve in [
        "spawn(async move {\n        axum::serve(listener, app).await.unwrap();\n    });",
        "runtime.block_on(async \
        {\n        log();\n        axum::serve(listener, app).await.unwrap();\n    });",
    ] {
        assert!(!is_intact_at("", serve), "{serve}");
    }
    assert!(is_intact_at("", "if x {\n        axum::serve(listener, app).await.unwrap();\n    }"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn one_move_anywhere_counts(
        before in prop::collection::vec(select(&KEEPING[..]), 0..4),
        moving in prop::option::of(select(&MOVING[..])),
        after in prop::collection::vec(select(&KEEPING[..]), 0..4),
        wrap in select(&["", "if x { ", "match y { _ => { ", "unsafe { "][..]),
    ) {
        let inner = before.into_iter().chain(moving).chain(after).collect::<Vec<_>>().join("\n");
        let between = format!("{wrap}{inner}{}", " }".repeat(wrap.matches('{').count()));
        prop_assert_eq!(is_intact(&between), moving.is_none(), "{}", between);
    }
}
