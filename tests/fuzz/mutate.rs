//! Random damage to texts, the same in every run.

/// A generator of numbers (xorshift).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % bound.max(1)
    }

    fn one_of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }
}

/// What the formats give a meaning to.
const TOKENS: [&str; 40] = [
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "  ",
    "\u{feff}",
    "é",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ":",
    ": ",
    "- ",
    "#",
    "//",
    "/*",
    "*/",
    "\"",
    "\"\"\"",
    "'",
    "=",
    ",",
    ";",
    "|",
    ">-",
    "&a ",
    "*a",
    "<<: ",
    "~",
    "---\n",
    ".",
    "..",
    "mod ws;",
    "services:",
    "axum",
    "[dependencies]\n",
];

/// One of `seeds`, damaged in a few places.
pub(crate) fn mutated(seeds: &[String], random: &mut Random) -> String {
    let mut text = random.one_of(seeds).clone();
    for _ in 0..=random.below(5) {
        let (start, end) = (boundary(&text, random), boundary(&text, random));
        let range = start.min(end)..start.max(end);
        let near = range.start..boundary_below(&text, range.end.min(range.start + 20));
        match random.below(8) {
            0 => text.insert_str(start, TOKENS[random.below(TOKENS.len())]),
            1 => text.replace_range(near, TOKENS[random.below(TOKENS.len())]),
            2 => text.replace_range(near, ""),
            3 => text.replace_range(range, ""),
            4 => {
                let again = text[near].to_owned();
                text.insert_str(end, &again);
            }
            5 => text = text.replace('\n', "\r\n"),
            6 => text.truncate(start),
            _ => {
                let other = random.one_of(seeds);
                let (from, to) = (boundary(other, random), boundary(other, random));
                text.insert_str(start, &other[from.min(to)..from.max(to)]);
            }
        }
    }
    text
}

fn boundary(text: &str, random: &mut Random) -> usize {
    boundary_below(text, random.below(text.len() + 1))
}

fn boundary_below(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
