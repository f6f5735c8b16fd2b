use super::super::testing::{at, package};
use super::*;

fn modules(files: &[(&str, &str)]) -> Vec<String> {
    let package = package(files);
    let describe = |module: &Module| {
        let path: Vec<&str> = module.path.iter().map(String::as_str).collect();
        format!(
            "{} {} {}{}",
            module.root,
            module.file,
            path.join("::"),
            if module.test { " test" } else { "" }
        )
    };
    package.modules().iter().map(describe).collect()
}

#[test]
fn modules_are_found_as_the_compiler_finds_them() {
    let files = [
        (
            "src/main.rs",
            "mod a;\nmod inline { mod deep; }\n#[path = \"other/x.rs\"]\nmod b;\n#[cfg(test)]\n\
            mod tests;\n",
        ),
        ("src/a.rs", "pub mod child;\nmod gone;\n"),
        ("src/a/child.rs", "// mod fake;\n"),
        ("src/a/child/fake.rs", ""),
        ("src/inline/deep/mod.rs", "mod leaf;"),
        ("src/inline/deep/leaf.rs", ""),
        ("src/other/x.rs", "mod y;"),
        ("src/other/y.rs", ""),
        ("src/tests.rs", ""),
    ];
    assert_eq!(
        modules(&files),
        [
            "0 src/main.rs ",
            "0 src/a.rs a",
            "0 src/a/child.rs a::child",
            "0 src/inline/deep/mod.rs inline::deep",
            "0 src/inline/deep/leaf.rs inline::deep::leaf",
            "0 src/other/x.rs b",
            "0 src/other/y.rs b::y",
            "0 src/tests.rs tests test",
        ]
    );
}

#[test]
fn a_path_inside_inline_modules_counts_from_their_folder() {
    let files = [
        ("src/main.rs", "mod a { #[path = \"b.rs\"] mod b; #[path = \"../c.rs\"] mod c; }"),
        ("src/a/b.rs", ""),
        ("src/c.rs", ""),
    ];
    assert_eq!(modules(&files), ["0 src/main.rs ", "0 src/a/b.rs a::b", "0 src/c.rs a::c"]);
}

#[test]
fn a_file_of_two_crates_is_known_in_both() {
    let files = [("src/lib.rs", "pub mod a;"), ("src/main.rs", "mod a;"), ("src/a.rs", "mod a;")];
    let package = package(&files);
    assert_eq!(
        package.modules_of("src/a.rs").map(|module| module.root).collect::<Vec<_>>(),
        [0, 1]
    );
    assert!(package.is_shipped("src/a.rs"));
    assert!(!package.is_shipped("src/b.rs"));
}

#[test]
fn a_module_that_names_itself_ends_the_walk() {
    assert_eq!(modules(&[("src/main.rs", "#[path = \"main.rs\"] mod main;")]), ["0 src/main.rs "]);
}

#[test]
fn names_of_the_root_are_taken() {
    let source = "mod ws;\nmod websocket {}\nuse axum::extract::{redis::{self, X}, hub as bus};\n\
        struct Chat;\nfn free() {}\n";
    let package = package(&[("src/main.rs", source)]);
    for (name, by, text) in [
        ("ws", "a module", "ws"),
        ("websocket", "a module", "websocket"),
        ("redis", "an import", "use axum::extract::{redis::{self, X}, hub as bus};"),
        ("bus", "an import", "use axum::extract::{redis::{self, X}, hub as bus};"),
        ("Chat", "a type", "Chat"),
    ] {
        let taken = package.taken("src/main.rs", name).unwrap();
        assert_eq!((taken.by, at(&package, &taken.place)), (by, text));
    }
    for name in ["free", "hub", "extract", "axum"] {
        assert_eq!(package.taken("src/main.rs", name), None);
    }
}
