//! New entries, with exact bytes.

use super::*;

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
        (
            "[dependencies]\n  tokio = \"1\"\n",
            format!("[dependencies]\n  {line}\n  tokio = \"1\"\n"),
        ),
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
            format!(
                "\u{feff}[dependencies]\nanyhow.version = \"1\"\nanyhow.features = [\n]\n{line}\n"
            ),
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
        "[dependencies]\naxum = \"0.6\"\nweb = \
        { package = \"axum\", version = \"0.8\", default-features = false }\n"
    );
}

#[test]
fn tests_follow_the_normal_entry() {
    let dev = Requirement { kind: Kind::Dev, ..AXUM };
    let covered = "[dependencies]\naxum = { version = \"0.7\", features = [\"ws\"] }\n";
    assert!(require(covered, &dev, None).unwrap().is_empty());
    let own = format!("{covered}[dev-dependencies]\naxum = \"0.7\"\n");
    assert!(require(&own, &dev, None).unwrap().is_empty());
    let optional =
        "[dependencies]\naxum = { version = \"0.7\", features = [\"ws\"], optional = true }\n";
    assert_eq!(
        edited(optional, &dev),
        format!(
            "{optional}\n[dev-dependencies]\naxum = {{ version = \"0.7\", features = [\"ws\"] }}\n"
        )
    );
    assert_eq!(
        edited(
            "[dependencies]\nweb = { version = \"0.7\", package = \"axum\" }\n\n[features]\n",
            &dev
        ),
        "[dependencies]\nweb = { version = \"0.7\", package = \"axum\" }\n\n[dev-dependencies]\n\
         web = { package = \"axum\", version = \"0.7\", features = [\"ws\"] }\n\n[features]\n"
    );
    assert_eq!(
        edited("[dependencies]\naxum.workspace = true", &dev),
        "[dependencies]\naxum.workspace = true\n\n[dev-dependencies]\naxum = \
        { workspace = true, features = [\"ws\"] }"
    );
    assert_eq!(
        edited("[dev_dependencies]\n", &dev),
        "[dev_dependencies]\naxum = { version = \"0.8\", features = [\"ws\"] }\n"
    );
    assert_eq!(refused("[dependencies]\naxum = { path = \"a\" }\n", &dev).0, RefusalKind::Unsafe);
}

#[test]
fn the_workspace_gives_key_and_features() {
    let root = "[workspace.dependencies]\nweb = \
        { package = \"axum\", version = \"0.8\", features = [\"json\"] }\n";
    let inherited = &dependencies(root).unwrap()[0];
    let member = |source: &str| require(source, &AXUM, Some(inherited)).unwrap().apply(source);
    assert_eq!(
        member("[dependencies]\n"),
        "[dependencies]\nweb = { workspace = true, features = [\"ws\"] }\n"
    );
    assert_eq!(
        member("[dependencies]\nweb.workspace = true\n"),
        "[dependencies]\nweb.workspace = true\nweb.features = [\"ws\"]\n"
    );
    let json = Requirement { features: &["json"], ..AXUM };
    let source = "[dependencies]\nweb.workspace = true\n";
    assert!(require(source, &json, Some(inherited)).unwrap().is_empty());
    assert_eq!(
        require("", &json, Some(inherited)).unwrap().apply(""),
        "[dependencies]\nweb = { workspace = true }\n"
    );
    let taken = "[dependencies]\nweb = { package = \"hyper\", version = \"1\" }\n";
    assert_eq!(
        require(taken, &AXUM, Some(inherited)).expect_err("taken").kind,
        RefusalKind::Unsafe
    );
    let shared = Requirement { kind: Kind::Workspace, ..AXUM };
    assert_eq!(
        edited("[workspace]\n", &shared),
        "[workspace]\n\n[workspace.dependencies]\naxum = \
        { version = \"0.8\", features = [\"ws\"] }\n"
    );
}
