//! Every form a dependency may have, with exact bytes.

use super::super::RefusalKind;
use super::*;

const AXUM: Requirement = Requirement {
    name: "axum",
    version: "0.8",
    features: &["ws"],
    implied_by: &[],
    default_features: true,
    kind: Kind::Normal,
    rename: None,
};

fn edited(source: &str, requirement: &Requirement) -> String {
    require(source, requirement, None).unwrap_or_else(|refusal| panic!("{refusal:?} for {source}")).apply(source)
}

fn refused(source: &str, requirement: &Requirement) -> (RefusalKind, String, String) {
    let refusal = require(source, requirement, None).expect_err(source);
    (refusal.kind, source[refusal.at].to_owned(), refusal.reason)
}

/// Each pair is the text under `[dependencies]` before and after axum's `ws` is required.
#[test]
fn features_merge_into_every_form() {
    let forms = [
        ("axum = \"0.8\"", "axum = { version = \"0.8\", features = [\"ws\"] }"),
        ("axum  =  '0.8' # web\n", "axum  =  { version = '0.8', features = [\"ws\"] } # web\n"),
        ("\"axum\"=\"0.8\"\r\n", "\"axum\"={ version = \"0.8\", features = [\"ws\"] }\r\n"),
        ("axum={version=\"0.8\"}\n", "axum={version=\"0.8\", features = [\"ws\"]}\n"),
        (
            "axum = { version = \"0.8\", default-features = false }\n",
            "axum = { version = \"0.8\", default-features = false, features = [\"ws\"] }\n",
        ),
        (
            "axum = { version = \"0.8\", features = [\"json\", \"macros\"] }\n",
            "axum = { version = \"0.8\", features = [\"json\", \"macros\", \"ws\"] }\n",
        ),
        ("axum = { path = \"../axum\" }\n", "axum = { path = \"../axum\", features = [\"ws\"] }\n"),
        (
            "axum = { git = \"https://example.com/axum\" }\n",
            "axum = { git = \"https://example.com/axum\", features = [\"ws\"] }\n",
        ),
        ("axum = { workspace = true }\n", "axum = { workspace = true, features = [\"ws\"] }\n"),
        ("axum.workspace = true\ntokio = \"1\"\n", "axum.workspace = true\naxum.features = [\"ws\"]\ntokio = \"1\"\n"),
        ("  axum . version = \"0.8\"", "  axum . version = \"0.8\"\n  axum . features = [\"ws\"]"),
        (
            "axum.features = [\"json\"] # ours\naxum.version = \"0.8\"\n",
            "axum.features = [\"json\", \"ws\"] # ours\naxum.version = \"0.8\"\n",
        ),
        (
            "web = { package = \"axum\", version = \"0.8\" }\n",
            "web = { package = \"axum\", version = \"0.8\", features = [\"ws\"] }\n",
        ),
        (
            "axum07 = { package = \"axum\", version = \"0.7\" }\naxum = \"0.8\"\n",
            "axum07 = { package = \"axum\", version = \"0.7\" }\naxum = { version = \"0.8\", features = [\"ws\"] }\n",
        ),
        (
            "axum = { version = \"0.8\", # pinned\n  default-features = true, # yes\n}\n",
            "axum = { version = \"0.8\", # pinned\n  default-features = true, features = [\"ws\"], # yes\n}\n",
        ),
    ];
    for (before, after) in forms {
        let (before, after) = (format!("\u{feff}[dependencies]\n{before}"), format!("\u{feff}[dependencies]\n{after}"));
        assert_eq!(edited(&before, &AXUM), after);
        assert_eq!(edited(&after, &AXUM), after);
    }
}

#[test]
fn an_own_table_gets_a_line() {
    let before = "[dependencies.axum] # web\nversion = \"0.8\" # pinned\n\n[dependencies.tokio]\nversion = \"1\"\n";
    let after = "[dependencies.axum] # web\nversion = \"0.8\" # pinned\nfeatures = [\"ws\"]\n\n[dependencies.tokio]\nversion = \"1\"\n";
    assert_eq!(edited(before, &AXUM), after);
    assert_eq!(edited("[dependencies.axum]", &AXUM), "[dependencies.axum]\nfeatures = [\"ws\"]");
}

/// Each row is an array before and after `macros` and `ws` are required.
#[test]
fn an_array_of_features_keeps_its_form() {
    let forms = [
        ("[]", "[\"macros\", \"ws\"]"),
        ("[\n  # none yet\n]", "[\n  # none yet\n    \"macros\",\n    \"ws\",\n]"),
        ("[\"json\", \"query\",]", "[\"json\", \"macros\", \"query\", \"ws\",]"),
        ("[\"query\", \"json\"]", "[\"query\", \"json\", \"ws\", \"macros\"]"),
        (
            "[\n  \"json\", # j\n  \"query\", # q\n]",
            "[\n  \"json\", # j\n  \"macros\",\n  \"query\", # q\n  \"ws\",\n]",
        ),
        (
            "[\n  \"json\",\n  # about q\n  \"query\" # q\n]",
            "[\n  \"json\",\n  \"macros\",\n  # about q\n  \"query\", # q\n  \"ws\"\n]",
        ),
        ("[ # all\n\t\"query\",\n]", "[ # all\n\t\"macros\",\n\t\"query\",\n\t\"ws\",\n]"),
        ("[\"json\",\n        \"query\"]", "[\"json\",\n        \"macros\",\n        \"query\", \"ws\"]"),
        ("[\n  \"json\", \"query\",\n]", "[\n  \"json\", \"macros\", \"query\",\n  \"ws\",\n]"),
        ("[ \"json\"\n, \"query\"\n]", "[ \"json\"\n, \"macros\", \"query\", \"ws\"\n]"),
        ("[\n  \"json\",\n  \"query\", ]", "[\n  \"json\",\n  \"macros\",\n  \"query\", \"ws\", ]"),
    ];
    let requirement = Requirement { features: &["ws", "macros", "ws"], ..AXUM };
    for (before, after) in forms {
        for ending in ["\n", "\r\n"] {
            let manifest = |array: &str| {
                format!("[dependencies]\naxum = {{ version = \"0.8\", features = {array} }}\n").replace('\n', ending)
            };
            assert_eq!(edited(&manifest(before), &requirement), manifest(after));
            assert_eq!(edited(&manifest(after), &requirement), manifest(after));
        }
    }
}

#[test]
fn a_feature_that_is_on_is_not_added() {
    let tokio = Requirement { name: "tokio", features: &["rt", "sync"], implied_by: &["full"], ..AXUM };
    for entry in [
        "tokio = { version = \"1\", features = [\"full\"] }",
        "tokio = { version = \"1\", features = [\"sync\", \"rt\"], optional = true }",
    ] {
        assert!(require(&format!("[dependencies]\n{entry}\n"), &tokio, None).unwrap().is_empty(), "{entry}");
    }
    let default = Requirement { implied_by: &["default"], ..tokio };
    assert!(require("[dependencies]\ntokio = \"1\"\n", &default, None).unwrap().is_empty());
    let off = "[dependencies]\ntokio = { version = \"1\", default-features = false }\n";
    assert!(!require(off, &default, None).unwrap().is_empty());
}

/// Each pair is a whole manifest before and after axum is required.
#[test]
fn a_new_entry_goes_where_the_table_is_sorted() {
    let line = "axum = { version = \"0.8\", features = [\"ws\"] }";
    let forms = [
        ("", format!("[dependencies]\n{line}\n")),
        ("[dependencies] # none", format!("[dependencies] # none\n{line}")),
        (
            "[dependencies]\r\nanyhow = \"1\"\r\n# t\r\ntokio = \"1\"\r\n",
            format!("[dependencies]\r\nanyhow = \"1\"\r\n{line}\r\n# t\r\ntokio = \"1\"\r\n"),
        ),
        ("[dependencies]\n  tokio = \"1\"\n", format!("[dependencies]\n  {line}\n  tokio = \"1\"\n")),
        (
            "[dependencies]\ntokio = \"1\" # t\nanyhow = \"1\" # a\n\n[lib]\n",
            format!("[dependencies]\ntokio = \"1\" # t\nanyhow = \"1\" # a\n{line}\n\n[lib]\n"),
        ),
        (
            "[dependencies.tokio]\nversion = \"1\"\n",
            format!("[dependencies]\n{line}\n\n[dependencies.tokio]\nversion = \"1\"\n"),
        ),
        (
            "[package]\n# tests\n[dev-dependencies]\n",
            format!("[package]\n\n[dependencies]\n{line}\n\n# tests\n[dev-dependencies]\n"),
        ),
        ("[package]\nname = \"x\"", format!("[package]\nname = \"x\"\n\n[dependencies]\n{line}")),
        (
            "\u{feff}[dependencies]\nanyhow.version = \"1\"\nanyhow.features = [\n]\n",
            format!("\u{feff}[dependencies]\nanyhow.version = \"1\"\nanyhow.features = [\n]\n{line}\n"),
        ),
    ];
    for (before, after) in forms {
        assert_eq!(edited(before, &AXUM), after);
        assert_eq!(edited(&after, &AXUM), after);
    }
}

#[test]
fn a_new_entry_says_what_is_asked_for() {
    let plain = Requirement { features: &[], ..AXUM };
    assert_eq!(edited("", &plain), "[dependencies]\naxum = \"0.8\"\n");
    let renamed = Requirement { rename: Some("web"), default_features: false, ..plain };
    assert_eq!(
        edited("[dependencies]\naxum = \"0.6\"\n", &renamed),
        "[dependencies]\naxum = \"0.6\"\nweb = { package = \"axum\", version = \"0.8\", default-features = false }\n"
    );
}

#[test]
fn tests_follow_the_normal_entry() {
    let dev = Requirement { kind: Kind::Dev, ..AXUM };
    let covered = "[dependencies]\naxum = { version = \"0.7\", features = [\"ws\"] }\n";
    assert!(require(covered, &dev, None).unwrap().is_empty());
    let own = format!("{covered}[dev-dependencies]\naxum = \"0.7\"\n");
    assert!(require(&own, &dev, None).unwrap().is_empty());
    let optional = "[dependencies]\naxum = { version = \"0.7\", features = [\"ws\"], optional = true }\n";
    assert_eq!(
        edited(optional, &dev),
        format!("{optional}\n[dev-dependencies]\naxum = {{ version = \"0.7\", features = [\"ws\"] }}\n")
    );
    assert_eq!(
        edited("[dependencies]\nweb = { version = \"0.7\", package = \"axum\" }\n\n[features]\n", &dev),
        "[dependencies]\nweb = { version = \"0.7\", package = \"axum\" }\n\n[dev-dependencies]\n\
         web = { package = \"axum\", version = \"0.7\", features = [\"ws\"] }\n\n[features]\n"
    );
    assert_eq!(
        edited("[dependencies]\naxum.workspace = true", &dev),
        "[dependencies]\naxum.workspace = true\n\n[dev-dependencies]\naxum = { workspace = true, features = [\"ws\"] }"
    );
    assert_eq!(
        edited("[dev_dependencies]\n", &dev),
        "[dev_dependencies]\naxum = { version = \"0.8\", features = [\"ws\"] }\n"
    );
    assert_eq!(refused("[dependencies]\naxum = { path = \"a\" }\n", &dev).0, RefusalKind::Unsafe);
}

#[test]
fn the_workspace_gives_key_and_features() {
    let root = "[workspace.dependencies]\nweb = { package = \"axum\", version = \"0.8\", features = [\"json\"] }\n";
    let inherited = &dependencies(root).unwrap()[0];
    let member = |source: &str| require(source, &AXUM, Some(inherited)).unwrap().apply(source);
    assert_eq!(member("[dependencies]\n"), "[dependencies]\nweb = { workspace = true, features = [\"ws\"] }\n");
    assert_eq!(
        member("[dependencies]\nweb.workspace = true\n"),
        "[dependencies]\nweb.workspace = true\nweb.features = [\"ws\"]\n"
    );
    let json = Requirement { features: &["json"], ..AXUM };
    let source = "[dependencies]\nweb.workspace = true\n";
    assert!(require(source, &json, Some(inherited)).unwrap().is_empty());
    assert_eq!(require("", &json, Some(inherited)).unwrap().apply(""), "[dependencies]\nweb = { workspace = true }\n");
    let taken = "[dependencies]\nweb = { package = \"hyper\", version = \"1\" }\n";
    assert_eq!(require(taken, &AXUM, Some(inherited)).expect_err("taken").kind, RefusalKind::Unsafe);
    let shared = Requirement { kind: Kind::Workspace, ..AXUM };
    assert_eq!(
        edited("[workspace]\n", &shared),
        "[workspace]\n\n[workspace.dependencies]\naxum = { version = \"0.8\", features = [\"ws\"] }\n"
    );
}

#[test]
fn what_is_not_certain_is_refused() {
    let cases = [
        (
            "[dependencies]\naxum = { version = \"0.8\", optional = true }\n",
            "axum = { version = \"0.8\", optional = true }",
            "`axum` is optional, so code may be built without it: add features = [\"ws\"] by hand",
        ),
        (
            "[target.'cfg(unix)'.dependencies]\naxum = \"0.8\"\n",
            "axum = \"0.8\"",
            "`axum` is a dependency only under target `cfg(unix)`: add features = [\"ws\"] there by hand",
        ),
        (
            "[dependencies]\naxum = { package = \"hyper\", version = \"1\" }\n",
            "axum = { package = \"hyper\", version = \"1\" }",
            "`axum` already names the package `hyper`, so `axum` needs another key",
        ),
        (
            "dependencies = { tokio = \"1\" }\n",
            "{ tokio = \"1\" }",
            "the dependencies do not stand under a [dependencies] header: add axum = { version = \"0.8\", features = [\"ws\"] } by hand",
        ),
        (
            "dependencies.tokio = \"1\"\n",
            "dependencies",
            "the dependencies do not stand under a [dependencies] header: add axum = { version = \"0.8\", features = [\"ws\"] } by hand",
        ),
        (
            "dependencies = { axum.version = \"0.8\" }\n",
            "axum.version = \"0.8\"",
            "`axum` stands in an inline table of dependencies: add features = [\"ws\"] by hand",
        ),
    ];
    for (source, at, reason) in cases {
        assert_eq!(refused(source, &AXUM), (RefusalKind::Unsafe, at.to_owned(), reason.to_owned()));
    }
}

#[test]
fn a_requirement_that_would_say_more_is_refused() {
    for version in ["1\"", "1\"\nother = \"2"] {
        let requirement = Requirement { version, features: &[], ..AXUM };
        assert_eq!(refused("[dependencies]\n", &requirement).0, RefusalKind::Unsafe);
    }
}

#[test]
fn what_is_broken_is_shown() {
    let cases = [
        ("[dependencies]\naxum = [\"0.8\"", "", "unclosed array, expected `]`"),
        ("[dependencies]\naxum = \"0.8\"\naxum = \"0.7\"\n", "axum", "duplicate key"),
        ("[package]\nname = {{project-name}}\n", "", "missing key for inline table element, expected key"),
        ("dependencies = 1\n", "1", "[dependencies] must be a table"),
        ("[dependencies]\naxum = 8\n", "axum = 8", "the dependency `axum` must be a version or a table"),
        ("[dependencies]\naxum.features = \"ws\"\n", "\"ws\"", "the features of `axum` must be an array of strings"),
    ];
    for (source, at, reason) in cases {
        let (kind, shown, said) = refused(source, &AXUM);
        assert_eq!((kind, shown.as_str()), (RefusalKind::Malformed, at), "{source}");
        assert_eq!(said, reason);
    }
}

#[test]
fn dependencies_are_listed_with_their_place() {
    let source = "[dependencies]\naxum.version = \"0.8\"\naxum.optional = true\n[dependencies.redis]\nversion = \"1\"\n\
                  [target.'cfg(unix)'.dev-dependencies]\nnix = { git = \"x\", default_features = false }\n";
    let found = dependencies(source).unwrap();
    let shown: Vec<_> =
        found.iter().map(|found| (found.key.as_str(), found.kind, &source[found.range.clone()])).collect();
    assert_eq!(
        shown,
        [
            ("axum", Kind::Normal, "axum.version = \"0.8\"\naxum.optional = true"),
            ("redis", Kind::Normal, "[dependencies.redis]\nversion = \"1\""),
            ("nix", Kind::Dev, "nix = { git = \"x\", default_features = false }"),
        ]
    );
    assert!(found[0].optional && !found[1].optional);
    assert!(found[2].path_or_git && !found[2].default_features && found[2].version.is_none());
    assert_eq!(found[2].target.as_deref(), Some("cfg(unix)"));
}
