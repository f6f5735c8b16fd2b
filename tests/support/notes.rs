//! A project with a small component, `notes`, whose templates a test writes: one version after the
//! other.

use super::{Run, Scratch};

/// A project, and beside it a folder of templates.
pub struct Notes {
    pub project: Scratch,
    shelf: Scratch,
}

impl Notes {
    /// A project in which the component is installed with these files: name → text.
    pub fn installed(files: &[(&str, &str)]) -> Self {
        let notes = Self { project: Scratch::of("minimal"), shelf: Scratch::empty() };
        notes.next("", files);
        notes.run(&["add", "notes"]).expect(0);
        notes
    }

    /// Makes the next version of the component: `more` of its `[files]` table, and its files.
    pub fn next(&self, more: &str, files: &[(&str, &str)]) {
        let folder = self.shelf.path().join("notes");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        let spec =
            format!("name = \"notes\"\nsummary = \"notes\"\n\n[files]\ninto = \"notes\"\n{more}");
        self.shelf.write("notes/component.toml", spec.as_bytes());
        files.iter().for_each(|(name, text)| self.template(name, text));
    }

    /// Writes one template.
    pub fn template(&self, name: &str, text: &str) {
        self.shelf.write(&format!("notes/{name}.jinja"), text.as_bytes());
    }

    /// Runs `rwx infra ARGS` with the templates.
    pub fn run(&self, args: &[&str]) -> Run {
        let shelf = self.shelf.path().display().to_string();
        self.project.rwx(&[&["infra"], args, &["--templates", &shelf]].concat())
    }

    /// The text of the rendered file `name`.
    pub fn text(&self, name: &str) -> String {
        self.project.read(&format!("notes/{name}"))
    }

    /// Edits the rendered file `name`.
    pub fn edit(&self, name: &str, text: &str) {
        self.project.write(&format!("notes/{name}"), text.as_bytes());
    }
}
