use super::*;
use crate::edit::rust::testing::{assert_laws, edited, formatted};

fn declared(source: &str, visibility: &str) -> String {
    assert_laws(source, |text| declare_module(text, "ws", visibility));
    edited(source, |text| declare_module(text, "ws", visibility))
}

/// Checks the result for a formatted input, which must stay formatted.
fn check(source: &str, visibility: &str, expected: &str) {
    let result = declared(source, visibility);
    assert_eq!(result, expected);
    assert_eq!(formatted(&result), result);
}

#[test]
fn a_sorted_group_stays_sorted() {
    check("mod a;\nmod x;\n\nfn main() {}\n", "", "mod a;\nmod ws;\nmod x;\n\nfn main() {}\n");
    check("mod a; // first\n", "", "mod a; // first\nmod ws;\n");
    check("mod a;\npub mod x;\n", "pub", "mod a;\npub mod ws;\npub mod x;\n");
    check("/// Last.\nmod x;\n", "", "mod ws;\n/// Last.\nmod x;\n");
    check("mod a;\n#[cfg(test)]\nmod tests;\n", "", "mod a;\n#[cfg(test)]\nmod tests;\nmod ws;\n");
    check(
        "use a::b;\n\npub mod a;\npub mod b;\n",
        "pub",
        "use a::b;\n\npub mod a;\npub mod b;\npub mod ws;\n",
    );
}

#[test]
fn a_comment_stays_with_its_module() {
    check(
        "mod a;\n// Last.\n// Of all.\nmod x;\n",
        "",
        "mod a;\nmod ws;\n// Last.\n// Of all.\nmod x;\n",
    );
    check("//! Docs.\n\n// Last.\nmod x;\n", "", "//! Docs.\n\nmod ws;\n// Last.\nmod x;\n");
    check("// Licence.\nmod x;\n", "", "// Licence.\nmod ws;\nmod x;\n");
    check("mod a; // first\nmod x; // last\n", "", "mod a; // first\nmod ws;\nmod x; // last\n");
    let source = "extern crate a; // first\nmod x;\n";
    assert_eq!(declared(source, ""), "extern crate a; // first\nmod ws;\nmod x;\n");
    let source = "extern crate a; // first\nuse b;\n";
    assert_eq!(declared(source, ""), "extern crate a; // first\n\nmod ws;\n\nuse b;\n");
}

#[test]
fn an_unsorted_group_is_continued() {
    assert_eq!(declared("mod x;\nmod a;\n\nuse b;\n", ""), "mod x;\nmod a;\nmod ws;\n\nuse b;\n");
    let source = "mod x;\nmod a;\n#[cfg(unix)]\nmod b;\n";
    assert_eq!(declared(source, ""), "mod x;\nmod a;\nmod ws;\n#[cfg(unix)]\nmod b;\n");
}

#[test]
fn the_group_of_the_same_visibility_is_joined() {
    let source = "mod a;\nmod b;\n\npub mod c;\n\nfn main() {}\n";
    check(source, "pub", "mod a;\nmod b;\n\npub mod c;\npub mod ws;\n\nfn main() {}\n");
    check(source, "", "mod a;\nmod b;\nmod ws;\n\npub mod c;\n\nfn main() {}\n");
}

#[test]
fn tests_at_the_end_are_no_anchor() {
    let source = "use a::b;\n\nfn main() {}\n\n#[cfg(test)]\nmod tests {}\n";
    check(source, "", &format!("mod ws;\n\n{source}"));
    let source = "use a::b;\n\nfn main() {}\n\n#[cfg(test)]\nmod tests;\n";
    check(source, "", &format!("mod ws;\n\n{source}"));
}

#[test]
fn a_root_without_modules_gets_the_line_above_its_first_item() {
    check("#![deny(warnings)]\nuse a;\n", "", "#![deny(warnings)]\n\nmod ws;\n\nuse a;\n");
    check("//! Docs.\n\nuse a;\n", "", "//! Docs.\n\nmod ws;\n\nuse a;\n");
    check(
        "#[macro_use]\nextern crate a;\n\nuse b;\n",
        "",
        "#[macro_use]\nextern crate a;\n\nmod ws;\n\nuse b;\n",
    );
    check("// Licence.\nuse a;\n", "", "// Licence.\nmod ws;\n\nuse a;\n");
    check(
        "// Licence.\n\n// Starts.\nfn main() {}\n",
        "",
        "// Licence.\n\nmod ws;\n\n// Starts.\nfn main() {}\n",
    );
    check("", "pub", "pub mod ws;\n");
    check("//! Docs.\n", "", "//! Docs.\n\nmod ws;\n");
}

#[test]
fn other_encodings_and_shapes_are_kept() {
    assert_eq!(
        declared("\u{feff}mod a;\r\nmod x;\r\n", ""),
        "\u{feff}mod a;\r\nmod ws;\r\nmod x;\r\n"
    );
    assert_eq!(declared("\u{feff}use a;\n", ""), "\u{feff}mod ws;\n\nuse a;\n");
    assert_eq!(declared("#!/bin/run\nmod a;", ""), "#!/bin/run\nmod a;\nmod ws;");
    assert_eq!(declared("mod a; /* open\n*/ mod x;", ""), "mod a; /* open\n*/ mod ws;\nmod x;");
    assert_eq!(declared("mod a; /* open\n*/", ""), "mod a;\nmod ws; /* open\n*/");
    assert_eq!(declared("/* open\n*/ fn main() {}", ""), "/* open\n*/ mod ws;\n\nfn main() {}");
}

#[test]
fn a_declared_module_needs_nothing() {
    for source in ["mod ws;\n", "pub mod ws {}\n", "#[cfg(unix)]\nmod ws;\n", "mod r#ws;\n"] {
        assert!(declare_module(source, "ws", "").unwrap().is_empty(), "{source}");
    }
    assert!(!declare_module("mod a { mod ws; }\n// mod ws;\n", "ws", "").unwrap().is_empty());
}
