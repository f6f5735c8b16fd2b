//! The owner's templates: rwx's own, put into her project for her to edit, and kept up with rwx's.

use super::commands::Commands;
use super::draft::Draft;
use super::files::{self, Known, Place, Versions};
use super::{Plan, Policy};
use crate::component::Files;
use crate::problem::Problem;
use crate::project::record::{own_templates, pristine_templates};
use crate::project::tree::join;
use crate::project::{Ejected, Project, Tree};

/// True when the project has templates of its own for `component` that came from rwx.
pub fn is_followed(project: &Project, component: &str) -> bool {
    let folder = format!("{}/", pristine_templates(&project.folder, component));
    project.tree.iter().any(|(path, _)| path.starts_with(&folder))
}

/// Brings the project's templates of `component` up to date with rwx's, which are `sources`, and
/// keeps the owner's edits; where there are none, puts them there. `files` is what rwx's
/// `component.toml` says of them.
///
/// # Errors
/// When a file that rwx did not write is in the way, or when edits and new text overlap and the
/// user wants that to be an error.
pub fn follow(
    project: &Project,
    component: &str,
    sources: &Tree,
    files: &Files,
    policy: Policy,
) -> Result<Plan, Problem> {
    let (own, pristine) =
        (own_templates(&project.folder, component), pristine_templates(&project.folder, component));
    let place = |name: &str| Place { path: join(&own, name), base: join(&pristine, name) };
    let former = |name: &str| {
        let known = |old: &String| project.tree.contains(&place(old).base);
        let olds = files.renamed.iter().filter(|(_, new)| format!("{new}.jinja") == name);
        olds.map(|(old, _)| format!("{old}.jinja"))
            .find(known)
            .filter(|_| !project.tree.contains(&place(name).base))
    };
    let mut draft = Draft::new(&project.tree);
    let before = Ejected::read(&project.tree, &project.folder, component)?.unwrap_or_default();
    let mut now = Ejected { rwx: env!("CARGO_PKG_VERSION").to_owned(), ..Ejected::default() };
    let mut versions = Vec::new();
    let mut followed = Vec::new();
    for (name, _) in sources.iter() {
        let old = former(name).unwrap_or_else(|| name.to_owned());
        let text = sources.text(name)?.unwrap_or_default();
        let known =
            Known { is_same: before.rwx == now.rwx, again: Some(text), ..known(&before, &old) };
        versions.push(Versions::of(&project.tree, place(name), place(&old), text, &known)?);
        now.digests.insert(name.to_owned(), files::digests(name, text, text, None));
        followed.extend([name.to_owned(), old]);
    }
    files::put_all(&mut draft, &project.folder, policy, &versions)?;
    let copies = format!("{pristine}/");
    let copied = project.tree.iter().filter_map(|(path, _)| path.strip_prefix(&copies));
    for dropped in copied.filter(|name| !followed.iter().any(|followed| followed == name)) {
        files::drop_one(
            &mut draft,
            &project.tree,
            &place(dropped),
            known(&before, dropped).digests,
        );
    }
    if before != now {
        draft.put(&Ejected::path(&project.folder, component), now.text()?, None);
    }
    Ok(Plan { folders: vec![own], ..draft.finish(Vec::new()) })
}

/// What the user does with the templates of the components called `names`, which are in her project
/// now.
pub fn steps_with_templates(project: &Project, names: &[String]) -> Vec<String> {
    let folders = names.iter().map(|name| format!("{}/", own_templates(&project.folder, name)));
    vec![
        format!("make them yours: {}", folders.collect::<Vec<_>>().join(", ")),
        format!(
            "render them into your project, with your edits of the rendered files kept\n    {}",
            Commands::new(project).rwx("infra update")
        ),
    ]
}

/// What is known of the template called `name` as rwx wrote it.
fn known<'a>(ejected: &'a Ejected, name: &str) -> Known<'a> {
    let digests = ejected.digests.get(name).map(String::as_str);
    Known {
        digests,
        is_recorded: digests.is_some(),
        has_digests: !ejected.digests.is_empty(),
        ..Known::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;

    const OWN: &str = ".rwx/templates/x";
    const PRISTINE: &str = ".rwx/templates/.pristine/x";

    /// The tree after the templates `old`, of which the owner has edited some, have followed `new`.
    fn followed(
        old: &[(&str, &str)],
        edited: &[(&str, &str)],
        new: &[(&str, &str)],
        renamed: &[(&str, &str)],
    ) -> Tree {
        let mut tree = Tree::default();
        tree.put("Cargo.toml", "[package]\nname = \"a\"\n");
        old.iter().chain(edited).for_each(|(name, text)| tree.put(join(OWN, name), *text));
        old.iter().for_each(|(name, text)| tree.put(join(PRISTINE, name), *text));
        let mut sources = Tree::default();
        new.iter().for_each(|(name, text)| sources.put(*name, *text));
        let pair = |(old, new): &(&str, &str)| ((*old).to_owned(), (*new).to_owned());
        let renamed = renamed.iter().map(pair).collect();
        let files =
            Files { into: String::new(), when: BTreeMap::new(), rename: BTreeMap::new(), renamed };
        let project = Project::of(PathBuf::new(), String::new(), tree.clone()).unwrap();
        assert!(is_followed(&project, "x"));
        follow(&project, "x", &sources, &files, Policy::default()).unwrap().applied(&tree)
    }

    fn names(tree: &Tree, folder: &str) -> Vec<String> {
        let folder = format!("{folder}/");
        tree.iter().filter_map(|(path, _)| Some(path.strip_prefix(&folder)?.to_owned())).collect()
    }

    #[test]
    fn a_renamed_template_takes_the_owner_s_edits_with_it() {
        let (old, edited) = ([("a.jinja", "1\n2\n3\n")], [("a.jinja", "1\n2\nmine\n")]);
        let tree = followed(&old, &edited, &[("b.jinja", "new\n2\n3\n")], &[("a", "b")]);
        assert_eq!(tree.text(".rwx/templates/x/b.jinja").unwrap(), Some("new\n2\nmine\n"));
        assert_eq!(
            (names(&tree, OWN), names(&tree, PRISTINE)),
            (vec!["b.jinja".to_owned()], vec!["b.jinja".to_owned()])
        );
    }

    #[test]
    fn dropped_templates_go_and_new_ones_come_and_the_owner_s_own_stay() {
        let (old, own) = ([("a.jinja", "1\n"), ("b.jinja", "1\n")], [("mine.jinja", "1\n")]);
        let tree = followed(&old, &own, &[("b.jinja", "1\n"), ("c.jinja", "1\n")], &[]);
        assert_eq!(names(&tree, OWN), ["b.jinja", "c.jinja", "mine.jinja"]);
    }
}
