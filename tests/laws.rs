//! Laws of a plan, on projects that are put together at random from the shapes of [`parts`].
//!
//! A component is added or refused cleanly; adding it again changes nothing; every word of the user's stays, in order; what is
//! changed keeps its line endings and still parses.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "laws/parts.rs"]
mod parts;

use std::path::PathBuf;

use proptest::prelude::*;
use proptest::sample::select;
use rwx::component;
use rwx::edit::{compose, dotenv};
use rwx::plan::{Choices, Plan, add};
use rwx::problem::Problem;
use rwx::project::{Project, Tree};

/// How the lines of all files end.
#[derive(Debug, Clone, Copy)]
struct Ending {
    carriage: bool,
    mark: bool,
    last: bool,
}

impl Ending {
    fn of(self, text: &str) -> String {
        let text = if self.last { text } else { text.trim_end() };
        let text = if self.carriage { text.replace('\n', "\r\n") } else { text.to_owned() };
        if self.mark { format!("\u{feff}{text}") } else { text }
    }
}

fn main_file(head: &str, (settings, load): (&str, &str), router: &str) -> String {
    let listener = "let listener = tokio::net::TcpListener::bind(\"127.0.0.1:0\").await.unwrap();";
    let helpers =
        "async fn stop() {}\n\nasync fn index() {}\n\nfn routes(_: u8) -> axum::Router {\n    axum::Router::new()\n}\n";
    format!(
        "{head}#[tokio::main]\nasync fn main() {{\n    {load}\n    {listener}\n    {router}\n}}\n\n{helpers}\n{settings}"
    )
}

fn tree() -> impl Strategy<Value = Tree> {
    let ending = (any::<bool>(), any::<bool>(), any::<bool>());
    let ending = ending.prop_map(|(carriage, mark, last)| Ending { carriage, mark, last });
    let sources = (select(parts::HEADS), select(parts::SETTINGS), select(parts::ROUTERS));
    let others = (select(parts::DEPENDENCIES), select(parts::COMPOSE), select(parts::SAMPLE));
    (sources, others, any::<bool>(), ending).prop_map(
        |((head, settings, router), (dependencies, compose, sample), has_lib, ending)| {
            let manifest = format!("[package]\nname = \"app\"\nedition = \"2021\"\n\n[dependencies]\n{dependencies}");
            let mut tree = Tree::default();
            tree.put("Cargo.toml", ending.of(&manifest));
            tree.put("src/main.rs", ending.of(&main_file(head, settings, router)));
            ["zoo", "api"].iter().for_each(|name| tree.put(format!("src/{name}.rs"), ""));
            if has_lib {
                tree.put("src/lib.rs", ending.of("//! A library.\n\npub mod zoo;\npub mod api;\n"));
            }
            compose.iter().for_each(|text| tree.put("compose.yaml", ending.of(text)));
            sample.iter().for_each(|text| tree.put(".env.example", ending.of(text)));
            tree
        },
    )
}

fn plan(tree: &Tree) -> Result<Plan, Problem> {
    let project = Project::of(PathBuf::new(), String::new(), tree.clone())?;
    add(&project, &component::find("websocket").unwrap(), &Choices::default())
}

/// The words of a text, in order: whatever stands between blanks and punctuation.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

fn parses(path: &str, text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    match path.rsplit('.').next() {
        Some("rs") => syn::parse_file(text).is_ok(),
        Some("toml") => text.parse::<toml_edit::DocumentMut>().is_ok(),
        Some("yaml") => compose::find_service(text, &[]).is_ok(),
        _ => dotenv::add(text, "", &[]).is_ok(),
    }
}

fn keeps_its_form(path: &str, before: &str, after: &str) {
    let mut left = words(after);
    for word in words(before) {
        assert!(left.any(|other| other == word), "{path}: {word:?} is gone\n{before}\n{after}");
    }
    let carriages = |text: &str| text.matches("\r\n").count();
    let all_carriages = carriages(before) > 0 && carriages(before) == before.matches('\n').count();
    assert!(!all_carriages || carriages(after) == after.matches('\n').count(), "{path}: {after:?}");
    assert!(carriages(before) > 0 || !before.contains('\n') || carriages(after) == 0, "{path}: {after:?}");
    assert_eq!(before.starts_with('\u{feff}'), after.starts_with('\u{feff}'), "{path}");
    assert_eq!(before.ends_with('\n'), after.ends_with('\n'), "{path}: {after:?}");
    assert!(parses(path, after), "{path} does not parse:\n{after}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(160) })]

    #[test]
    fn a_component_is_added_well_or_refused_well(tree in tree()) {
        let planned = match plan(&tree) {
            Ok(planned) => planned,
            Err(problem) => {
                prop_assert!(matches!(problem.code, 1 | 2) && problem.help.is_some(), "{problem:?}");
                return Ok(());
            }
        };
        let after = planned.applied(&tree);
        for (path, before) in tree.iter() {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let after = after.bytes(path).map(text).unwrap_or_default();
            if text(before) != after {
                keeps_its_form(path, &text(before), &after);
            }
        }
        let again = plan(&after).unwrap();
        prop_assert!(again.is_empty(), "a second run changes {:?}", again.changes.iter().map(|change| &change.path));
        let left = |plan: &Plan| plan.by_hand.iter().map(|edit| edit.snippet.clone()).collect::<Vec<_>>();
        let routes = |plan: &Plan| left(plan).iter().filter(|snippet| snippet.contains("merge(")).count();
        prop_assert_eq!(routes(&planned), routes(&again));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn an_edit_of_a_rendered_file_stays_when_the_templates_are_the_same(
        at in any::<prop::sample::Index>(),
        line in any::<prop::sample::Index>(),
        is_more in any::<bool>(),
    ) {
        let mut tree = Tree::default();
        tree.put("Cargo.toml", "[package]\nname = \"app\"\n\n[dependencies]\naxum = \"0.8\"\n");
        tree.put("src/main.rs", main_file("", parts::SETTINGS[0], parts::ROUTERS[0]));
        let mut tree = plan(&tree).unwrap().applied(&tree);
        let rendered: Vec<String> = tree.iter().map(|(path, _)| path).filter(|path| path.starts_with("src/ws/")).map(str::to_owned).collect();
        let path = at.get(&rendered);
        let mut lines: Vec<String> = tree.text(path).unwrap().unwrap().lines().map(str::to_owned).collect();
        let line = line.index(lines.len());
        if is_more {
            lines.insert(line, "// the owner's".to_owned());
        } else {
            lines.remove(line);
        }
        tree.put(path.clone(), lines.join("\n"));
        let again = plan(&tree).unwrap();
        prop_assert!(again.is_empty(), "{:?}", again.changes.iter().map(|change| &change.path));
    }
}
