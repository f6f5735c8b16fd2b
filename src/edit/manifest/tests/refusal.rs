//! What is refused, with the bytes that are shown.

use super::*;

#[test]
fn what_is_not_certain_is_refused() {
    let cases = [
        (
            "[dependencies]\naxum = { version = \"0.8\", optional = true }\n",
            "axum = { version = \"0.8\", optional = true }",
            "`axum` is optional here, and the new code always needs it",
        ),
        (
            "[dependencies]\naxum = { version = \"0.8\", features = [\"ws\"], optional = true }\n",
            "axum = { version = \"0.8\", features = [\"ws\"], optional = true }",
            "`axum` is optional here, and the new code always needs it",
        ),
        (
            "[target.'cfg(unix)'.dependencies]\naxum = \"0.8\"\n",
            "axum = \"0.8\"",
            "`axum` is a dependency only under target `cfg(unix)`, without features = [\"ws\"]",
        ),
        (
            "[dependencies]\naxum = { package = \"hyper\", version = \"1\" }\n",
            "axum = { package = \"hyper\", version = \"1\" }",
            "`axum` already names the package `hyper`, so `axum` needs another key",
        ),
        (
            "dependencies = { tokio = \"1\" }\n",
            "{ tokio = \"1\" }",
            "the dependencies do not stand under a [dependencies] header",
        ),
        (
            "dependencies.tokio = \"1\"\n",
            "dependencies",
            "the dependencies do not stand under a [dependencies] header",
        ),
        (
            "dependencies = { axum.version = \"0.8\" }\n",
            "axum.version = \"0.8\"",
            "`axum` stands in an inline table of dependencies, without features = [\"ws\"]",
        ),
    ];
    for (source, at, reason) in cases {
        assert_eq!(refused(source, &AXUM), (RefusalKind::Unsafe, at.to_owned(), reason.to_owned()));
    }
}

#[test]
fn a_requirement_that_would_say_more_is_refused() {
    for (version, features) in [("1\"", &[][..]), ("1\"\nother = \"2", &[]), ("1", &["a\", \"b"])] {
        let requirement = Requirement { version, features, ..AXUM };
        assert_eq!(refused("[dependencies]\n", &requirement).0, RefusalKind::Unsafe);
    }
}

#[test]
fn what_is_broken_is_shown() {
    let cases = [
        ("[dependencies]\naxum = [\"0.8\"", "", "unclosed array, expected `]`"),
        ("[dependencies]\naxum = \"0.8\"\naxum = \"0.7\"\n", "axum", "duplicate key"),
        (
            "[package]\nname = {{project-name}}\n",
            "",
            "missing key for inline table element, expected key",
        ),
        ("dependencies = 1\n", "1", "[dependencies] must be a table"),
        (
            "[dependencies]\naxum = 8\n",
            "axum = 8",
            "the dependency `axum` must be a version or a table",
        ),
        (
            "[dependencies]\naxum.features = \"ws\"\n",
            "\"ws\"",
            "the features of `axum` must be an array of strings",
        ),
    ];
    for (source, at, reason) in cases {
        let (kind, shown, said) = refused(source, &AXUM);
        assert_eq!((kind, shown.as_str()), (RefusalKind::Malformed, at), "{source}");
        assert_eq!(said, reason);
    }
}
