//! The crates of a package, found as cargo finds them.

use super::manifest::Manifest;
use super::tree::Tree;

/// Where cargo looks for a library.
const LIB: &str = "src/lib.rs";
/// Where it looks for a binary first.
const MAIN: &str = "src/main.rs";

/// A library or binary of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The name by which other crates know it, with underscores.
    pub name: String,
    /// The name by which cargo knows it.
    pub binary: String,
    /// Path of its root file.
    pub path: String,
}

/// The library that cargo would find.
pub(super) fn library(
    tree: &Tree,
    folder: &str,
    manifest: &Manifest,
    package: &str,
) -> Option<Target> {
    let table = manifest.lib.as_ref();
    if table.is_none()
        && manifest.package.as_ref().and_then(|package| package.autolib) == Some(false)
    {
        return None;
    }
    let path =
        tree.links().place(folder, table.and_then(|lib| lib.path.as_deref()).unwrap_or(LIB))?;
    let name = table.and_then(|lib| lib.name.as_deref()).unwrap_or(package);
    tree.contains(&path).then(|| Target {
        name: name.replace('-', "_"),
        binary: name.to_owned(),
        path,
    })
}

/// The binaries that cargo would find, `src/main.rs` first.
pub(super) fn binaries(
    tree: &Tree,
    folder: &str,
    manifest: &Manifest,
    package: &str,
) -> Vec<Target> {
    let named = manifest.bin.iter().filter_map(|bin| {
        let name = bin.name.as_deref().unwrap_or(package);
        let usual =
            [format!("src/bin/{name}.rs"), format!("src/bin/{name}/main.rs"), MAIN.to_owned()];
        let candidates = bin.path.clone().map_or_else(|| usual.to_vec(), |path| vec![path]);
        let mut places = candidates.iter().filter_map(|path| tree.links().place(folder, path));
        let path = places.find(|path| tree.contains(path))?;
        Some(Target { name: name.replace('-', "_"), binary: name.to_owned(), path })
    });
    let mut bins: Vec<Target> = named.collect();
    if manifest.package.as_ref().and_then(|table| table.autobins) != Some(false) {
        bins.extend(discovered(tree, folder, package));
    }
    let main = tree.links().place(folder, MAIN);
    bins.sort_by_key(|bin| (main.as_ref() != Some(&bin.path), bin.path.clone()));
    bins.dedup_by(|a, b| a.path == b.path);
    bins
}

fn discovered(tree: &Tree, folder: &str, package: &str) -> Vec<Target> {
    let place = |path| tree.links().place(folder, path).unwrap_or_default();
    let (main, below) = (place(MAIN), format!("{}/", place("src/bin")));
    let targets = tree.iter().filter_map(|(path, _)| {
        let name = match path.strip_prefix(&below) {
            None => (path == main).then_some(package)?,
            Some(rest) => rest
                .strip_suffix("/main.rs")
                .or(rest.strip_suffix(".rs"))
                .filter(|name| !name.contains('/'))?,
        };
        Some(Target {
            name: name.replace('-', "_"),
            binary: name.to_owned(),
            path: path.to_owned(),
        })
    });
    targets.collect()
}

/// The symbolic link on the way to a crate root that the manifest names, or that cargo looks for,
/// which is not followed.
pub(super) fn refused_link(tree: &Tree, folder: &str, manifest: &Manifest) -> Option<String> {
    let tables = manifest.lib.iter().chain(&manifest.bin);
    let named = tables.filter_map(|target| target.path.as_deref());
    named.chain([MAIN, LIB]).find_map(|path| tree.links().refused_on(folder, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_as_cargo_finds_them() {
        let files = [
            (
                "Cargo.toml",
                "[package]\nname = \"my-app\"\n[[bin]]\nname = \"tool\"\npath = \"tools/t.rs\"\n",
            ),
            ("src/lib.rs", ""),
            ("src/bin/a.rs", ""),
            ("src/bin/b/main.rs", ""),
            ("src/bin/b/part.rs", ""),
            ("src/main.rs", ""),
            ("tools/t.rs", ""),
        ];
        let mut tree = Tree::default();
        files.iter().for_each(|(path, text)| tree.put(*path, *text));
        let manifest = Manifest::parse("Cargo.toml", files[0].1).unwrap();
        let found = binaries(&tree, "", &manifest, "my-app");
        let bins: Vec<&str> = found.iter().map(|bin| bin.path.as_str()).collect();
        assert_eq!(bins, ["src/main.rs", "src/bin/a.rs", "src/bin/b/main.rs", "tools/t.rs"]);
        assert_eq!(library(&tree, "", &manifest, "my-app").unwrap().name, "my_app");
        let off = files[0].1.replace("[[bin]]", "autolib = false\n[[bin]]");
        assert_eq!(
            library(&tree, "", &Manifest::parse("Cargo.toml", &off).unwrap(), "my-app"),
            None
        );
        let named =
            Manifest::parse("Cargo.toml", &format!("{off}[lib]\nname = \"other\"\n")).unwrap();
        assert_eq!(library(&tree, "", &named, "my-app").unwrap().name, "other");
    }

    #[test]
    fn a_path_is_found_however_it_is_written_and_through_links() {
        let mut tree = Tree::default();
        ["code/main.rs", "code/lib.rs", "more/a.rs"].iter().for_each(|path| tree.put(*path, ""));
        tree.links.follow("src", "code");
        tree.links.follow("code/bin", "more");
        for path in ["./src/main.rs", "src/../code/main.rs", "src//main.rs", "code/main.rs"] {
            let text = format!(
                "[package]\nname = \"app\"\n[lib]\npath = \"./code/lib.rs\"\n[[bin]]\nname \
                = \"app\"\npath = \"{path}\"\n"
            );
            let manifest = Manifest::parse("Cargo.toml", &text).unwrap();
            let found = binaries(&tree, "", &manifest, "app");
            let bins: Vec<&str> = found.iter().map(|bin| bin.path.as_str()).collect();
            assert_eq!(bins, ["code/main.rs", "more/a.rs"], "{path}");
            assert_eq!(library(&tree, "", &manifest, "app").unwrap().path, "code/lib.rs");
        }
        let outside =
            Manifest::parse("Cargo.toml", "[[bin]]\nname = \"app\"\npath = \"../main.rs\"\n")
                .unwrap();
        assert!(binaries(&Tree::default(), "", &outside, "app").is_empty());
    }
}
