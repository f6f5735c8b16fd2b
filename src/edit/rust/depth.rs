//! How deep the parser would recurse into a source, bounded before it does: a repository from
//! elsewhere may want an overflow.

use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

/// Bracket nesting beyond which a text is refused: no source written by hand comes near.
pub(super) const MAX_NESTING: usize = 100;
/// What the parts of one expression, type or statement may weigh together, with those around it.
const MAX_WEIGHT: usize = 10_000;
/// What a token weighs after which a whole expression or type is read anew, through many functions.
const HEAVY: usize = 5;
/// Keywords after which `!` denies what follows, and names no macro.
const BEFORE_DENIAL: [&str; 11] =
    ["await", "break", "const", "else", "if", "in", "let", "match", "move", "return", "while"];
/// Keywords that one expression may repeat for ever.
const REPEATED: [&str; 9] =
    ["as", "async", "break", "dyn", "let", "move", "mut", "return", "unsafe"];

/// The tokens of one group of brackets, as far as they are not seen yet.
struct Level {
    tokens: Peekable<IntoIter>,
    /// The weight of what is around the group.
    base: usize,
    /// The weight of what has been seen since the last end of a statement, on top of `base`.
    run: usize,
    /// The angle brackets that are open, as far as they are any.
    angles: usize,
    /// The last three tokens, when they are words or marks.
    last: [Option<Last>; 3],
    /// True in the arguments of a macro, which nothing parses.
    is_raw: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Word,
    MacroRules,
    Mark(char),
}

impl Level {
    fn new(tokens: TokenStream, base: usize, is_raw: bool) -> Self {
        Self {
            tokens: tokens.into_iter().peekable(),
            base,
            run: 0,
            angles: 0,
            last: [None; 3],
            is_raw,
        }
    }

    fn weigh(&mut self, weight: usize) {
        if !self.is_raw {
            self.run += weight;
        }
    }

    fn see(&mut self, last: Option<Last>) {
        self.last = [self.last[1], self.last[2], last];
    }

    /// True where a group that comes next is that of an attribute: many stand in a row, and none in
    /// another.
    fn is_at_attribute(&self) -> bool {
        let [_, before, last] = self.last;
        let hash = Some(Last::Mark('#'));
        last == hash || before == hash && last == Some(Last::Mark('!'))
    }

    /// True where a group that comes next holds the arguments of a macro, or its rules.
    fn is_at_macro(&self) -> bool {
        let denial = Some(Last::Mark('!'));
        let [first, second, third] = self.last;
        (second, third) == (Some(Last::Word), denial)
            || (first, second, third) == (Some(Last::MacroRules), denial, Some(Last::Word))
    }

    fn mark(&mut self, mark: char) {
        let arrow = matches!(self.last[2], Some(Last::Mark('-' | '=')));
        match mark {
            ';' => (self.run, self.angles) = (0, 0),
            // A list of types stands in the type that it belongs to.
            ',' => self.run = self.angles * HEAVY,
            '<' => {
                self.angles += 1;
                self.weigh(HEAVY);
            }
            '>' if !arrow => self.angles = self.angles.saturating_sub(1),
            '#' => {}
            _ => self.weigh(1),
        }
        self.see(Some(Last::Mark(mark)));
    }

    fn word(&mut self, word: &str) {
        if word == "else" {
            self.weigh(HEAVY);
        } else if REPEATED.contains(&word) {
            self.weigh(1);
        }
        self.see(match word {
            "macro_rules" => Some(Last::MacroRules),
            word => (!BEFORE_DENIAL.contains(&word)).then_some(Last::Word),
        });
    }

    /// The level inside of `group`.
    fn enter(&mut self, group: &Group) -> Self {
        if !self.is_at_attribute() {
            self.weigh(1);
        }
        let is_raw = self.is_raw || self.is_at_macro();
        let inner = Self::new(group.stream(), self.base + self.run, is_raw);
        let goes_on = match self.tokens.peek() {
            Some(TokenTree::Ident(word)) => *word == "else",
            Some(TokenTree::Punct(mark)) => mark.as_char() != '#',
            _ => false,
        };
        if group.delimiter() == Delimiter::Brace && !goes_on {
            (self.run, self.angles) = (0, 0);
        }
        self.see(None);
        inner
    }
}

/// The first token at which `tokens` are too deep to be parsed, found without recursion.
pub(super) fn too_deep(tokens: &TokenStream) -> Option<Span> {
    let mut open = vec![Level::new(tokens.clone(), 0, false)];
    while let Some(level) = open.last_mut() {
        let Some(token) = level.tokens.next() else {
            open.pop();
            continue;
        };
        let mut inner = None;
        match &token {
            TokenTree::Group(group) => inner = Some(level.enter(group)),
            TokenTree::Punct(mark) => level.mark(mark.as_char()),
            TokenTree::Ident(word) => level.word(&word.to_string()),
            TokenTree::Literal(_) => level.see(None),
        }
        if level.base + level.run > MAX_WEIGHT || inner.is_some() && open.len() >= MAX_NESTING {
            return Some(token.span());
        }
        open.extend(inner);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_too_deep(source: &str) -> bool {
        too_deep(&source.parse().unwrap()).is_some()
    }

    #[test]
    fn what_would_recurse_without_end_is_found() {
        let many = |part: &str| part.repeat(20_000);
        for source in [
            format!("fn f() {{ {}1{} }}", "(".repeat(500), ")".repeat(500)),
            format!("fn f() -> bool {{ {}true }}", many("!")),
            format!("fn f() -> bool {{ return {}true }}", many("!")),
            format!("fn f() -> i32 {{ 1{} }}", many(" + 1")),
            format!("fn f() {{ if a {{}} {} }}", many("else if b {} ")),
            format!("fn f() {{ a{} }}", many(".b()")),
            format!("fn f() {{ a{} }}", many("()")),
            format!("fn f() {{ {}1 }}", many("return ")),
            format!("fn f() {{ a{} }}", many(" as u8")),
            format!("type A = {}u8{};", many("Vec<"), many(">")),
            format!("type A = {}u8{};", many("Map<u8, "), many(">")),
            format!("type A = {}u8;", many("&")),
            format!("#[a = {}1] fn f() {{}}", many("!")),
            format!("fn f() {{ if !a {{ 1{} }} }}", many(" + 1")),
            format!("fn f() {{ return !(1{}) }}", many(" + 1")),
            format!("fn f() {{ {}1{} }}", "[1".repeat(50) + &many(" + 1"), "]".repeat(50)),
        ] {
            assert!(is_too_deep(&source), "{}", &source[..40]);
        }
    }

    #[test]
    fn what_is_long_and_flat_is_read() {
        let many = |part: &str| part.repeat(20_000);
        for source in [
            many("fn f() -> Vec<u8> { a.b(); }\n"),
            format!("fn f() {{ {} }}", many("if a { b() } else { c() }\n")),
            format!("fn f() {{ {} }}", many("a += 1;")),
            format!("const A: [i32; 9] = [{}];", many("-1, ")),
            format!("fn f() {{ match a {{ {} }} }}", many("A::B => c(d + 1),")),
            format!("enum A {{ {} }}", many("/// Of it.\nB(Vec<u8>),")),
            format!("{}fn f() {{}}", many("//! Of it.\n").replace("//!", "///")),
            format!("fn f() {{ view! {{ {} }} }}", many("<p> a </p>")),
            format!("macro_rules! m {{ () => {{ {} }} }}", many("! ")),
        ] {
            assert!(!is_too_deep(&source), "{}", &source[..40]);
        }
    }
}
