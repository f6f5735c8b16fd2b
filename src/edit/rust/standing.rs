//! Where a statement stands in its file, so that it is found again once other things were added
//! there.

use std::ops::Range;
use std::ptr;

use syn::{Block, Expr, Signature};

use super::scope::{Frame, Listener, walk};
use super::syntax::Syntax;
use crate::edit::Refusal;

/// A statement of a file, whatever is added outside of functions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Anchor {
    /// How many statements begin before it.
    number: usize,
    /// The statement as it is written.
    text: String,
}

impl Anchor {
    /// The statement with these bytes of `source`.
    pub fn at(source: &str, syntax: &Syntax, range: &Range<usize>) -> Option<Self> {
        let all = statements(syntax);
        let number = all.iter().position(|frames| statement_range(syntax, frames) == *range)?;
        Some(Self { number, text: source.get(range.clone())?.to_owned() })
    }

    /// Everything around the statement in `source`, itself included, outermost first.
    ///
    /// # Errors
    /// Unsafe when it stands there no more.
    pub fn find<'ast>(
        &self,
        source: &str,
        syntax: &'ast Syntax,
    ) -> Result<Vec<Frame<'ast>>, Refusal> {
        let found = statements(syntax).into_iter().nth(self.number);
        let is_it = |frames: &Vec<Frame>| source[statement_range(syntax, frames)] == self.text;
        found.filter(is_it).ok_or_else(|| {
            Refusal::not_safe(source.len()..source.len(), "the statement that serves has changed")
        })
    }
}

/// The function around what has these frames, with its body.
pub fn function_around<'ast>(frames: &[Frame<'ast>]) -> Option<(&'ast Signature, &'ast Block)> {
    frames.iter().rev().find_map(|frame| match frame {
        Frame::Function(signature, body) => Some((*signature, *body)),
        _ => None,
    })
}

/// The blocks around what has these frames, up to the body of its function, innermost first, each
/// with the index of the statement that holds it.
pub fn blocks_around<'ast>(frames: &[Frame<'ast>]) -> Vec<(&'ast Block, usize)> {
    let inside = frames.iter().rev().take_while(|frame| !matches!(frame, Frame::Function(..)));
    let blocks = inside.filter_map(|frame| match frame {
        Frame::Statement(block, index) => Some((*block, *index)),
        _ => None,
    });
    blocks.collect()
}

/// Everything around `expression` of `file`, outermost first.
pub fn frames_of<'ast>(file: &'ast syn::File, expression: &Expr) -> Vec<Frame<'ast>> {
    let mut search = Around { expression, frames: Vec::new() };
    walk(file, &mut search);
    search.frames
}

struct Around<'e, 'ast> {
    expression: &'e Expr,
    frames: Vec<Frame<'ast>>,
}

impl<'ast> Listener<'ast> for Around<'_, 'ast> {
    fn expression(&mut self, frames: &[Frame<'ast>], expression: &'ast Expr) {
        if ptr::eq(expression, self.expression) {
            self.frames = frames.to_vec();
        }
    }

    fn macro_call(&mut self, _frames: &[Frame<'ast>], _call: &'ast syn::Macro) {}
}

fn statement_range(syntax: &Syntax, frames: &[Frame]) -> Range<usize> {
    match frames.last() {
        Some(Frame::Statement(block, index)) => syntax.range(&block.stmts[*index]),
        _ => 0..0,
    }
}

/// The frames of every statement, in the order in which they begin.
fn statements(syntax: &Syntax) -> Vec<Vec<Frame<'_>>> {
    let mut statements = Statements(Vec::new());
    walk(&syntax.file, &mut statements);
    statements.0
}

struct Statements<'ast>(Vec<Vec<Frame<'ast>>>);

impl<'ast> Listener<'ast> for Statements<'ast> {
    fn statement(&mut self, frames: &[Frame<'ast>]) {
        self.0.push(frames.to_vec());
    }

    fn macro_call(&mut self, _frames: &[Frame<'ast>], _call: &'ast syn::Macro) {}
}
