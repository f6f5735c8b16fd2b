//! Texts that are deep, long, without end, or that speak to a terminal.

use super::corpus::Input;
use crate::support::Scratch;

/// What moves a cursor, sets a title, hides what follows or turns its direction round.
const CONTROLS: &str = "\u{1b}[2J\u{1b}]0;x\u{7}\u{8}\u{8}\u{9b}31m\u{202e}\u{2066}\u{7f}";
/// How often a link of a deep text is repeated.
const OFTEN: usize = 100_000;

pub(crate) fn inputs() -> Vec<Input> {
    let places =
        ["name", "member", "service", "variable", "folder", "field", "fault", "record", "template"];
    let controls = places.into_iter().map(told);
    controls.chain(deep_sources()).chain(deep_files()).chain(templates()).collect()
}

/// What speaks to a terminal where rwx repeats what a project says.
fn told(place: &'static str) -> Input {
    let control = CONTROLS;
    Input::new(format!("controls in a {place}"), move |clone| match place {
        "name" => clone.rewrite(
            "Cargo.toml",
            "name = \"minimal\"",
            &format!("name = {}", quoted(&format!("a{control}"))),
        ),
        "member" => {
            let member = quoted(&format!("a{control}"));
            let manifest =
                format!("[workspace]\nmembers = [{member}]\n{}", clone.read("Cargo.toml"));
            clone.write("Cargo.toml", manifest.as_bytes());
        }
        "service" => {
            let service =
                format!("services:\n  {}:\n    image: redis\n", quoted(&format!("a{control}")));
            clone.write("compose.yaml", service.as_bytes());
        }
        "variable" => {
            clone.write(".env.example", format!("A{control}B\nWS_REDIS_URL={control}\n").as_bytes())
        }
        "folder" => {
            clone.write(&format!("src/{control}/mod.rs"), b"pub fn a() {}\n");
            clone.write(&format!(".rwx/websocket/{control}"), b"x\n");
        }
        "field" => {
            clone.write("src/settings.rs", format!("struct A {{ a: u8 /* {control} */ ").as_bytes())
        }
        "fault" => {
            clone.write("src/main.rs", format!("fn main() {{ let {control} }}\n").as_bytes())
        }
        "record" => {
            let record = clone.read(".rwx/websocket/record.toml");
            let changed =
                record.replacen("what = \"", &format!("what = \"{}", escaped(control)), 3);
            clone.write(".rwx/websocket/record.toml", changed.as_bytes());
        }
        _ => own_template(clone, &format!("{{{{ nothing }}}} {control}\n")),
    })
}

/// `text` as TOML and YAML write it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    text.chars()
        .map(
            |c| {
                if c.is_ascii_graphic() {
                    c.to_string()
                } else {
                    format!("\\u{:04x}", u32::from(c))
                }
            },
        )
        .collect()
}

/// Source into which a parser would recurse.
fn deep_sources() -> impl Iterator<Item = Input> {
    let expressions = [
        ("", "1 + ", "1"),
        ("", "!", "true"),
        ("", "-", "1"),
        ("", "(", ""),
        ("", "[", ""),
        ("", "&", "x"),
        ("", "if a {} else ", "{}"),
        ("x", ".a()", ""),
        ("x", "?", ""),
        ("x", "(1)", ""),
        ("x", " as u8", ""),
        ("", "|| ", "1"),
        ("", "return ", "1"),
        ("", "x = ", "1"),
        ("", "a..", ""),
        ("", "{", ""),
        ("", "m!(", ""),
    ];
    let expressions = expressions.map(|(head, link, tail)| {
        format!("fn main() {{ let _ = {head}{}{tail}; }}\n", link.repeat(OFTEN))
    });
    let items = [
        format!("type A = {}u8{};\n", "Vec<".repeat(OFTEN), ">".repeat(OFTEN)),
        format!("type A = {}u8;\n", "&".repeat(OFTEN)),
        format!("fn f(a: {}u8) {{}}\n", "fn() -> ".repeat(OFTEN)),
        format!("{}{}", "mod a {".repeat(OFTEN), "}".repeat(OFTEN)),
        format!("use {}b;\n", "a::{".repeat(OFTEN)),
        format!("fn main() {{ let {}a = 1; }}\n", "&".repeat(OFTEN)),
        "/*".repeat(OFTEN),
    ];
    expressions.into_iter().chain(items).map(|source| {
        let name: String = source.chars().take(40).collect();
        Input::new(format!("deep source: {name}"), move |clone| {
            clone.write("src/main.rs", source.as_bytes())
        })
    })
}

/// Other files into which a parser would recurse, or that make much of little.
fn deep_files() -> impl Iterator<Item = Input> {
    let bombs = (1..30)
        .map(|at| format!("a{at}: &a{at} [{}]\n", vec![format!("*a{}", at - 1); 9].join(",")))
        .collect::<String>();
    [
        ("Cargo.toml", format!("a = {}\n", "[".repeat(OFTEN))),
        ("Cargo.toml", format!("a{} = 1\n", ".a".repeat(OFTEN))),
        ("Cargo.toml", format!("a = {}1\n", "{a = ".repeat(OFTEN))),
        (
            "Cargo.toml",
            format!(
                "[package]\nname = \"a\"\n[workspace]\nmembers = [\"{}\"]\n",
                "../".repeat(30) + "**"
            ),
        ),
        (
            "Cargo.toml",
            format!(
                "[package]\nname = \"a\"\n[workspace]\nmembers = [\"{}\"]\n",
                "**/".repeat(200)
            ),
        ),
        ("compose.yaml", format!("services: {}\n", "[".repeat(OFTEN))),
        ("compose.yaml", format!("services: {}\n", "{a: ".repeat(OFTEN))),
        ("compose.yaml", format!("{}\n", "- ".repeat(OFTEN))),
        ("compose.yaml", format!("a0: &a0 x\n{bombs}services: *a29\n")),
        (
            "compose.yaml",
            "include: [compose.yaml]\nservices: {a: {extends: {file: compose.yaml, service: a}}}\n"
                .to_owned(),
        ),
        ("compose.yaml", format!("services: {{a: {{image: \"{}\"}}}}\n", "${A:-".repeat(OFTEN))),
        (".env.example", format!("A={}\n", "\\\n".repeat(OFTEN))),
        (".env.example", format!("A=\"{}\n", "x".repeat(OFTEN))),
        (".rwx/websocket/record.toml", format!("rwx = {}\n", "[".repeat(OFTEN))),
        ("rustfmt.toml", format!("max_width = {}\n", "9".repeat(OFTEN))),
        ("rust-toolchain.toml", format!("[toolchain]\nchannel = \"1.{}\"\n", "9".repeat(OFTEN))),
    ]
    .into_iter()
    .map(|(path, text)| {
        let name: String = text.chars().take(30).collect();
        Input::new(format!("{path}: {name:?}"), move |clone| clone.write(path, text.as_bytes()))
    })
}

/// Templates that never end, make too much, or are deep.
fn templates() -> impl Iterator<Item = Input> {
    let deep = |link: &str| format!("{{{{ rwx_version{} }}}}", link.repeat(OFTEN));
    [
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}".to_owned(),
        "{% for i in range(9999) %}{{ 'xxxxxxxxxx' * 100000 }}{% endfor %}".to_owned(),
        "{{ 'x'|indent(999999999) }}".to_owned(),
        "{{ range(100000)|list * 99999 }}".to_owned(),
        "{% macro a() %}{{ a() }}{{ a() }}{% endmacro %}{{ a() }}".to_owned(),
        "{% include 'component.toml' %}{% extends '/etc/passwd' %}".to_owned(),
        "{% include '../../../../outside/secret' %}".to_owned(),
        deep("|upper"),
        deep("~1"),
        deep("[0]"),
        format!("{{{{ {}1 }}}}", "not ".repeat(OFTEN)),
        format!("{{% raw %}}{{#{{% endraw %}}{}#}}", deep("|upper")),
        "{% if 1 %}".repeat(OFTEN),
        format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(OFTEN)),
    ]
    .into_iter()
    .map(|template| {
        let name: String = template.chars().take(40).collect();
        Input::new(format!("template: {name}"), move |clone| own_template(clone, &template))
    })
}

/// Puts `template` among the project's own ones.
fn own_template(clone: &Scratch, template: &str) {
    clone.rwx(&["templates", "eject", "websocket"]).expect(0);
    clone.write(".rwx/templates/websocket/handler.rs.jinja", template.as_bytes());
}
