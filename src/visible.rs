//! Text of others on the user's terminal: what steers a terminal, or turns text round, is shown and
//! not sent.

use std::borrow::Cow;

/// True for a character that a terminal acts on or that changes the order in which others are
/// shown; a line feed, a tab and a carriage return are such too.
pub fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` of some lines as a terminal may get it: control characters are written as in Rust,
/// `\u{1b}`. Tabs and the ends of lines stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    let text = if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    };
    if text.chars().any(|c| is_control(c) && !matches!(c, '\n' | '\t')) {
        Cow::Owned(escaped(&text, "\n\t"))
    } else {
        text
    }
}

/// `text` as [`visible`] shows it, on one line: also line feeds and tabs are written out.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(is_control) { Cow::Owned(escaped(text, "")) } else { Cow::Borrowed(text) }
}

/// `text` with the control characters escaped that are not in `kept`.
fn escaped(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control(c) && !kept.contains(c) {
            out.extend(c.escape_unicode())
        } else {
            out.push(c)
        }
    }
    out
}

/// JSON with the control characters escaped that JSON itself lets stand in a string.
pub fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control(c) && c != '\n' {
            out.push_str(&format!("\\u{:04x}", u32::from(c)))
        } else {
            out.push(c)
        }
    }
    out
}

/// What a run has put together as a terminal may get it: its own colours stay where there are any,
/// and a carriage return where the text is for a program.
pub fn screened(text: &str, coloured: bool, for_program: bool) -> Cow<'_, str> {
    let is_fine = |c: char| !is_control(c) || matches!(c, '\n' | '\t');
    if text.chars().all(is_fine) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let stays = match c {
            '\r' => for_program || text[at + 1..].starts_with('\n'),
            '\u{1b}' => coloured && is_colour(&text[at + 1..]),
            c => is_fine(c),
        };
        if stays { out.push(c) } else { out.extend(c.escape_unicode()) }
    }
    Cow::Owned(out)
}

/// True when `rest`, behind an escape character, sets a colour and does nothing else.
fn is_colour(rest: &str) -> bool {
    let Some(codes) = rest.strip_prefix('[') else { return false };
    codes.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_written_out() {
        assert_eq!(visible("a\tb\r\nc\n"), "a\tb\nc\n");
        assert_eq!(
            visible("\u{1b}]0;x\u{7}\r\u{9b}1m\u{202e}ä\u{200d}"),
            "\\u{1b}]0;x\\u{7}\\u{d}\\u{9b}1m\\u{202e}ä\u{200d}"
        );
        assert_eq!(one_line("a\nb\tc"), "a\\u{a}b\\u{9}c");
        let value = serde_json::json!({ "a\u{7f}": "\u{1b}\u{85}\u{2066}\n" });
        let text = json(&format!("{value:#}"));
        assert!(!text.contains(|c| is_control(c) && c != '\n'), "{text:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn only_colours_and_the_line_ends_of_a_patch_pass() {
        let text = "\u{1b}[1;32mok\u{1b}[0m \u{1b}[2J \u{1b}]8;; a\r\nb\rc\n";
        assert_eq!(
            screened(text, true, true),
            "\u{1b}[1;32mok\u{1b}[0m \\u{1b}[2J \\u{1b}]8;; a\r\nb\rc\n"
        );
        assert_eq!(
            screened(text, false, false),
            "\\u{1b}[1;32mok\\u{1b}[0m \\u{1b}[2J \\u{1b}]8;; a\r\nb\\u{d}c\n"
        );
    }
}
