//! Variables in the values of a compose file, filled in with their defaults.

/// How deep defaults within defaults are followed.
const MAX_DEPTH: usize = 16;

/// A value with its variables filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filled {
    /// The value; a variable without a default is nothing in it.
    pub(super) text: String,
    /// The variables without a default.
    pub(super) unknown: Vec<String>,
}

/// Fills in the defaults of the variables in `text`: `${TAG:-7}` and `${TAG-7}` become `7`, `$$` a
/// dollar sign.
pub(super) fn fill(text: &str) -> Filled {
    let mut filled = Filled::default();
    filled.add(text, MAX_DEPTH);
    filled
}

/// The parts of `text` between the `separator`s that stand in no variable and no brackets.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, character) in text.char_indices() {
        match character {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ if character == separator && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

impl Filled {
    fn add(&mut self, text: &str, depth: usize) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            self.text.push_str(before);
            rest = if let Some(after) = after.strip_prefix('$') {
                self.text.push('$');
                after
            } else if let Some(inner) = after.strip_prefix('{') {
                let end = closing(inner).unwrap_or(inner.len());
                self.variable(&inner[..end], depth);
                inner.get(end + 1..).unwrap_or_default()
            } else {
                let end = name_end(after);
                if end == 0 {
                    self.text.push('$');
                } else {
                    self.unknown.push(after[..end].to_owned());
                }
                &after[end..]
            };
        }
        self.text.push_str(rest);
    }

    /// Adds the default of `${inner}`, where it has one.
    fn variable(&mut self, inner: &str, depth: usize) {
        let (name, rest) = inner.split_at(name_end(inner));
        let default = rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-'));
        match (default, depth.checked_sub(1)) {
            (Some(default), Some(depth)) => self.add(default, depth),
            // `${NAME:+text}` is for a variable that is set.
            (None, _) if rest.starts_with(":+") || rest.starts_with('+') => {}
            _ => self.unknown.push(name.to_owned()),
        }
    }
}

fn name_end(text: &str) -> usize {
    text.find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .unwrap_or(text.len())
}

/// Where the brace closes that stands before `inner`.
fn closing(inner: &str) -> Option<usize> {
    let mut open = 1_usize;
    inner.char_indices().find_map(|(at, character)| {
        match character {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        (open == 0).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_its_default() {
        for (text, filled, unknown) in [
            ("plain", "plain", &[][..]),
            ("${A:-7}-${B-x}", "7-x", &[]),
            ("${A:-${B:-6390}}:1", "6390:1", &[]),
            ("$$A ${A:+set}", "$A ", &[]),
            ("$A:${B}:${C:?why}", "::", &["A", "B", "C"]),
            ("${A:-$B}", "", &["B"]),
            ("a$ b${", "a$ b", &[""]),
        ] {
            let wanted = unknown.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(fill(text), Filled { text: filled.to_owned(), unknown: wanted }, "{text}");
        }
        let deep = format!("{}{}", "${A:-".repeat(100_000), "}".repeat(100_000));
        assert_eq!(fill(&deep).unknown, ["A"]);
    }

    #[test]
    fn a_separator_in_a_variable_or_brackets_separates_nothing() {
        assert_eq!(split("${A:-x}:[::1]:b", ':'), ["${A:-x}", "[::1]", "b"]);
        assert_eq!(split("", ':'), [""]);
    }
}
