//! The laws of every editor here on damaged sources: no panic, insertions only, the result parses,
//! twice is once.

use proptest::prelude::*;

use super::testing::{anchor, assert_laws};
use super::{Field, Mount, add_field, declare_module, init_field, mount};
use crate::edit::Outcome;
use crate::edit::laws::config;

const SAMPLE: &str = r#"//! Serves. äöü
#![deny(warnings)]

mod config; // settings
#[cfg(test)]
mod tests;

use axum::{Router, routing::get};

/// Settings. ✓
#[derive(Debug, Clone)]
pub struct Settings {
    /// Port.
    pub port: u16, /* TCP */
    pub host: String
}

impl Settings {
    fn load() -> anyhow::Result<Self> {
        Ok(Self { port: 1, host: "{".into() })
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::load()?;
    println!("{:?}", Settings { port: 2, host: String::new() });
    let all = vec![Settings {
        port: 3,
        host: format!("ü{}", 1),
    }];
    if let Settings { port: 1, .. } = settings {}
    let app = Router::new().route("/", get(|| async { "Hello" }));
    let listener = tokio::net::TcpListener::bind("[::]:80").await?;

    // Runs.
    axum::serve(listener, app.into_make_service())
        .with_graceful_shutdown(async {})
        .await?;
    Ok(())
}
"#;

type Editor = Box<dyn Fn(&str) -> Outcome>;

/// The editors, of which the last two know the statement of `source` that serves.
fn editors(source: &str) -> [Editor; 5] {
    let at = anchor(source);
    let again = at.clone();
    [
        Box::new(|text| declare_module(text, "ws", "pub")),
        Box::new(|text| {
            let field = Field {
                name: "ws".into(),
                ty: "Ws".into(),
                doc: vec!["Sockets.".into()],
                ..Field::default()
            };
            add_field(text, "Settings", &field)
        }),
        Box::new(|text| {
            init_field(text, "Settings", "ws", |found| format!("{:?}()", found.context))
        }),
        Box::new(move |text| {
            let wiring = Mount {
                axum: "axum",
                at: at.clone(),
                router: "app",
                settings: Some("settings"),
                after_settings: vec!["let hub = settings.ws.hub();".into()],
                before_serve: vec![
                    "let app = app.merge(".into(),
                    "    ws::router(hub),".into(),
                    ");".into(),
                ],
                before_state: vec!["let up = start();".into()],
                behind_router: None,
                servers: vec![0],
                around_signal: Some(["hub.after(".into(), ")".into()]),
            };
            mount(text, &wiring)
        }),
        Box::new(move |text| {
            let wiring = Mount {
                axum: "axum",
                at: again.clone(),
                router: "app",
                before_serve: vec!["let hub = settings.ws.hub();".into()],
                behind_router: Some(".merge(ws::router(hub))".into()),
                ..Mount::default()
            };
            mount(text, &wiring)
        }),
    ]
}

/// Holds the laws for each editor that does not refuse; a refusal names bytes of the text.
fn hold(source: &str) {
    for editor in editors(source) {
        match editor(source) {
            Ok(_) => assert_laws(source, editor),
            Err(refusal) => {
                assert!(source.get(refusal.at.clone()).is_some(), "{refusal:?} is not in the text")
            }
        }
    }
}

/// The greatest character boundary at or below `at`.
fn boundary(source: &str, at: usize) -> usize {
    (0..=at.min(source.len())).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0)
}

#[test]
fn the_sample_itself_is_edited() {
    for (text, bom) in [(SAMPLE.to_owned(), ""), (SAMPLE.replace('\n', "\r\n"), "\u{feff}")] {
        let text = format!("{bom}{text}");
        hold(&text);
        assert!(
            editors(&text).iter().all(|editor| editor(&text).is_ok_and(|edit| !edit.is_empty()))
        );
    }
}

#[test]
fn beginnings_of_the_sample_are_survived() {
    for (end, _) in SAMPLE.char_indices().step_by(3) {
        hold(&SAMPLE[..end]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..config() })]

    #[test]
    fn any_text_is_survived(text in "\\PC*") {
        hold(&text);
    }

    #[test]
    fn words_in_any_order_are_survived(
        words in proptest::collection::vec(prop::sample::select(vec![
            "mod ws", "mod a;", "struct Settings", "Settings", "{", "}", "(", ")", ";", ",", ": u8", "axum::serve(l, app)",
            ".await", "fn f()", "let app =", "//", "/*", "*/", "\n", "\r\n", "#[a]", "use a;", "\"", "'", "ä", "..", "m!",
        ]), 0..24)
    ) {
        hold(&words.join(" "));
    }

    #[test]
    fn a_hole_in_the_sample_is_survived(start in 0..SAMPLE.len(), len in 0_usize..60) {
        let (start, end) = (boundary(SAMPLE, start), boundary(SAMPLE, start + len));
        hold(&format!("{}{}", &SAMPLE[..start], &SAMPLE[end.max(start)..]));
    }

    #[test]
    fn lines_may_be_joined_and_split(at in 0..SAMPLE.len(), text in prop::sample::select(vec!["\n", " ", "/* x */", "// y\n", "\r\n"])) {
        let at = boundary(SAMPLE, at);
        hold(&format!("{}{text}{}", &SAMPLE[..at], &SAMPLE[at..]));
        let next = SAMPLE[at..].find('\n').map_or(at, |newline| at + newline);
        hold(&format!("{} {}", &SAMPLE[..next], SAMPLE.get(next + 1..).unwrap_or_default()));
    }
}
