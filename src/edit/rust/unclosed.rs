//! What keeps a text from being cut into tokens: a bracket, string or comment that does not end.

use std::ops::Range;

/// The first thing in `source` that is open or closed wrongly: its bytes, and what is wrong in
/// lower case.
pub(super) fn unclosed(source: &str) -> Option<(Range<usize>, String)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut at = 0;
    while let Some(character) = source[at..].chars().next() {
        let end = match end_of_text(source, at) {
            Text::Ends(end) => end,
            Text::Open(what, len) => {
                return Some((at..at + len, format!("this {what} is never closed")));
            }
            Text::None => {
                match (character, open.last()) {
                    ('(' | '[' | '{', _) => open.push((at, character)),
                    (')' | ']' | '}', None) => {
                        return Some((at..at + 1, format!("this `{character}` closes nothing")));
                    }
                    (')' | ']' | '}', Some((start, opening))) if closing(*opening) != character => {
                        return Some((
                            *start..start + 1,
                            format!("this `{opening}` is never closed"),
                        ));
                    }
                    (')' | ']' | '}', _) => drop(open.pop()),
                    _ => {}
                }
                at + character.len_utf8()
            }
        };
        at = end;
    }
    open.pop()
        .map(|(start, opening)| (start..start + 1, format!("this `{opening}` is never closed")))
}

fn closing(opening: char) -> char {
    match opening {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

/// What begins at a byte, as far as brackets in it mean nothing.
enum Text {
    /// A comment, string, character or word, which ends here.
    Ends(usize),
    /// One of them without an end: what it is, and the length of what opens it.
    Open(&'static str, usize),
    /// None of them.
    None,
}

fn end_of_text(source: &str, at: usize) -> Text {
    let rest = &source[at..];
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    if word > 0 {
        let raw = matches!(&rest[..word], "r" | "br" | "cr")
            .then(|| raw_string(source, at, word))
            .flatten();
        return raw.unwrap_or(Text::Ends(at + word));
    }
    if rest.starts_with("//") {
        return Text::Ends(at + rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return comment(source, at);
    }
    match rest.chars().next() {
        Some('"') => quoted(rest, '"').map_or(Text::Open("string", 1), |end| Text::Ends(at + end)),
        Some('\'') => Text::Ends(at + character(rest)),
        _ => Text::None,
    }
}

/// `"…"#` behind the prefix of `len` bytes; nothing for a raw identifier.
fn raw_string(source: &str, at: usize, len: usize) -> Option<Text> {
    let rest = &source[at + len..];
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let body = rest[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let opening = len + hashes + 1;
    Some(body.find(&end).map_or(Text::Open("string", opening), |found| {
        Text::Ends(at + opening + found + end.len())
    }))
}

fn comment(source: &str, at: usize) -> Text {
    let (mut depth, mut end) = (1, at + 2);
    while depth > 0 {
        let rest = &source[end..];
        let Some(next) = rest.find(['/', '*']) else { return Text::Open("comment", 2) };
        let mark = rest.get(next..next + 2);
        depth = match mark {
            Some("/*") => depth + 1,
            Some("*/") => depth - 1,
            _ => depth,
        };
        end += next + if matches!(mark, Some("/*" | "*/")) { 2 } else { 1 };
    }
    Text::Ends(end)
}

/// Length of a literal in `quote`s that `rest` begins with; nothing when it is never closed.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            _ if character == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Length of the character that `rest` begins with, or of the quote alone where it begins a
/// lifetime.
fn character(rest: &str) -> usize {
    let mut inner = rest.chars().skip(1);
    let (first, second) = (inner.next(), inner.next());
    let is_character = first == Some('\\') || second == Some('\'');
    if is_character { quoted(rest, '\'').unwrap_or(1) } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(source: &str) -> Option<(&str, String)> {
        unclosed(source).map(|(at, reason)| (&source[at], reason))
    }

    #[test]
    fn the_bracket_that_is_not_closed_is_pointed_at() {
        let source = "fn main() {\n    let app = Router::new(;\n    serve(app);\n}\n";
        let (at, reason) = unclosed(source).unwrap();
        assert_eq!(
            (at.start, reason.as_str()),
            (source.find("(;").unwrap(), "this `(` is never closed")
        );
        assert_eq!(told("fn a() {}}"), Some(("}", "this `}` closes nothing".to_owned())));
        assert_eq!(told("fn a() { [1, 2 }"), Some(("[", "this `[` is never closed".to_owned())));
    }

    #[test]
    fn strings_and_comments_without_an_end_are_pointed_at() {
        assert_eq!(told("f(\"a);\n"), Some(("\"", "this string is never closed".to_owned())));
        assert_eq!(told("f(r#\"a\");\n"), Some(("r#\"", "this string is never closed".to_owned())));
        assert_eq!(told("/* /* */"), Some(("/*", "this comment is never closed".to_owned())));
    }

    #[test]
    fn brackets_in_texts_mean_nothing() {
        for sound in [
            "f(\"(\\\"\", '(', '\\'', b'{', r#\"(\"\"#, br\"[\");",
            "// (\n/* ( /* { */ */ fn f<'a>(x: &'a str) -> r#type { '\u{e4}' }",
            "",
        ] {
            assert_eq!(told(sound), None, "{sound}");
        }
    }
}
