//! Reads a component from a folder of files.

use super::{Component, SPEC_FILE, Spec, TEMPLATE_SUFFIX, Template};
use crate::problem::{MEND, Problem};
use crate::project::record::{BACKUP, PENDING, TEMPLATES};
use crate::project::tree::join;
use crate::project::{Tree, toml};

/// True for a file that is part of a component, by its path below the component's folder.
pub(super) fn is_source(path: &str) -> bool {
    path == SPEC_FILE || path.ends_with(TEMPLATE_SUFFIX)
}

/// The component in `folder` of `tree`; `shown` is the folder's path for errors.
///
/// # Errors
/// A [`Problem`] with the place when `component.toml` is missing, has not the shape of [`Spec`], or
/// names templates or options that do not exist.
pub fn read(tree: &Tree, folder: &str, shown: &str) -> Result<Component, Problem> {
    let path = join(shown, SPEC_FILE);
    let text = tree
        .text(&join(folder, SPEC_FILE))?
        .ok_or_else(|| Problem::new(format!("{path} is missing")))?;
    let spec: Spec = toml::parse(&path, text, "this is not a component")
        .map_err(|problem| problem.help(MEND))?;
    let spec_file = Template { name: SPEC_FILE.to_owned(), path, source: text.to_owned() };
    let templates = templates(tree, folder, shown)?;
    let component = Component { spec, spec_file, templates, is_embedded: false };
    component.check()?;
    Ok(component)
}

/// The component called `name` among the folders of `tree`; `shown` is the path of the tree for
/// errors.
///
/// # Errors
/// As [`read`], and when there is none.
pub fn find_in(tree: &Tree, shown: &str, name: &str) -> Result<Component, Problem> {
    if !tree.contains(&join(name, SPEC_FILE)) {
        return Err(Problem::new(format!("there is no component `{name}` in {shown}")).help(
            format!("it would be the folder {}, with a {SPEC_FILE} in it", join(shown, name)),
        ));
    }
    named(read(tree, name, &join(shown, name))?, name)
}

/// `component`, when it is called `name`.
///
/// # Errors
/// A [`Problem`] with the place of its name.
pub fn named(component: Component, name: &str) -> Result<Component, Problem> {
    if component.spec.name == name {
        return Ok(component);
    }
    let problem = component.wrong(
        &component.spec.name,
        &format!("the component in the folder {name} must be called so"),
    );
    Err(problem.help(format!("write `name = \"{name}\"`")))
}

fn templates(tree: &Tree, folder: &str, shown: &str) -> Result<Vec<Template>, Problem> {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let below = tree.iter().filter_map(|(path, _)| Some((path, path.strip_prefix(&prefix)?)));
    let named =
        below.filter_map(|(path, rest)| Some((path, rest, rest.strip_suffix(TEMPLATE_SUFFIX)?)));
    let template = |(path, rest, name): (&str, &str, &str)| {
        let source = tree.text(path)?.unwrap_or_default().to_owned();
        Ok(Template { name: name.to_owned(), path: join(shown, rest), source })
    };
    let mut templates = named.map(template).collect::<Result<Vec<_>, Problem>>()?;
    templates.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(templates)
}

impl Component {
    /// `problem` with its place in `component.toml`, when it is about a template in there.
    pub fn placed(&self, mut problem: Problem) -> Problem {
        let Some(excerpt) = problem.excerpt.as_mut().filter(|excerpt| excerpt.path == SPEC_FILE)
        else {
            return problem;
        };
        let Template { path, source, .. } = &self.spec_file;
        if let Some(start) = source.find(&excerpt.text) {
            excerpt.at = start + excerpt.at.start..start + excerpt.at.end;
            excerpt.path.clone_from(path);
            excerpt.text.clone_from(source);
        }
        problem
    }

    /// Checks that conditions and renames name templates and options that exist.
    fn check(&self) -> Result<(), Problem> {
        let Spec { name, files, options, .. } = &self.spec;
        if [BACKUP, PENDING, TEMPLATES].contains(&name.as_str()) {
            return Err(self.wrong(
                name,
                &format!("no component can be called {name}: rwx keeps other things by this name"),
            ));
        }
        let is_template = |name: &str| self.templates.iter().any(|template| template.name == name);
        for name in files.when.keys().chain(files.rename.keys()).chain(files.renamed.values()) {
            if !is_template(name) {
                return Err(
                    self.wrong(name, &format!("there is no template {name}{TEMPLATE_SUFFIX}"))
                );
            }
        }
        for option in self.spec.conditions() {
            if options.iter().all(|known| known.name != option) {
                return Err(self.wrong(option, &format!("there is no option `{option}`")));
            }
        }
        for (index, option) in options.iter().enumerate() {
            let needed = option
                .needs
                .iter()
                .find(|needed| options[..index].iter().all(|above| &above.name != *needed));
            if let Some(needed) = needed {
                return Err(
                    self.wrong(needed, &format!("`{}` needs an option above it", option.name))
                );
            }
        }
        Ok(())
    }

    fn wrong(&self, name: &str, message: &str) -> Problem {
        let Template { path, source, .. } = &self.spec_file;
        let start = source.find(&format!("\"{name}\"")).map_or(0, |quote| quote + 1);
        Problem::new(message)
            .at(path, source, start..(start + name.len()).min(source.len()))
            .help(MEND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = "name = \"x\"\nsummary = \"x\"\nfiles = { into = \"src\" }\n";

    fn place(spec: &str) -> String {
        let mut tree = Tree::default();
        tree.put("x/component.toml", spec);
        find_in(&tree, "mine", "x").unwrap_err().to_string()
    }

    #[test]
    fn an_error_has_its_place_in_the_owner_s_folder() {
        assert_eq!(
            place(&SPEC.replace("into", "onto")),
            "mine/x/component.toml:3:11: this is not a component: unknown field `onto`, expected \
            one of `into`, `when`, `rename`, `renamed`"
        );
        let conditional = SPEC.replace("into", "when = { \"a.rs\" = \"on\" }, into");
        assert_eq!(
            place(&conditional),
            "mine/x/component.toml:3:21: there is no template a.rs.jinja"
        );
        let optional = format!("{SPEC}[[step]]\nwhen = \"on\"\ntext = \"x\"\n");
        assert_eq!(place(&optional), "mine/x/component.toml:5:9: there is no option `on`");
        assert!(
            place(&SPEC.replace("name = \"x\"", "name = \"pending\""))
                .starts_with("mine/x/component.toml:1:9: no component")
        );
        let marked = SPEC.replace("into", "onto").replacen("name", "\u{feff}name", 1);
        assert!(place(&marked).starts_with("mine/x/component.toml:3:11: this is not a component"));
        assert_eq!(
            find_in(&Tree::default(), "mine", "y").unwrap_err().message,
            "there is no component `y` in mine"
        );
    }
}
