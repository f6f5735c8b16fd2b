//! What every editor, the merge and a removal hold on any text. Of an editor: no panic, nothing
//! taken away, the output parses, and twice is once.

#[path = "merge.rs"]
mod merge;
#[path = "undo.rs"]
mod undo;

use rwx::edit::rust::{
    Anchor, Field, Mount, ServeCall, Syntax, add_field, blocks_around, declare_module, init_field,
    mount, serve_calls,
};
use rwx::edit::{Edit, Outcome, compose, dotenv, manifest};

/// A target: its name, and what it does with an input.
pub(crate) type Target = (&'static str, fn(&str));

/// All targets.
pub(crate) const TARGETS: [Target; 6] = [
    ("manifest", manifest_target),
    ("rust", rust_target),
    ("compose", compose_target),
    ("dotenv", dotenv_target),
    ("merge", merge::target),
    ("undo", undo::target),
];

/// Runs the target `name` on `data`, when that is text.
pub(crate) fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|(other, _)| *other == name).expect("a target of this name");
    if let Ok(text) = std::str::from_utf8(data) {
        target.1(text);
    }
}

/// Holds the laws for one editor; only what `removable` names, and blanks, may go.
fn hold(
    source: &str,
    removable: &[&str],
    parses: impl Fn(&str) -> bool,
    editor: impl Fn(&str) -> Outcome,
) {
    let edit = match editor(source) {
        Ok(edit) => edit,
        Err(refusal) => {
            assert!(source.get(refusal.at.clone()).is_some(), "{refusal:?} is not in the text");
            return;
        }
    };
    for splice in edit.splices() {
        let before = &source[splice.range.clone()];
        let gone: String = before.split_whitespace().collect();
        let stays = splice.text.contains(before);
        assert!(
            stays || gone.is_empty() || removable.contains(&gone.as_str()),
            "{splice:?} takes bytes away"
        );
    }
    let output = edit.apply(source);
    assert!(edit.is_empty() || parses(&output), "does not parse: {output:?}");
    assert_eq!(editor(&output), Ok(Edit::default()), "not stable: {output:?}");
}

fn manifest_target(text: &str) {
    let requirement = |name, kind, rename| manifest::Requirement {
        name,
        version: "0.8",
        features: &["ws", "json"],
        implied_by: &["full"],
        default_features: kind == manifest::Kind::Normal,
        kind,
        rename,
    };
    let wanted = [
        requirement("axum", manifest::Kind::Normal, None),
        requirement("tokio", manifest::Kind::Normal, None),
        requirement("axum", manifest::Kind::Dev, None),
        requirement("redis", manifest::Kind::Dev, Some("bus")),
    ];
    let parses =
        |text: &str| text.trim_start_matches('\u{feff}').parse::<toml_edit::DocumentMut>().is_ok();
    for requirement in wanted {
        hold(text, &[], parses, |text| manifest::require(text, &requirement, None));
    }
}

/// The statement around the first call of `axum::serve`.
fn anchor(text: &str) -> Option<Anchor> {
    let syntax = Syntax::parse(text).ok()?;
    let calls = serve_calls(&syntax, "axum");
    let frames = calls.iter().find_map(|call| match call {
        ServeCall::Plain(call) => Some(&call.frames),
        ServeCall::InMacro(_) => None,
    });
    let (block, index) = *blocks_around(frames?).first()?;
    Anchor::at(text, &syntax, &syntax.range(&block.stmts[index]))
}

fn rust_target(text: &str) {
    let parses = |text: &str| Syntax::parse(text).is_ok();
    let field = Field {
        name: "ws".into(),
        ty: "crate::ws::Config".into(),
        doc: vec!["Sockets.".into()],
        attributes: vec!["#[serde(default)]".into()],
    };
    let wiring = Mount {
        axum: "axum",
        at: anchor(text).unwrap_or_default(),
        router: "app",
        settings: Some("settings"),
        after_settings: vec!["let hub = settings.ws.hub();".into()],
        before_state: vec!["let up = start();".into()],
        before_serve: vec!["let app = app.merge(ws::router(hub.clone()));".into()],
        behind_router: None,
        servers: vec![0],
        around_signal: Some(["hub.after(".into(), ")".into()]),
    };
    hold(text, &[], parses, |text| declare_module(text, "ws", "pub"));
    hold(text, &[], parses, |text| declare_module(text, "metrics", ""));
    hold(text, &[], parses, |text| add_field(text, "Settings", &field));
    hold(text, &[], parses, |text| {
        init_field(text, "Settings", "ws", |context| format!("{context:?}()"))
    });
    hold(text, &[], parses, |text| mount(text, &wiring));
    hold(text, &[], parses, |text| mount(text, &Mount { settings: None, ..wiring.clone() }));
    let behind_router = Some(".merge(ws::router(hub.clone()))".to_owned());
    hold(text, &[], parses, |text| {
        let before_serve = vec!["let hub = settings.ws.hub();".into()];
        let behind_router = behind_router.clone();
        mount(text, &Mount { before_serve, behind_router, ..wiring.clone() })
    });
}

fn compose_target(text: &str) {
    let service = compose::Service {
        name: "redis",
        images: &["redis", "valkey"],
        body: "image: redis:7\ncommand: |\n  redis-server\n    --save 60 1\nhealthcheck:\n  test: [CMD, redis-cli, ping]\n",
        volumes: &["data"],
        taken: &[],
    };
    let parses =
        |text: &str| compose::find_service(text, service.images).is_ok_and(|found| found.is_some());
    hold(text, &["{}", "~", "null"], parses, |text| compose::add_service(text, &service));
}

fn dotenv_target(text: &str) {
    let line = |key, value, comment| dotenv::Line { key, value, comment };
    let wanted =
        [line("WS_URL", "", &["Where it is;", "empty = here"]), line("WS_PING", "'30'", &[])];
    let parses = |text: &str| dotenv::add(text, "", &[line("ANOTHER", "", &[])]).is_ok();
    hold(text, &[], parses, |text| dotenv::add(text, "WebSocket", &wanted));
}
