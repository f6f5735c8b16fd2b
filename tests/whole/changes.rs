//! What an owner does to all files of a repository at once.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use rwx::component::{self, Component};
use rwx::plan::{Choices, Plan, add, remove};
use rwx::problem::Problem;
use rwx::project::Tree;

use crate::support::plans::project;
use crate::{is_rendered, owned};

pub(crate) const MANIFEST: &str = "[package]\nname = \"app\"\nedition = \"2021\"\n\n[dependencies]\naxum = \"0.8\"\ntokio = { version = \"1\", features = [\"full\"] }\n";
pub(crate) const MAIN: &str = "\
#[tokio::main]
async fn main() {
    let app = axum::Router::new();
    let listener = tokio::net::TcpListener::bind(\"127.0.0.1:0\").await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
";

/// A component and a project to which it is added.
pub(crate) struct Added {
    pub(crate) component: Component,
    pub(crate) before: Tree,
    pub(crate) tree: Tree,
}

impl Added {
    pub(crate) fn new(component: Component) -> Self {
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

    pub(crate) fn plan(&self, tree: &Tree) -> Result<Plan, Problem> {
        add(&project(tree), &self.component, &Choices::default())
    }

    pub(crate) fn remove(&self, tree: &Tree) -> Tree {
        remove(&project(tree), &self.component.spec.name, &[]).unwrap().applied(tree)
    }
}

/// A component of a few files, of which only the paths are rwx's own business.
pub(crate) static SMALL: LazyLock<Added> = LazyLock::new(|| {
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

pub(crate) static WEBSOCKET: LazyLock<Added> =
    LazyLock::new(|| Added::new(component::find("websocket").unwrap()));

/// What is done to the text of every file.
#[derive(Debug, Clone)]
pub(crate) enum Change {
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

pub(crate) fn change() -> impl Strategy<Value = Change> {
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
pub(crate) const SCOPES: [&[&str]; 3] = [&[".rs"], &[".rs", ".js", ".ts", ".html", ".md"], &[""]];

pub(crate) fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| word.len() > 3).collect()
}

/// The tree of `added` once `change` is done to the files in `scope`.
pub(crate) fn changed(added: &Added, change: &Change, scope: &[&str]) -> Tree {
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
