//! Features merged into every form of an entry, with exact bytes.

use super::*;

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
        (
            "axum.workspace = true\ntokio = \"1\"\n",
            "axum.workspace = true\naxum.features = [\"ws\"]\ntokio = \"1\"\n",
        ),
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
            "axum07 = { package = \"axum\", version = \"0.7\" }\naxum = \
            { version = \"0.8\", features = [\"ws\"] }\n",
        ),
        (
            "axum = { version = \"0.8\", # pinned\n  default-features = true, # yes\n}\n",
            "axum = { version = \"0.8\", # pinned\n  default-features = true, features = [\"ws\"], # yes\n}\n",
        ),
    ];
    for (before, after) in forms {
        let (before, after) = (
            format!("\u{feff}[dependencies]\n{before}"),
            format!("\u{feff}[dependencies]\n{after}"),
        );
        assert_eq!(edited(&before, &AXUM), after);
        assert_eq!(edited(&after, &AXUM), after);
    }
}

#[test]
fn an_own_table_gets_a_line() {
    let before = "[dependencies.axum] # web\nversion = \"0.8\" # pinned\n\n[dependencies.tokio]\n\
        version = \"1\"\n";
    let after = "[dependencies.axum] # web\nversion = \"0.8\" # pinned\nfeatures = [\"ws\"]\n\n\
        [dependencies.tokio]\nversion = \"1\"\n";
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
        (
            "[\"json\",\n        \"query\"]",
            "[\"json\",\n        \"macros\",\n        \"query\", \"ws\"]",
        ),
        ("[\n  \"json\", \"query\",\n]", "[\n  \"json\", \"macros\", \"query\",\n  \"ws\",\n]"),
        ("[ \"json\"\n, \"query\"\n]", "[ \"json\"\n, \"macros\", \"query\", \"ws\"\n]"),
        ("[\n  \"json\",\n  \"query\", ]", "[\n  \"json\",\n  \"macros\",\n  \"query\", \"ws\", ]"),
    ];
    let requirement = Requirement { features: &["ws", "macros", "ws"], ..AXUM };
    for (before, after) in forms {
        for ending in ["\n", "\r\n"] {
            let manifest = |array: &str| {
                format!("[dependencies]\naxum = {{ version = \"0.8\", features = {array} }}\n")
                    .replace('\n', ending)
            };
            assert_eq!(edited(&manifest(before), &requirement), manifest(after));
            assert_eq!(edited(&manifest(after), &requirement), manifest(after));
        }
    }
}

#[test]
fn a_feature_that_is_on_is_not_added() {
    let tokio =
        Requirement { name: "tokio", features: &["rt", "sync"], implied_by: &["full"], ..AXUM };
    for entry in [
        "tokio = { version = \"1\", features = [\"full\"] }",
        "tokio = { version = \"1\", features = [\"sync\", \"rt\"] }",
    ] {
        assert!(
            require(&format!("[dependencies]\n{entry}\n"), &tokio, None).unwrap().is_empty(),
            "{entry}"
        );
    }
    let default = Requirement { implied_by: &["default"], ..tokio };
    assert!(require("[dependencies]\ntokio = \"1\"\n", &default, None).unwrap().is_empty());
    let off = "[dependencies]\ntokio = { version = \"1\", default-features = false }\n";
    assert!(!require(off, &default, None).unwrap().is_empty());
}
