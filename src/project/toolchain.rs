//! The oldest Rust that must build the package, as its manifests and its toolchain files state it.

use serde::Deserialize;

use super::manifest::{Inherited, Manifest};
use super::tree::{Tree, join};

/// Names of the files that pin a toolchain.
pub(super) const TOOLCHAIN_NAMES: [&str; 2] = ["rust-toolchain.toml", "rust-toolchain"];

/// `rust-toolchain.toml`
#[derive(Deserialize)]
struct ToolchainFile {
    toolchain: Toolchain,
}

/// `[toolchain]`
#[derive(Deserialize)]
struct Toolchain {
    channel: String,
}

/// The minor version of the oldest Rust 1.x that is stated for the package in `folder`: by its
/// manifest `own`, by that of the workspace, `above`, or by a toolchain file beside one of them.
/// Nothing where none is stated, as by `stable`.
pub(super) fn oldest_minor(
    tree: &Tree,
    folder: &str,
    own: &Manifest,
    above: &Manifest,
) -> Option<u64> {
    let shared = above.workspace.as_ref().and_then(|workspace| workspace.package.as_ref());
    let mut stated = Vec::new();
    for package in [own.package.as_ref(), shared].into_iter().flatten() {
        if let Some(Inherited::Value(version)) = &package.rust_version {
            stated.extend(minor(version));
        }
    }
    for place in [folder, ""] {
        for name in TOOLCHAIN_NAMES {
            let bytes = tree.bytes(&join(place, name)).unwrap_or_default();
            stated.extend(minor(&channel(&String::from_utf8_lossy(bytes))));
        }
    }
    stated.into_iter().min()
}

/// The channel that a toolchain file names: as TOML, or as all that there is in the file.
fn channel(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').trim();
    toml_edit::de::from_str(text)
        .map_or_else(|_| text.to_owned(), |file: ToolchainFile| file.toolchain.channel)
}

/// The minor version in `1.82`, `1.82.0` or `1.82.0-x86_64-unknown-linux-gnu`.
fn minor(version: &str) -> Option<u64> {
    let mut parts = version.trim().strip_prefix("1.")?.split(['.', '-']);
    parts.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oldest(own: &str, root: &str, toolchains: &[(&str, &str)]) -> Option<u64> {
        let parse = |text: &str| Manifest::parse("Cargo.toml", text).unwrap();
        let mut tree = Tree::default();
        toolchains.iter().for_each(|(path, text)| tree.put(*path, *text));
        oldest_minor(&tree, "api", &parse(own), &parse(root))
    }

    #[test]
    fn every_form_of_a_toolchain_file_counts() {
        for text in [
            "[toolchain]\nchannel = \"1.82\"\n",
            "\u{feff}[toolchain]\r\nprofile = \"minimal\"\r\nchannel = \"1.82.0\"\r\n",
            "[toolchain]\nchannel = \"1.82.0-x86_64-unknown-linux-gnu\"\n",
            "1.82\n",
            " 1.82.0",
        ] {
            for path in [
                "rust-toolchain",
                "rust-toolchain.toml",
                "api/rust-toolchain",
                "api/rust-toolchain.toml",
            ] {
                assert_eq!(oldest("", "", &[(path, text)]), Some(82), "{path}: {text}");
            }
        }
    }

    #[test]
    fn a_channel_without_a_number_states_nothing() {
        for text in [
            "stable",
            "nightly-2024-05-01",
            "beta\n",
            "[toolchain]\nchannel = \"nightly\"",
            "[toolchain]\npath = \"x\"",
            "",
            "x =",
        ] {
            assert_eq!(oldest("", "", &[("rust-toolchain", text)]), None, "{text}");
        }
    }

    #[test]
    fn the_lowest_that_is_stated_decides() {
        let own = "[package]\nname = \"a\"\nrust-version = \"1.86\"\n";
        let root = "[workspace.package]\nrust-version = \"1.85\"\n";
        let pin = |version| [("rust-toolchain", version)];
        assert_eq!(oldest(own, "", &[]), Some(86));
        assert_eq!(oldest(own, root, &[]), Some(85));
        assert_eq!(oldest(own, root, &pin("1.80.1")), Some(80));
        assert_eq!(oldest(own, root, &pin("1.90")), Some(85));
        assert_eq!(
            oldest("[package]\nname = \"a\"\nrust-version.workspace = true\n", root, &[]),
            Some(85)
        );
    }
}
