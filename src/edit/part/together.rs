//! Many parts of one source at once: the text is parsed once for all of them, and not twice for
//! each.

use std::ops::Range;

use super::{Edit, Part, trace};
use crate::edit::rust::Syntax;
use crate::edit::{Splice, Trace};

/// The edit that takes all of `parts`, each with the traces that it left, out of the source `text`;
/// nothing unless every one of them stands there by itself, and what is left parses.
pub fn together(text: &str, parts: &[(&Part, &[Trace])]) -> Option<Edit> {
    let mut places: Vec<(&Part, Vec<Range<usize>>)> = Vec::new();
    let mut splices: Vec<Splice> = Vec::new();
    for (part, traces) in parts {
        if !places.iter().any(|(other, _)| other == part) {
            places.push((part, part.in_source(text)?));
        }
        let free = places.iter_mut().find(|(other, _)| other == part).map(|(_, free)| free)?;
        let edit = part.as_it_stands(text, traces, free)?;
        free.retain(|place| !edit.splices().iter().any(|splice| overlap(place, &splice.range)));
        splices.extend(edit.splices().iter().cloned());
    }
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    if splices.windows(2).any(|pair| overlap(&pair[0].range, &pair[1].range)) {
        return None;
    }
    let mut edit = Edit::default();
    splices.into_iter().for_each(|splice| edit.replace(splice.range, splice.text));
    Syntax::parse(&edit.apply(text)).is_ok().then_some(edit)
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

impl Part {
    /// Where a part of source is in `text`; none for a statement, which only its text can tell, and
    /// nothing for what is no part of source or is not there.
    fn in_source(&self, text: &str) -> Option<Vec<Range<usize>>> {
        match self {
            Self::Statement => Some(Vec::new()),
            Self::Module { .. } | Self::Field { .. } => {
                self.find(text).ok()?.filter(|places| !places.is_empty())
            }
            _ => None,
        }
    }

    /// The edit that takes the part out of `text` at one of `places`, whatever is left then.
    fn as_it_stands(&self, text: &str, traces: &[Trace], places: &[Range<usize>]) -> Option<Edit> {
        let ranges =
            trace::find(text, traces, places).filter(|ranges| self.is_whole(places, ranges));
        match ranges {
            Some(ranges) => Some(trace::undo(text, traces, &ranges)),
            None => self.cut_out(text, traces, places),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::rust::{Field, StructUse, add_field, init_field};
    use crate::edit::steps;

    /// A struct with `count` literals, and `literal` of the index of each.
    fn source(count: usize, literal: impl Fn(usize) -> String) -> String {
        let all: Vec<String> = (0..count)
            .map(|index| format!("fn f{index}() {{\n    {}\n}}\n", literal(index)))
            .collect();
        format!("struct S {{\n    port: u16,\n}}\n{}", all.concat())
    }

    /// `source` with the field, and what the edits left.
    fn added(source: &str) -> (String, Vec<Vec<Trace>>) {
        let field = Field { name: "ws".to_owned(), ty: "u8".to_owned(), ..Field::default() };
        let definition = add_field(source, "S", &field).unwrap();
        let half = definition.apply(source);
        let literals = init_field(&half, "S", "ws", |_: &StructUse| "1".to_owned()).unwrap();
        let steps = steps(source, &definition).into_iter().chain(steps(&half, &literals));
        (literals.apply(&half), steps.map(|step| step.traces).collect())
    }

    fn field() -> Part {
        Part::Field { of: "S".to_owned(), name: "ws".to_owned() }
    }

    fn without(text: &str, traces: &[Vec<Trace>]) -> Option<String> {
        let part = field();
        let parts: Vec<(&Part, &[Trace])> =
            traces.iter().map(|traces| (&part, traces.as_slice())).collect();
        together(text, &parts).map(|edit| edit.apply(text))
    }

    #[test]
    fn what_stands_goes_together_and_gives_every_byte_back() {
        for literal in [
            |index: usize| format!("S {{\n        port: {index},\n    }};"),
            |_| "S {\n        port: 1,\n    };".to_owned(),
            |index| format!("S {{ port: {index} }};"),
        ] {
            let source = source(9, literal);
            let (text, traces) = added(&source);
            assert_eq!(without(&text, &traces).as_deref(), Some(source.as_str()), "{source}");
        }
    }

    #[test]
    fn one_that_does_not_stand_keeps_all() {
        let source = source(3, |index| format!("S {{\n        port: {index},\n    }};"));
        let (text, traces) = added(&source);
        let edited = text.replacen("ws: 1", "ws: 2", 1);
        assert_eq!(without(&edited, &traces), None);
    }
}
