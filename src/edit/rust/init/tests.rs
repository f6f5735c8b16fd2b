use super::*;
use crate::edit::RefusalKind;
use crate::edit::rust::Context;
use crate::edit::rust::testing::{assert_laws, edited, formatted};

fn value(found: &StructUse) -> String {
    match found.context {
        Context::Test => "T",
        Context::Default => "D",
        Context::Fallible => "F?",
        Context::Infallible => "I",
        Context::Constant | Context::ItemMacro => "C",
    }
    .to_owned()
}

fn initialised(source: &str) -> String {
    assert_laws(source, |text| init_field(text, "Settings", "ws", value));
    edited(source, |text| init_field(text, "Settings", "ws", value))
}

/// Checks a formatted input, whose result must stay formatted.
fn check(source: &str, expected: &str) {
    assert_eq!(formatted(source), source);
    assert_eq!(initialised(source), expected);
    assert_eq!(formatted(expected), expected);
}

fn refused(source: &str) -> (String, String) {
    let refusal = init_field(source, "Settings", "ws", value).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Unsafe);
    (source[refusal.at].to_owned(), refusal.reason)
}

#[test]
fn every_literal_gets_the_field_as_its_place_allows() {
    check(
        "\
impl Settings {
    fn load() -> anyhow::Result<Self> {
        Ok(Self {
            port: env(\"PORT\")?, // TCP
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { port: 1 }
    }
}

fn plain() -> config::Settings {
    let make = || config::Settings { port: 1 };
    make()
}

#[cfg(test)]
mod tests {
    fn settings() -> Settings {
        Settings { port: 1 }
    }
}
",
        "\
impl Settings {
    fn load() -> anyhow::Result<Self> {
        Ok(Self {
            port: env(\"PORT\")?, // TCP
            ws: F?,
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { port: 1, ws: D }
    }
}

fn plain() -> config::Settings {
    let make = || config::Settings { port: 1, ws: I };
    make()
}

#[cfg(test)]
mod tests {
    fn settings() -> Settings {
        Settings { port: 1, ws: T }
    }
}
",
    );
}

#[test]
fn a_short_literal_that_grows_too_wide_gets_lines() {
    check(
        "fn f() -> Settings {\n    Ok(Settings { port, address })\n}\n",
        "fn f() -> Settings \
        {\n    Ok(Settings {\n        port,\n        address,\n        ws: I,\n    })\n}\n",
    );
    check(
        "fn f() -> Settings {\n    Settings {}\n}\n",
        "fn f() -> Settings {\n    Settings { ws: I }\n}\n",
    );
    assert_eq!(
        initialised("fn f() { Settings { port: 1, host: 2, name: 3, } }"),
        "fn f() { Settings { port: 1, host: 2, name: 3, ws: I, } }"
    );
}

#[test]
fn literals_among_macro_arguments_are_found() {
    assert_eq!(
        initialised(
            "fn f() { vec![Settings { port: 1 }, config::Settings { m: M::<K, V>::new() }]; }"
        ),
        "fn f() { vec![Settings { port: 1, ws: I }, config::Settings { m: M::<K, V>::new(), ws: I }]; }"
    );
    let source = "fn f() { assert_eq!(a, Settings { port, }); println!(\"{:?} Settings {{ port }}\", Settings { ..b }); }";
    assert_eq!(initialised(source), source.replace("port, }", "port, ws: I, }"));
    for kept in [
        "define! { struct Settings { port: u16 } }",
        "define! { impl Settings { fn f() {} } fn f() -> Settings { port } }",
        "fn f() { matches!(a, Settings { port: 1, .. }); }",
        "fn f() { quiet!(let Settings { port, .. } = a); }",
    ] {
        assert_eq!(initialised(kept), kept);
    }
}

#[test]
fn literals_that_need_nothing_are_kept() {
    for source in [
        "fn f() { Settings { port: 1, ..base }; Settings { port: 1, ws: x }; Settings { ws }; }",
        "fn f() { Other { port: 1 }; let Settings { port, .. } = s; let Settings { ws, port } = s; }",
        "impl Other { fn f() -> Self { Self { port: 1 } } }",
        "// Settings { port: 1 }\nconst A: &str = \"Settings { port: 1 }\";",
    ] {
        assert_eq!(initialised(source), source);
    }
}

#[test]
fn an_import_by_another_name_is_the_same_struct() {
    let source = "use config::Settings as S;\nfn f() { S { port: 1 }; }";
    assert_eq!(initialised(source), source.replace("1 }", "1, ws: I }"));
}

#[test]
fn exhaustive_patterns_are_refused() {
    for source in [
        "fn f() { let Settings { port } = s; }",
        "fn f(Settings { port }: Settings) {}",
        "fn f() { match s { config::Settings { port: 1 } => {} } }",
        "impl Settings { fn f(self) { let Self { port } = self; } }",
        "fn f() { if let Settings { port } = s {} }",
        "fn f() { matches!(s, Settings { port: 1 }); }",
        "fn f() { assert!(matches!(s, Settings { port: 1 })); }",
        "fn f() { select! { Settings { port } = s => {} } }",
    ] {
        let (text, reason) = refused(source);
        assert_eq!(reason, "this pattern lists every field of `Settings`: end it in `..`");
        assert!(text.ends_with('}') && text.contains("{ port"), "{text}");
    }
}

#[test]
fn constants_are_refused() {
    for source in [
        "const A: Settings = Settings { port: 1 };",
        "static A: Settings = Settings { port: 1 };",
        "const fn f() -> Settings { Settings { port: 1 } }",
        "impl A { const B: Settings = Settings { port: 1 }; }",
    ] {
        let reason =
            "this `Settings` is a constant or stands in a `const fn`, which can read nothing";
        assert_eq!(refused(source).1, reason, "{source}");
    }
    for source in [
        "statics! { static ref A: Settings = Settings { port: 1 }; }",
        "macro_rules! settings { ($p:expr) => { Settings { port: $p } } }",
    ] {
        let reason = "this `Settings` is a part of a macro's definition, or of its arguments \
            outside of functions";
        assert_eq!(refused(source).1, reason, "{source}");
    }
    let lazy = "lazy_static! { static ref A: Settings = Settings { port: 1 }; }";
    assert_eq!(initialised(lazy), lazy.replace("1 }", "1, ws: I }"));
    let lazy = "static A: LazyLock<Settings> = LazyLock::new(|| Settings { port: 1 });";
    assert_eq!(initialised(lazy), lazy.replace("1 }", "1, ws: I }"));
}
