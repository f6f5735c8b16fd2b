//! What an owner does to a whole repository reaches the record and the pristine copies too; her
//! text stays all the same.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use rwx::component::{self, Component};
use rwx::plan::{Choices, Plan, Policy, add, remove, status};
use rwx::problem::Problem;
use rwx::project::Tree;
use support::plans::{drawn, project};

const MANIFEST: &str = "[package]\nname = \"app\"\nedition = \"2021\"\n\n[dependencies]\naxum = \"0.8\"\ntokio = { version = \"1\", features = [\"full\"] }\n";
const MAIN: &str = "\
#[tokio::main]
async fn main() {
    let app = axum::Router::new();
    let listener = tokio::net::TcpListener::bind(\"127.0.0.1:0\").await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
";

/// A component and a project to which it is added.
struct Added {
    component: Component,
    before: Tree,
    tree: Tree,
}

impl Added {
    fn new(component: Component) -> Self {
        let mut tree = Tree::default();
        tree.put("Cargo.toml", MANIFEST);
        tree.put("src/main.rs", MAIN);
        tree.put("compose.yaml", "services:\n  app:\n    image: app\n");
        tree.put(".env.example", "PORT=3000\n");
        let before = tree;
        let tree =
            add(&project(&before), &component, &Choices::default()).unwrap().applied(&before);
        Self { component, before, tree }
    }

    fn plan(&self, tree: &Tree) -> Result<Plan, Problem> {
        add(&project(tree), &self.component, &Choices::default())
    }

    fn remove(&self, tree: &Tree) -> Tree {
        remove(&project(tree), &self.component.spec.name, &[]).unwrap().applied(tree)
    }
}

/// A component of a few files, of which only the paths are rwx's own business.
static SMALL: LazyLock<Added> = LazyLock::new(|| {
    let mut tree = Tree::default();
    tree.put(
        "component.toml",
        "name = \"notes\"\nsummary = \"notes\"\n[files]\ninto = \"notes\"\n",
    );
    tree.put(
        "list.rs.jinja",
        "//! A list.\n\n/// Counts `notes`.\npub fn count(notes: &[Note]) -> usize {\n    notes.len()\n}\n",
    );
    tree.put(
        "call.rs.jinja",
        "fn call() {\n    first(\n        \"some text\",\n        second,\n    );\n}\n",
    );
    tree.put(
        "page.js.jinja",
        "// A page.\nexport const page = {\n    first: 1,\n\n    second: 2,\n};\n",
    );
    tree.put("README.md.jinja", "# Notes\n\nA list, a call,\nand a page.  \n");
    Added::new(component::read(&tree, "", "notes").unwrap())
});

static WEBSOCKET: LazyLock<Added> =
    LazyLock::new(|| Added::new(component::find("websocket").unwrap()));

/// What is done to the text of every file.
#[derive(Debug, Clone)]
enum Change {
    /// A comment above, as of a licence.
    Head,
    /// A word of some rendered file is called otherwise.
    Rename { file: Index, word: Index, to: &'static str },
    /// Tabs instead of four spaces.
    Tabs,
    /// Blanks instead of a line break after a comma.
    Joined,
    /// Carriage returns.
    Carriages,
    /// No blank lines, as a careless codemod leaves it.
    NoBlankLines,
    /// No blanks at the ends of lines.
    NoTrailingBlanks,
    /// No final newline.
    NoLastNewline,
    /// A second final newline.
    SecondLastNewline,
}

fn change() -> impl Strategy<Value = Change> {
    let rename = (any::<Index>(), any::<Index>(), select(vec!["renamed", "x"]));
    prop_oneof![
        1 => Just(Change::Head),
        4 => rename.prop_map(|(file, word, to)| Change::Rename { file, word, to }),
        1 => Just(Change::Tabs),
        1 => Just(Change::Joined),
        1 => Just(Change::Carriages),
        1 => Just(Change::NoBlankLines),
        1 => Just(Change::NoTrailingBlanks),
        1 => Just(Change::NoLastNewline),
        1 => Just(Change::SecondLastNewline),
    ]
}

/// The files that are changed, by how their names end.
const SCOPES: [&[&str]; 3] = [&[".rs"], &[".rs", ".js", ".ts", ".html", ".md"], &[""]];

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| word.len() > 3).collect()
}

/// The tree of `added` once `change` is done to the files in `scope`.
fn changed(added: &Added, change: &Change, scope: &[&str]) -> Tree {
    let before = &added.tree;
    let rendered: Vec<&str> =
        owned(before).iter().map(|(path, _)| *path).filter(|path| is_rendered(path)).collect();
    let mut tree = before.clone();
    for (path, _) in
        before.iter().filter(|(path, _)| scope.iter().any(|ending| path.ends_with(ending)))
    {
        let text = before.text(path).unwrap().unwrap();
        let comment = if [".rs", ".js", ".ts"].iter().any(|ending| path.ends_with(ending)) {
            "//"
        } else {
            "#"
        };
        let text = match change {
            Change::Head => format!("{comment} Copyright Her Company\n{text}"),
            Change::Rename { file, word, to } => {
                let words =
                    words(before.text(rendered[file.index(rendered.len())]).unwrap().unwrap());
                text.replace(words[word.index(words.len())], to)
            }
            Change::Tabs => text.replace("    ", "\t"),
            Change::Joined => text.replace(",\n", ", "),
            Change::Carriages => text.replace('\n', "\r\n"),
            Change::NoBlankLines => text.replace("\n\n", "\n"),
            Change::NoTrailingBlanks => text.replace("  \n", "\n"),
            Change::NoLastNewline => text.trim_end().to_owned(),
            Change::SecondLastNewline => format!("{text}\n"),
        };
        tree.put(path, text);
    }
    tree
}

fn is_rendered(path: &str) -> bool {
    path.starts_with("src/ws/") || path.starts_with("notes/")
}

/// The files that are not rwx's own.
fn owned(tree: &Tree) -> Vec<(&str, &[u8])> {
    tree.iter().filter(|(path, _)| !path.starts_with(".rwx/")).collect()
}

/// Checks that an update after `change` leaves every byte of the owner's, and a removal what she
/// has changed.
fn check(added: &Added, change: &Change, scope: &[&str]) {
    let tree = changed(added, change, scope);
    let update = match added.plan(&tree) {
        Ok(update) => update,
        // A word may be one without which there is no such project; nothing is written then.
        Err(problem) => {
            assert!(
                matches!(change, Change::Rename { .. } | Change::NoBlankLines | Change::Joined),
                "{problem:?}"
            );
            return;
        }
    };
    let after = update.applied(&tree);
    let text = |bytes| String::from_utf8_lossy(bytes);
    for (path, bytes) in owned(&tree) {
        assert_eq!(after.bytes(path).map(text), Some(text(bytes)), "{path}");
    }
    assert_eq!(owned(&tree).len(), owned(&after).len());
    let again = added.plan(&after).unwrap();
    let paths: Vec<&String> = again.changes.iter().map(|change| &change.path).collect();
    assert!(paths.is_empty(), "{paths:?}");
    for (path, bytes) in owned(&added.remove(&tree)) {
        assert!(!is_rendered(path) || tree.bytes(path) == Some(bytes), "{path}");
    }
}

proptest! {
    #![proptest_config(drawn(200))]

    #[test]
    fn an_update_after_a_change_of_all_files_keeps_every_byte(change in change(), scope in select(SCOPES.to_vec())) {
        check(&SMALL, &change, scope);
    }
}

proptest! {
    #![proptest_config(drawn(6))]

    #[test]
    fn a_layer_stays_as_a_change_of_all_files_left_it(change in change(), scope in select(SCOPES.to_vec())) {
        check(&WEBSOCKET, &change, scope);
    }
}

/// `tree` as a checkout with other line endings has it, in the files that are `meant`.
fn carried(tree: &Tree, meant: &dyn Fn(&str) -> bool) -> Tree {
    let mut carried = tree.clone();
    for (path, _) in tree.iter().filter(|(path, _)| meant(path)) {
        carried.put(path, tree.text(path).unwrap().unwrap().replace('\n', "\r\n"));
    }
    carried
}

#[test]
fn a_checkout_with_other_line_endings_is_as_it_was() {
    let is_ours = |path: &str| path.starts_with(".rwx/");
    let all = (|_: &str| true, "all");
    for (meant, what) in [
        (&all.0 as &dyn Fn(&str) -> bool, all.1),
        (&is_ours, "rwx's"),
        (&|path| !is_ours(path), "hers"),
    ] {
        for added in [&SMALL, &WEBSOCKET] {
            let tree = carried(&added.tree, meant);
            let update = added.plan(&tree).unwrap();
            let paths: Vec<&String> = update.changes.iter().map(|change| &change.path).collect();
            assert!(
                paths.is_empty() && update.by_hand.is_empty() && update.warnings.is_empty(),
                "{what}: {paths:?}"
            );
            let status =
                status(&project(&tree), &added.component.spec.name, Ok(&added.component)).unwrap();
            assert!(
                status.edited.is_empty()
                    && status.changed.is_empty()
                    && status.taken_out.is_empty(),
                "{what}"
            );
            assert_eq!(added.remove(&tree), carried(&added.before, meant), "{what}");
        }
    }
}

/// What is renamed in all files, rwx's own among them.
const RENAMED: [(&str, &str); 10] = [
    ("WS_", "CHAT_"),
    ("hub", "center"),
    ("Hub", "Center"),
    ("redis:7-alpine", "redis:8-alpine"),
    ("getrandom", "entropy"),
    ("example", "sample"),
    ("join_room", "enter_room"),
    ("handler", "processor"),
    ("add", "insert"),
    ("2", "3"),
];

#[test]
fn a_rename_that_also_reaches_the_record_takes_nothing_back() {
    for (old, new) in RENAMED {
        let mut tree = Tree::default();
        for (path, _) in WEBSOCKET.tree.iter() {
            tree.put(path, WEBSOCKET.tree.text(path).unwrap().unwrap().replace(old, new));
        }
        let update = match WEBSOCKET.plan(&tree) {
            Ok(update) => update,
            Err(problem) => {
                let is_told = ["this record cannot be read", "websocket was written by rwx 0.3.0"];
                assert!(
                    is_told.iter().any(|told| problem.message.starts_with(told)),
                    "{old}: {problem:?}"
                );
                continue;
            }
        };
        let after = update.applied(&tree);
        for (path, bytes) in owned(&tree) {
            let text = |bytes| String::from_utf8_lossy(bytes);
            assert_eq!(after.bytes(path).map(text), Some(text(bytes)), "{old}: {path}");
        }
        assert_eq!(owned(&tree).len(), owned(&after).len(), "{old}");
        assert!(WEBSOCKET.plan(&after).unwrap().is_empty(), "{old}");
    }
}

#[test]
fn pristine_copies_that_a_change_of_all_files_has_reached_are_told_and_written_anew() {
    let tree = changed(&SMALL, &Change::Head, &[".rs"]);
    let update = SMALL.plan(&tree).unwrap();
    assert!(
        update.warnings.iter().any(|warning| warning.contains("not as rwx wrote it")),
        "{:?}",
        update.warnings
    );
    let after = update.applied(&tree);
    for (path, bytes) in SMALL.tree.iter().filter(|(path, _)| path.starts_with(".rwx/")) {
        assert_eq!(after.bytes(path), Some(bytes), "{path}");
    }
    assert!(SMALL.plan(&after).unwrap().warnings.is_empty());
}

#[test]
fn what_a_change_of_all_files_has_reached_stays_when_the_component_goes() {
    let tree = changed(&SMALL, &Change::Head, &[".rs"]);
    let after = SMALL.remove(&tree);
    let names: Vec<&str> =
        owned(&after).iter().map(|(path, _)| *path).filter(|path| is_rendered(path)).collect();
    assert_eq!(names, ["notes/call.rs", "notes/list.rs"]);
}

#[test]
fn force_takes_the_template_s_text_and_keeps_hers() {
    let tree = changed(&SMALL, &Change::Head, &[".rs"]);
    let choices =
        Choices { policy: Policy { force: true, ..Policy::default() }, ..Choices::default() };
    let after = add(&project(&tree), &SMALL.component, &choices).unwrap().applied(&tree);
    assert_eq!(after.bytes("notes/list.rs"), SMALL.tree.bytes("notes/list.rs"));
    assert_eq!(after.bytes(".rwx/backup/notes/list.rs"), tree.bytes("notes/list.rs"));
}
