//! Projects that are put together at random.

use proptest::prelude::*;
use proptest::sample::select;
use rwx::edit::{compose, dotenv};
use rwx::project::Tree;

use super::parts;

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

pub(crate) fn main_file(head: &str, (settings, load): (&str, &str), router: &str) -> String {
    let listener = "let listener = tokio::net::TcpListener::bind(\"127.0.0.1:0\").await.unwrap();";
    let helpers = "async fn stop() {}\n\nasync fn index() {}\n\nfn routes(_: u8) -> axum::Router {\n    axum::Router::new()\n}\n";
    format!(
        "{head}#[tokio::main]\nasync fn main() {{\n    {load}\n    {listener}\n    {router}\n}}\n\n{helpers}\n{settings}"
    )
}

/// A project with the shapes of [`parts`].
pub(crate) fn tree() -> impl Strategy<Value = Tree> {
    let ending = (any::<bool>(), any::<bool>(), any::<bool>());
    let ending = ending.prop_map(|(carriage, mark, last)| Ending { carriage, mark, last });
    let sources = (select(parts::HEADS), select(parts::SETTINGS), select(parts::ROUTERS));
    let others = (select(parts::DEPENDENCIES), select(parts::COMPOSE), select(parts::SAMPLE));
    (sources, others, any::<bool>(), ending).prop_map(
        |((head, settings, router), (dependencies, compose, sample), has_lib, ending)| {
            // Code that uses serde has it, or a removal would have to leave it.
            let needs_serde = settings.0.contains("serde::") && !dependencies.contains("serde ");
            let serde = if needs_serde { "serde = \"1\"\n" } else { "" };
            let manifest =
                format!("[package]\nname = \"app\"\nedition = \"2021\"\n\n[dependencies]\n{serde}{dependencies}");
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

/// True when the file at `path` may hold `text`.
pub(crate) fn parses(path: &str, text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    match path.rsplit('.').next() {
        Some("rs") => syn::parse_file(text).is_ok(),
        Some("toml") => text.parse::<toml_edit::DocumentMut>().is_ok(),
        Some("yaml") => compose::find_service(text, &[]).is_ok(),
        _ => dotenv::add(text, "", &[dotenv::Line { key: "ANOTHER", value: "", comment: &[] }])
            .is_ok(),
    }
}
