//! What a removal holds on any file of the owner's: every byte is back that was there before the
//! component was added.

use std::path::PathBuf;

use rwx::component::{self, Component};
use rwx::plan::{Choices, add, remove};
use rwx::project::{Project, Tree};

const COMPONENT: &str = r#"
name = "notes"
summary = "notes"
requires = { axum = [8, 7] }

[module]
name = "notes"

[files]
into = "{{ module }}"

[[dependency]]
name = "axum"
version = "0.{{ axum_minor }}"
features = ["http2"]

[[dependency]]
name = "sonnet"
version = "1"
features = ["rhyme"]

[[dependency]]
name = "quill"
version = "2"
dev = true

[settings]
name = "{{ module }}"
type = "{{ path }}::Notes"
doc = "Notes."
fallible = "{{ path }}::Notes::read()?"
infallible = "{{ path }}::Notes::read_or_exit"
default = "{{ path }}::Notes::default()"

[router]
binding = "desk"
start = "let {{ hub }} = {{ path }}::Desk::open({{ config }});"
stop = "{{ hub }}.close().await;"
merge = "let {{ app }} = {{ served }}.merge({{ path }}::router({{ hub }}.clone()));"

[environment]
header = "Notes"

[[environment.line]]
key = "NOTES_URL"
value = ""
comment = ["Where they are."]

[[service]]
name = "inkwell"
images = ["inkwell"]
volumes = ["ink"]
body = "image: inkwell:7\nvolumes:\n  - ink:/data\n"
"#;

const MANIFEST: &str = "[package]\nname = \"a\"\n\n[dependencies]\naxum = \"0.8\"\n";
const SOURCE: &str = "fn main() {}\n";

/// The files of the owner's, each by the letter that an input for it begins with.
const FILES: [(&str, &str); 4] =
    [("c", "compose.yaml"), ("d", ".env.example"), ("m", "Cargo.toml"), ("r", "src/main.rs")];

/// Adds a component to a package that has the text after the first letter of `input` in the file of
/// this letter, and removes it again.
pub(crate) fn target(input: &str) {
    let file =
        FILES.into_iter().find_map(|(letter, path)| Some((path, input.strip_prefix(letter)?)));
    let Some((path, text)) = file else { return };
    let mut tree = Tree::default();
    tree.put("Cargo.toml", MANIFEST);
    tree.put("src/main.rs", SOURCE);
    tree.put(path, text);
    let Some(project) = project(&tree) else { return };
    let Ok(added) = add(&project, &notes(), &Choices::default()) else { return };
    let added = added.applied(&tree);
    let project = self::project(&added).expect("what is added leaves a project");
    let removed =
        remove(&project, "notes", &[]).expect("what is added can be removed").applied(&added);
    for (path, before) in tree.iter() {
        let after = removed.bytes(path).map(String::from_utf8_lossy);
        assert_eq!(
            after.as_deref(),
            Some(&*String::from_utf8_lossy(before)),
            "{path} is not as it was"
        );
    }
    assert!(removed == tree, "a file is left");
}

fn project(tree: &Tree) -> Option<Project> {
    Project::of(PathBuf::new(), String::new(), tree.clone()).ok()
}

fn notes() -> Component {
    let mut tree = Tree::default();
    tree.put("component.toml", COMPONENT);
    tree.put("mod.rs.jinja", "//! Notes.\n");
    component::read(&tree, "", "notes").expect("the component is well-formed")
}
