use super::*;
use crate::edit::RefusalKind;
use crate::edit::rust::testing::{assert_laws, edited, formatted};

fn ws() -> Field {
    Field { name: "ws".into(), ty: "WsConfig".into(), ..Field::default() }
}

fn added(source: &str, field: &Field) -> String {
    assert_laws(source, |text| add_field(text, "Settings", field));
    edited(source, |text| add_field(text, "Settings", field))
}

fn check(source: &str, field: &Field, expected: &str) {
    assert_eq!(formatted(source), source);
    assert_eq!(added(source, field), expected);
    assert_eq!(formatted(expected), expected);
}

#[test]
fn the_field_comes_last_with_its_neighbours_visibility() {
    check(
        "struct Settings {\n    port: u16,\n}\n",
        &ws(),
        "struct Settings {\n    port: u16,\n    ws: WsConfig,\n}\n",
    );
    check(
        "pub struct Settings {\n    pub(crate) port: u16, // TCP\n}\n",
        &ws(),
        "pub struct Settings {\n    pub(crate) port: u16, // TCP\n    pub(crate) ws: WsConfig,\n\
        }\n",
    );
    check("struct Settings {}\n", &ws(), "struct Settings {\n    ws: WsConfig,\n}\n");
}

#[test]
fn documentation_and_attributes_come_first() {
    let field = Field {
        doc: vec!["Sockets.".into(), String::new()],
        attributes: vec!["#[serde(skip)]".into()],
        ..ws()
    };
    check(
        "mod a {\n    pub struct Settings {\n        /// Port.\n        pub port: u16,\n\n        /// Host.\n        pub host: String,\n    }\n}\n",
        &field,
        "mod a {\n    pub struct Settings {\n        /// Port.\n        pub port: u16,\n\n        /// Host.\n        pub host: String,\n\n        /// Sockets.\n        ///\n        #[serde(skip)]\n        pub ws: WsConfig,\n    }\n}\n",
    );
}

#[test]
fn unusual_layouts_are_kept() {
    assert_eq!(
        added("struct Settings {\r\n\tport: u16 // TCP\r\n}", &ws()),
        "struct Settings {\r\n\tport: u16, // TCP\r\n\tws: WsConfig,\r\n}"
    );
    assert_eq!(
        added("    struct Settings { a: u8 }", &ws()),
        "    struct Settings {\n        a: u8,\n        ws: WsConfig,\n    }"
    );
    assert_eq!(
        added("struct Settings { a: u8,\n  b: u8 }", &ws()),
        "struct Settings { a: u8,\n  b: u8,\n  ws: WsConfig }"
    );
    assert_eq!(
        added("struct Settings {\n  a: u8, /* x\n*/ b: u8, /* y */ }", &ws()),
        "struct Settings {\n  a: u8, /* x\n*/ b: u8,\n    ws: WsConfig, /* y */ }"
    );
    assert_eq!(added("struct Settings {\n}", &ws()), "struct Settings {\n    ws: WsConfig,\n}");
    assert_eq!(
        added("struct Settings {\n    a: u8 // ,\n    , // c\n}", &ws()),
        "struct Settings {\n    a: u8 // ,\n    , // c\n    ws: WsConfig,\n}"
    );
}

#[test]
fn a_field_that_exists_needs_nothing() {
    assert!(add_field("struct Settings { r#ws: u8 }", "Settings", &ws()).unwrap().is_empty());
}

#[test]
fn other_structs_are_refused_with_their_place() {
    for (source, text, reason) in [
        ("struct Settings(u8);", "Settings", "`Settings` has no named fields"),
        ("struct Settings;", "Settings", "`Settings` has no named fields"),
        (
            "#[cfg(a)]\nstruct Settings {}\n#[cfg(b)]\nstruct Settings {}",
            "Settings",
            "`Settings` is defined more than once",
        ),
        (
            "config! { pub struct Settings { a: u8 } }",
            "Settings",
            "`Settings` is defined inside a macro",
        ),
        ("// struct Settings {}\nstruct Other {}", "", "no struct `Settings`"),
    ] {
        let refusal = add_field(source, "Settings", &ws()).unwrap_err();
        assert_eq!((refusal.kind, refusal.reason.as_str()), (RefusalKind::Unsafe, reason));
        assert_eq!(&source[refusal.at], text);
    }
}
