//! Additions as they are found in the texts of a later day.

use proptest::prelude::*;

use super::super::laws::{config, mutate, mutations};
use super::super::trace::{Step, steps};
use super::*;

const MANIFEST: &str =
    "[dependencies]\naxum = \"0.8\" # web\ntokio = { version = \"1\", features = [\"net\"] }\n";
const ENVIRONMENT: &str = "PORT=1\n\n# end\n";
const README: &str = "# App\n\n## Run\n\nIt runs.\n";
const COMPOSE: &str = "services:\n  db:\n    image: pg\n";
const MAIN: &str = "mod a;\nmod x;\n\nstruct S {\n    a: u8,\n}\n\nfn main() {}\n";
const LITERAL: &str = "fn load() -> S {\n    S { name: \"service\".to_owned() }\n}\n";
const IN_MACRO: &str =
    "fn show() {\n    println!(\"{:?}\", S { name: name_of_the_service() });\n}\n";
const SERVED: &str = "async fn main() \
    {\n    let app = Router::new();\n    axum::serve(l, app).with_graceful_shutdown(stop()).await.unwrap();\n    end();\n}\n";

/// A text with an addition in it, and what is known of the addition.
fn added(source: &str, edit: &Edit, part: Part) -> (String, Part, Vec<Trace>) {
    let [Step { traces, text }] = &steps(source, edit)[..] else { panic!("one step") };
    (text.clone(), part, traces.clone())
}

fn dependency(name: &str, features: &[&str]) -> (String, Part, Vec<Trace>) {
    let kind = manifest::Kind::Normal;
    let requirement = manifest::Requirement {
        name,
        version: "1",
        features,
        implied_by: &[],
        default_features: true,
        kind,
        rename: None,
    };
    let (table, key) = (kind.table().to_owned(), name.to_owned());
    let part = match features {
        [] => Part::Dependency { table, key, gates: BTreeMap::new() },
        features => {
            let features = features.iter().map(|one| (*one).to_owned()).collect();
            Part::Features { table, key, features, names: Vec::new(), gates: BTreeMap::new() }
        }
    };
    added(MANIFEST, &manifest::require(MANIFEST, &requirement, None).unwrap(), part)
}

fn additions() -> Vec<(String, Part, Vec<Trace>)> {
    let line = dotenv::Line { key: "WS_URL", value: "", comment: &["Where."] };
    let service = compose::Service {
        name: "queue",
        images: &["queue"],
        body: "image: queue:7\n",
        volumes: &[],
        taken: &[],
    };
    let field =
        rust::Field { name: "ws".to_owned(), ty: "u8".to_owned(), ..rust::Field::default() };
    let named = |name: &str| name.to_owned();
    let field_of_s = || Part::Field { of: named("S"), name: named("ws") };
    let value = |_: &rust::StructUse| "Ws::default()".to_owned();
    vec![
        dependency("serde", &[]),
        dependency("axum", &["ws"]),
        dependency("tokio", &["rt", "time"]),
        added(
            ENVIRONMENT,
            &dotenv::add(ENVIRONMENT, "", &[line]).unwrap(),
            Part::Variable { name: named("WS_URL") },
        ),
        added(
            README,
            &markdown::add_chapter(README, "Chat", "All of it:\n\n    talk").unwrap(),
            Part::Chapter { title: named("Chat") },
        ),
        added(
            COMPOSE,
            &compose::add_service(COMPOSE, &service).unwrap(),
            Part::Service { name: named("queue") },
        ),
        added(
            MAIN,
            &rust::declare_module(MAIN, "ws", "").unwrap(),
            Part::Module { name: named("ws") },
        ),
        added(MAIN, &Edit::insertion(MAIN.len() - 2, "\n    let a = b(c);\n"), Part::Statement),
        added(
            MAIN,
            &rust::declare_module(MAIN, "ws", "pub").unwrap(),
            Part::Module { name: named("ws") },
        ),
        added(MAIN, &rust::add_field(MAIN, "S", &field).unwrap(), field_of_s()),
        added(LITERAL, &rust::init_field(LITERAL, "S", "ws", value).unwrap(), field_of_s()),
        added(IN_MACRO, &rust::init_field(IN_MACRO, "S", "ws", value).unwrap(), field_of_s()),
        statement(&["let app = app.merge(ws::router(hub.clone()));"], None),
        statement(&[], Some(["hub.after(", ")"])),
    ]
}

fn statement(before: &[&str], around: Option<[&str; 2]>) -> (String, Part, Vec<Trace>) {
    let before_serve = before.iter().map(|line| (*line).to_owned()).collect();
    let around_signal = around.map(|around| around.map(str::to_owned));
    let at = rust::testing::anchor(SERVED);
    let mount = rust::Mount {
        axum: "axum",
        at,
        before_serve,
        servers: vec![0],
        around_signal,
        ..Default::default()
    };
    added(SERVED, &rust::mount(SERVED, &mount).unwrap(), Part::Statement)
}

/// What became of the addition with `old` in it once the owner has put `new` there.
fn state_with(old: &str, new: &str) -> (String, State) {
    let all = additions();
    let (text, part, traces) = all.iter().find(|(text, ..)| text.contains(old)).unwrap();
    let today = text.replace(old, new);
    let state = part.state(&today, traces).unwrap();
    (today, state)
}

#[test]
fn an_addition_stands_until_it_is_taken_away() {
    for (text, part, traces) in additions() {
        let Ok(State::Standing(edit)) = part.state(&text, &traces) else {
            panic!("{part:?} in {text}")
        };
        assert_eq!(part.state(&edit.apply(&text), &traces), Ok(State::Gone));
    }
}

#[test]
fn an_addition_that_the_owner_has_changed_is_hers() {
    for (old, new) in [
        ("serde = \"1\"", "serde = \"2\""),
        ("WS_URL=", "WS_URL=x"),
        ("    talk", "    talk loudly"),
        ("queue:7", "queue:8"),
        ("ws: u8", "ws: u16"),
        ("    ws: u8", "    #[serde(skip)]\n    ws: u8"),
        ("Ws::default()", "Ws::default().clone()"),
        ("mod ws;", "mod ws; // sockets"),
        ("hub.clone()));", "hub.clone())).layer(x());"),
        ("hub.after(stop())", "hub.after(stop().boxed())"),
    ] {
        let (today, state) = state_with(old, new);
        assert!(matches!(state, State::Changed(_)), "{state:?} in {today}");
    }
}

#[test]
fn a_declaration_goes_with_all_that_the_owner_has_given_it() {
    for new in ["pub(crate) mod ws;", "#[allow(unused)]\nmod ws;", "/// Sockets.\nmod ws;"] {
        let (today, state) = state_with("mod ws;", new);
        let State::Standing(edit) = state else { panic!("{state:?} in {today}") };
        assert_eq!(edit.apply(&today), MAIN);
    }
}

/// True when every line of `left` is one of `text`, in order.
fn are_lines_of(left: &str, text: &str) -> bool {
    let bare = |line: &'_ str| line.trim_end_matches('\r').to_owned();
    let mut lines = text.lines().map(bare);
    left.lines().map(bare).all(|line| lines.any(|other| other == line))
}

#[test]
fn a_service_goes_and_leaves_the_key_to_one_of_the_owner_s() {
    let service = compose::Service {
        name: "queue",
        images: &["queue"],
        body: "image: queue:7\n",
        volumes: &[],
        taken: &[],
    };
    for source in ["name: app\n", "name: app\r\n", "name: app", ""] {
        let (text, part, traces) = added(
            source,
            &compose::add_service(source, &service).unwrap(),
            Part::Service { name: "queue".to_owned() },
        );
        let ending = crate::edit::line_ending(&text);
        let other = format!("  other:{ending}    image: other");
        let ahead = text.replace("services:", &format!("services:{ending}{other}"));
        let behind = format!("{}{ending}{other}{ending}", text.trim_end());
        for today in [ahead, behind] {
            let State::Standing(edit) = part.state(&today, &traces).unwrap() else {
                panic!("not in {today:?}")
            };
            let end = if today.ends_with('\n') { ending } else { "" };
            let gap = if source.is_empty() {
                String::new()
            } else {
                format!("{}{ending}{ending}", source.trim_end())
            };
            assert_eq!(edit.apply(&today), format!("{gap}services:{ending}{other}{end}"));
        }
    }
}

#[test]
fn a_comment_within_an_addition_is_hers() {
    for (old, new) in
        [("ws: u8", "ws: /* hers */ u8"), ("b(c)", "b( // hers\nc)"), ("b(c)", "b(\nc,\n)")]
    {
        let all = additions();
        let (text, part, traces) = all.iter().find(|(text, ..)| text.contains(old)).unwrap();
        let state = part.state(&text.replace(old, new), traces).unwrap();
        assert_eq!(matches!(state, State::Standing(_)), !new.contains("hers"), "{new}: {state:?}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_taken_out_of_any_text_is_gone_from_it(changes in mutations("[]{}\"'=.,:;#/ \n\rws1")) {
        for (text, part, traces) in additions() {
            let without = |text: &str| match part.state(text, &traces) {
                Ok(State::Standing(edit)) => Some(edit.apply(text)),
                _ => None,
            };
            let today = mutate(&text, &changes);
            if let Some(left) = without(&today) {
                let state = part.state(&left, &traces);
                prop_assert!(matches!(state, Ok(State::Gone)), "{state:?} of {part:?} in {today:?}");
                let is_of_lines = without(&text).is_some_and(|left| are_lines_of(&left, &text));
                prop_assert!(!is_of_lines || are_lines_of(&left, &today), "{left:?} of {today:?}");
            }
        }
    }
}
