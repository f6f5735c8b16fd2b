//! A service's body, indented as the file is.

/// `body` (two spaces a level) below `indent` spaces, with `step` spaces a level and without a
/// final newline.
///
/// The keys of a sequence's item stay in line behind its dash, and the lines of a block scalar keep
/// their distances.
pub(super) fn indented(body: &str, indent: usize, step: usize) -> String {
    let mut levels = vec![Level { from: 0, to: indent, item: false }];
    let mut scalar: Option<Shift> = None;
    let mut lines = Vec::new();
    for line in body.trim_end().lines().map(str::trim_end) {
        let text = line.trim_start_matches(' ');
        let from = line.len() - text.len();
        if text.is_empty() {
            lines.push(String::new());
            continue;
        }
        if let Some(shift) = scalar.as_mut().filter(|shift| from > shift.parent) {
            lines.push(format!("{}{text}", " ".repeat(shift.apply(from))));
            continue;
        }
        let to = level(&mut levels, from, text, step);
        scalar =
            opens_block_scalar(text).then_some(Shift { parent: from, first: None, to: to + step });
        lines.push(format!("{}{text}", " ".repeat(to)));
    }
    lines.join("\n")
}

/// One level of indent in the body and in the file.
struct Level {
    from: usize,
    to: usize,
    /// True for the line of a sequence's item.
    item: bool,
}

/// The new indent of a line with `from` spaces before `text`.
fn level(levels: &mut Vec<Level>, from: usize, text: &str, step: usize) -> usize {
    while levels.len() > 1 && levels.last().is_some_and(|level| level.from > from) {
        levels.pop();
    }
    let to = match levels.last() {
        Some(level) if from > level.from => {
            level.to + if level.item { from - level.from } else { step }
        }
        Some(level) => level.to,
        None => from,
    };
    let item = text.starts_with("- ");
    match levels.last_mut().filter(|level| level.from == from) {
        Some(level) => level.item = item,
        None => levels.push(Level { from, to, item }),
    }
    to
}

/// How the lines of a block scalar move: all by the same distance.
struct Shift {
    /// Indent of the line that opens the scalar.
    parent: usize,
    /// Indent of its first line, once seen.
    first: Option<usize>,
    to: usize,
}

impl Shift {
    fn apply(&mut self, from: usize) -> usize {
        let first = *self.first.get_or_insert(from);
        (self.to + from).saturating_sub(first)
    }
}

fn opens_block_scalar(text: &str) -> bool {
    let value = text.rsplit_once([' ']).map_or(text, |(_, last)| last);
    matches!(value, "|" | "|-" | "|+" | ">" | ">-" | ">+")
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn levels_follow_the_step_and_the_rest_stays_in_line() {
        let body = "image: a\nports:\n  - 1\nwatch:\n  - path: x\n    target: y\ncommand: |\n  \
            if\n    x\n\n  fi\n# end\n";
        let wanted = "    image: a\n    ports:\n        - 1\n    watch:\n        - path: x\n          target: y\n    \
                      command: |\n        if\n          x\n\n        fi\n    # end";
        assert_eq!(indented(body, 4, 4), wanted);
        assert_eq!(indented(body, 0, 2), body.trim_end());
    }
}
