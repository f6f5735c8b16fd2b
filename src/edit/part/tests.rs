//! Additions as they are found in the texts of a later day.

use proptest::prelude::*;

use super::super::laws::{config, mutate, mutations};
use super::super::trace::{Step, steps};
use super::*;

const MANIFEST: &str = "[dependencies]\naxum = \"0.8\" # web\ntokio = { version = \"1\", features = [\"net\"] }\n";
const ENVIRONMENT: &str = "PORT=1\n\n# end\n";
const COMPOSE: &str = "services:\n  db:\n    image: pg\n";
const MAIN: &str = "mod a;\n\nstruct S {\n    a: u8,\n}\n\nfn main() {}\n";

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
        [] => Part::Dependency { table, key },
        features => {
            let features = features.iter().map(|one| (*one).to_owned()).collect();
            Part::Features { table, key, features, names: Vec::new() }
        }
    };
    added(MANIFEST, &manifest::require(MANIFEST, &requirement, None).unwrap(), part)
}

fn additions() -> Vec<(String, Part, Vec<Trace>)> {
    let line = dotenv::Line { key: "WS_URL", value: "", comment: &["Where."] };
    let service = compose::Service { name: "queue", images: &["queue"], body: "image: queue:7\n", volumes: &[] };
    let field = rust::Field { name: "ws".to_owned(), ty: "u8".to_owned(), ..rust::Field::default() };
    let named = |name: &str| name.to_owned();
    vec![
        dependency("serde", &[]),
        dependency("axum", &["ws"]),
        dependency("tokio", &["rt", "time"]),
        added(ENVIRONMENT, &dotenv::add(ENVIRONMENT, "", &[line]).unwrap(), Part::Variable { name: named("WS_URL") }),
        added(COMPOSE, &compose::add_service(COMPOSE, &service).unwrap(), Part::Service { name: named("queue") }),
        added(MAIN, &rust::declare_module(MAIN, "ws", "").unwrap(), Part::Module { name: named("ws") }),
        added(MAIN, &Edit::insertion(MAIN.len() - 2, "\n    let a = b(c);\n"), Part::Statement),
        added(MAIN, &rust::add_field(MAIN, "S", &field).unwrap(), Part::Field { of: named("S"), name: named("ws") }),
    ]
}

#[test]
fn an_addition_stands_until_it_is_taken_away() {
    for (text, part, traces) in additions() {
        let Ok(State::Standing(edit)) = part.state(&text, &traces) else { panic!("{part:?} in {text}") };
        assert_eq!(part.state(&edit.apply(&text), &traces), Ok(State::Gone));
    }
}

#[test]
fn an_addition_that_the_owner_has_changed_is_hers() {
    let changes =
        [("serde = \"1\"", "serde = \"2\""), ("WS_URL=", "WS_URL=x"), ("queue:7", "queue:8"), ("ws: u8", "ws: u16")];
    for (old, new) in changes {
        let all = additions();
        let (text, part, traces) = all.iter().find(|(text, ..)| text.contains(old)).unwrap();
        let state = part.state(&text.replace(old, new), traces);
        assert!(matches!(state, Ok(State::Changed(_))), "{part:?}: {state:?}");
    }
}

#[test]
fn a_comment_within_an_addition_is_hers() {
    for (old, new) in [("ws: u8", "ws: /* hers */ u8"), ("b(c)", "b( // hers\nc)"), ("b(c)", "b(\nc,\n)")] {
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
            let today = mutate(&text, &changes);
            if let Ok(State::Standing(edit)) = part.state(&today, &traces) {
                let left = part.state(&edit.apply(&today), &traces);
                prop_assert!(matches!(left, Ok(State::Gone)), "{left:?} of {part:?} in {today:?}");
            }
        }
    }
}
