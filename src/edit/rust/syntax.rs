//! A parsed Rust source whose nodes know their byte range in the text as it stands on disk.

use std::ops::Range;

use proc_macro2::{LexError, Span, TokenStream};
use syn::spanned::Spanned;

use super::depth::too_deep;
use super::unclosed::unclosed;
use crate::edit::{Edit, Outcome, Refusal};

/// The syntax tree of one source, and what it takes to map its nodes back to bytes.
pub struct Syntax {
    /// The tree, without byte order mark and shebang.
    pub file: syn::File,
    /// The same text as tokens, for what only a token scan finds (the arguments of macros).
    pub tokens: TokenStream,
    offset: usize,
    len: usize,
}

impl Syntax {
    /// Parses `source`, with or without a byte order mark or a shebang line.
    ///
    /// # Errors
    /// A [`Refusal`] of the malformed kind, with the parser's message and the bytes it complains
    /// about.
    pub fn parse(source: &str) -> Result<Self, Refusal> {
        let (tokens, offset) = tokens(source)?;
        let file = syn::parse2::<syn::File>(tokens.clone()).map_err(|error| {
            Refusal::malformed(place_of(error.span(), offset, source.len()), error.to_string())
        })?;
        Ok(Self { file, tokens, offset, len: source.len() })
    }

    /// Byte range of a node in the source.
    pub fn range(&self, node: &impl Spanned) -> Range<usize> {
        self.span(node.span())
    }

    /// Byte range of a span in the source.
    pub fn span(&self, span: Span) -> Range<usize> {
        let range = span.byte_range();
        range.start + self.offset..range.end + self.offset
    }

    /// First byte behind byte order mark and shebang: nothing can be inserted before it.
    pub fn start(&self) -> usize {
        self.offset.min(self.len)
    }
}

/// The tokens of `source`, and the length of the byte order mark and the shebang line before them.
///
/// # Errors
/// As [`Syntax::parse`], where it is not even tokens, or too deep to be parsed.
pub(super) fn tokens(source: &str) -> Result<(TokenStream, usize), Refusal> {
    let (tokens, offset) = lexed(source)?;
    match too_deep(&tokens) {
        Some(span) => Err(Refusal::malformed(
            place_of(span, offset, source.len()),
            "this is nested too deeply to be read",
        )),
        None => Ok((tokens, offset)),
    }
}

/// As [`tokens`], of any depth: nothing may recurse into them without a bound of its own.
///
/// # Errors
/// Where `source` is not tokens.
pub(super) fn lexed(source: &str) -> Result<(TokenStream, usize), Refusal> {
    let offset = prelude_len(source);
    let place = |span: Span| place_of(span, offset, source.len());
    let tokens = source[offset..].parse().map_err(|error: LexError| {
        let found = unclosed(&source[offset..]);
        let found = found.map(|(at, reason)| (at.start + offset..at.end + offset, reason));
        let (at, reason) =
            found.unwrap_or_else(|| (place(error.span()), "this is not rust".to_owned()));
        Refusal::malformed(at, reason)
    })?;
    Ok((tokens, offset))
}

/// Hands `edit` out when what it makes of `source` parses: the last guard of every editor.
pub(super) fn checked(source: &str, edit: Edit) -> Outcome {
    let Some(first) = edit.splices().first().map(|splice| splice.range.clone()) else {
        return Ok(edit);
    };
    match Syntax::parse(&edit.apply(source)) {
        Ok(_) => Ok(edit),
        Err(broken) => Err(Refusal::not_safe(
            first,
            format!("the result of the edit would not parse: {}", broken.reason),
        )),
    }
}

/// Length of a leading byte order mark and shebang line, by the compiler's rule: `#![` is an
/// attribute, not a shebang.
fn prelude_len(source: &str) -> usize {
    let mark = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = &source[mark..];
    let Some(line) = body.strip_prefix("#!") else { return mark };
    if line.trim_start().starts_with('[') {
        return mark;
    }
    mark + body.find('\n').map_or(body.len(), |end| end + 1)
}

/// The bytes that an error's span names; the end of the text for an error about something missing
/// there.
fn place_of(span: Span, offset: usize, len: usize) -> Range<usize> {
    let range = span.byte_range();
    if range.is_empty() {
        return len..len;
    }
    (range.start + offset).min(len)..(range.end + offset).min(len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::RefusalKind;

    #[test]
    fn ranges_count_the_byte_order_mark_and_the_shebang() {
        for prelude in [
            "",
            "\u{feff}",
            "#!/usr/bin/env run\n",
            "\u{feff}#!/usr/bin/env run\r\n",
            "#![allow(x)]\n",
        ] {
            let source = format!("{prelude}// ä\nfn main() {{}}\n");
            let syntax = Syntax::parse(&source).unwrap();
            assert_eq!(&source[syntax.range(&syntax.file.items[0])], "fn main() {}");
        }
    }

    #[test]
    fn errors_name_their_bytes() {
        let refusal = Syntax::parse("fn a() {}\nfn 1() {}\n").err().unwrap();
        assert_eq!(refusal.kind, RefusalKind::Malformed);
        assert_eq!(refusal.at, 13..14);
        assert_eq!(refusal.reason, "expected identifier");
        let refusal = Syntax::parse("use a::").err().unwrap();
        assert_eq!(refusal.at, 7..7);
        assert!(Syntax::parse("fn a() {").is_err());
    }
}
