//! What the tests of every editor here share: the laws, and rustfmt as it is without configuration.

use std::io::Write;
use std::process::{Command, Stdio};

use super::standing::{Anchor, blocks_around};
use super::{ServeCall, Syntax, serve_calls};
use crate::edit::laws::check_undo;
use crate::edit::{Outcome, Splice};

/// The text that `editor` makes of `source`.
pub(crate) fn edited(source: &str, editor: impl Fn(&str) -> Outcome) -> String {
    editor(source).unwrap().apply(source)
}

/// Asserts that the edit only inserts, ahead of or around what stands there, that it can be taken
/// back, that its result parses, and that a second run changes nothing.
pub(crate) fn assert_laws(source: &str, editor: impl Fn(&str) -> Outcome) {
    let edit = editor(source).unwrap();
    let keeps = |splice: &Splice| splice.text.contains(&source[splice.range.clone()]);
    assert!(edit.splices().iter().all(keeps), "not an insertion: {edit:?}");
    check_undo(source, &edit);
    let result = edit.apply(source);
    if let Err(refusal) = Syntax::parse(&result) {
        panic!("{refusal:?} in\n{result}");
    }
    let again = editor(&result).unwrap();
    assert!(again.is_empty(), "second run: {again:?} on\n{result}");
}

/// The statement around the first call of `axum::serve` in `source`; nothing where there is none.
pub(crate) fn anchor(source: &str) -> Anchor {
    let Ok(syntax) = Syntax::parse(source) else { return Anchor::default() };
    let calls = serve_calls(&syntax, "axum");
    let call = calls.iter().find_map(|call| match call {
        ServeCall::Plain(call) => Some(call),
        ServeCall::InMacro(_) => None,
    });
    let blocks = call.map(|call| blocks_around(&call.frames)).unwrap_or_default();
    let range = blocks.first().map(|(block, index)| syntax.range(&block.stmts[*index]));
    range.and_then(|range| Anchor::at(source, &syntax, &range)).unwrap_or_default()
}

/// `source` as `rustfmt --edition 2024` leaves it.
pub(crate) fn formatted(source: &str) -> String {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout", "--quiet"])
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    rustfmt.stdin.take().unwrap().write_all(source.as_bytes()).unwrap();
    let output = rustfmt.wait_with_output().unwrap();
    assert!(output.status.success(), "rustfmt refuses\n{source}");
    String::from_utf8(output.stdout).unwrap()
}
