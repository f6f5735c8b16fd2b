//! Rendered files that `include` or `exclude` of the manifest would leave out of the crate that
//! `cargo package` makes.

use glob::{MatchOptions, Pattern};
use toml_edit::{DocumentMut, Item};

use super::case::Case;
use super::draft::Draft;
use super::files::Rendered;
use crate::problem::Problem;
use crate::project::manifest::MANIFEST;
use crate::project::tree::{join, parent};

/// Macros that take a file into the crate when it is built.
const TAKING: [&str; 2] = ["include_str!(\"", "include_bytes!(\""];

/// Warns of those of the new files among `rendered` without which the packaged crate would not
/// build.
///
/// # Errors
/// When a manifest is not UTF-8.
pub(super) fn check(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    rendered: &[Rendered],
) -> Result<(), Problem> {
    let project = case.project;
    let own = document(project.manifest()?);
    let above = document(project.workspace_manifest()?.unwrap_or_default());
    let Some(list) = List::of(&own, &above) else { return Ok(()) };
    let is_new = |file: &&Rendered| !project.tree.contains(&join(&project.folder, &file.path));
    let needed = rendered.iter().filter(is_new).filter(|file| is_needed(file, rendered));
    let left_out: Vec<&str> =
        needed.map(|file| file.path.as_str()).filter(|path| !list.packs(path)).collect();
    let Some(folder) = common_folder(&left_out) else { return Ok(()) };
    let (key, sign) = if list.includes { ("include", "") } else { ("exclude", "!") };
    draft.warn(format!(
        "`{key}` in {} leaves out {}, without which the packaged crate does not build; \
        add \"{sign}/{folder}/**\" to it",
        join(&project.folder, MANIFEST),
        left_out.join(", ")
    ));
    Ok(())
}

fn document(manifest: &str) -> DocumentMut {
    manifest.trim_start_matches('\u{feff}').parse().unwrap_or_default()
}

/// True when the crate does not build without `file`: it is code, or code takes it in.
fn is_needed(file: &Rendered, all: &[Rendered]) -> bool {
    let is_code = |file: &Rendered| {
        file.path.ends_with(".rs") && !file.path.split('/').any(|part| part == "tests")
    };
    let takes = |code: &Rendered| {
        TAKING.iter().flat_map(|taking| code.text.split(taking).skip(1)).any(|rest| {
            let (mut folder, mut name) =
                (parent(&code.path), rest.split('"').next().unwrap_or_default());
            while let Some(above) = name.strip_prefix("../") {
                (folder, name) = (parent(folder), above);
            }
            join(folder, name) == file.path
        })
    };
    is_code(file) || all.iter().filter(|code| is_code(code)).any(takes)
}

/// The folder that holds all of `paths`; nothing without any.
fn common_folder(paths: &[&str]) -> Option<String> {
    let mut folder = parent(paths.first()?).to_owned();
    while !paths.iter().all(|path| path.starts_with(&format!("{folder}/"))) && !folder.is_empty() {
        folder = parent(&folder).to_owned();
    }
    Some(folder)
}

/// `include` or `exclude`, which cargo reads as lines of a `.gitignore`.
struct List {
    /// True for `include`.
    includes: bool,
    patterns: Vec<Line>,
}

/// One pattern of the list.
struct Line {
    pattern: Pattern,
    /// False behind a `!`.
    matches: bool,
    only_folders: bool,
}

impl List {
    /// The list that counts for a package that is published; `include` comes before `exclude`.
    fn of(own: &DocumentMut, above: &DocumentMut) -> Option<Self> {
        let package = own.get("package")?;
        let is_kept = |publish: &Item| {
            publish.as_bool() == Some(false) || publish.as_array().is_some_and(|to| to.is_empty())
        };
        if package.get("publish").is_some_and(is_kept) {
            return None;
        }
        let shared = |key: &str| {
            above.get("workspace").and_then(|workspace| workspace.get("package")?.get(key))
        };
        let list = |key: &str| {
            let item = package.get(key)?;
            let array = item
                .as_array()
                .or_else(|| shared(key).filter(|_| item.get("workspace").is_some())?.as_array())?;
            // One that cannot be read leaves nothing certain.
            array.iter().map(|pattern| Line::of(pattern.as_str()?)).collect::<Option<Vec<_>>>()
        };
        let includes = package.get("include").is_some();
        Some(Self { includes, patterns: list(if includes { "include" } else { "exclude" })? })
    }

    /// True when the file at `path` is part of the packaged crate.
    fn packs(&self, path: &str) -> bool {
        let mut place = path;
        while !place.is_empty() {
            let fits = |line: &&Line| !(line.only_folders && place == path) && line.fits(place);
            if let Some(last) = self.patterns.iter().rev().find(fits) {
                return last.matches == self.includes;
            }
            place = parent(place);
        }
        !self.includes
    }
}

impl Line {
    fn of(text: &str) -> Option<Self> {
        let bare = text.strip_prefix('!').unwrap_or(text);
        let trimmed = bare.trim_end_matches('/');
        let anchored = trimmed.contains('/');
        let pattern = trimmed.trim_start_matches('/');
        let pattern = if anchored { pattern.to_owned() } else { format!("**/{pattern}") };
        // Alternatives are not known to this matcher.
        let pattern = Pattern::new(&pattern).ok().filter(|_| !pattern.contains('{'))?;
        Some(Self { pattern, matches: !text.starts_with('!'), only_folders: bare.ends_with('/') })
    }

    fn fits(&self, path: &str) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        self.pattern.matches_with(path, options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packs(manifest: &str, path: &str) -> bool {
        let own = document(&format!("[package]\nname = \"a\"\n{manifest}"));
        let above = document("[workspace.package]\ninclude = [\"/src\"]\n");
        List::of(&own, &above).is_none_or(|list| list.packs(path))
    }

    #[test]
    fn the_lists_are_read_as_cargo_reads_them() {
        for (manifest, path, packed) in [
            ("", "src/ws/client.js", true),
            ("include = [\"src/**/*.rs\"]", "src/ws/mod.rs", true),
            ("include = [\"src/**/*.rs\"]", "src/ws/client.js", false),
            ("include = [\"/src\"]", "src/ws/client.js", true),
            ("include = [\"src/\"]", "src/ws/client.js", true),
            ("include = [\"ws\"]", "src/ws/client.js", true),
            ("include = [\"/ws\"]", "src/ws/client.js", false),
            ("include = [\"*.rs\", \"*.toml\"]", "src/ws/client.js", false),
            ("include = [\"*.rs\", \"/src/ws/**\"]", "src/ws/client.js", true),
            ("include = [\"/src\", \"!*.js\"]", "src/ws/client.js", false),
            ("include = [\"src/*.rs\"]", "src/ws/mod.rs", false),
            ("include = { workspace = true }", "src/ws/client.js", true),
            ("include.workspace = true", "lib/a.rs", false),
            ("exclude = [\"*.js\"]", "src/ws/client.js", false),
            ("exclude = [\"*.js\", \"!/src/ws/**\"]", "src/ws/client.js", true),
            ("exclude = [\"client.js/\"]", "src/ws/client.js", true),
            ("exclude = [\"ws/\"]", "src/ws/client.js", false),
            ("exclude = [\"/client.js\"]", "src/ws/client.js", true),
            ("exclude = [\"*.js\"]\npublish = false", "src/ws/client.js", true),
            ("exclude = [\"*.{js,ts}\"]", "src/ws/client.js", true),
            ("exclude = [\"*.rs\"]\ninclude = [\"*.js\"]", "src/ws/mod.rs", false),
        ] {
            assert_eq!(packs(manifest, path), packed, "{manifest}: {path}");
        }
    }

    #[test]
    fn code_and_what_it_takes_in_are_needed() {
        let file = |path: &str, text: &str| Rendered {
            path: path.to_owned(),
            text: text.to_owned(),
            formerly: Vec::new(),
        };
        let all = [
            file("src/ws/mod.rs", ""),
            file("src/ws/pages.rs", "const A: &str = include_str!(\"client.js\");"),
            file("src/ws/client.js", ""),
            file("src/ws/engine/demo.rs", "const A: &str = include_str!(\"../demo.html\");"),
            file("src/ws/demo.html", ""),
            file("src/ws/client.d.ts", ""),
            file("src/ws/tests/mod.rs", "include_str!(\"../client.d.ts\")"),
        ];
        let needed: Vec<bool> = all.iter().map(|file| is_needed(file, &all)).collect();
        assert_eq!(needed, [true, true, true, true, true, false, false]);
        assert_eq!(common_folder(&["src/ws/a.js", "src/ws/redis/b.rs"]).as_deref(), Some("src/ws"));
    }
}
