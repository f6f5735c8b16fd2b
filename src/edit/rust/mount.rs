//! Statements before the one that serves a router.

use std::ops::Range;

use syn::{Block, FnArg, Stmt};

use super::lines::{block, block_after, comment_block, line_tail};
use super::patterns::{let_name, plain_name};
use super::scope::Frame;
use super::serve::{ServeCall, serve_calls};
use super::standing::{Anchor, blocks_around, function_around};
use super::state::state;
use super::syntax::{Syntax, checked};
use super::undo::{find_statements, has_expression};
use crate::edit::lines::{end_of, indent_of, is_first, start_of};
use crate::edit::{Edit, Outcome, Refusal};

/// What to insert around a statement that serves a router: whole statements, each possibly of
/// several lines, without indent.
#[derive(Debug, Clone, Default)]
pub struct Mount<'a> {
    /// Name of the axum crate in the project's code.
    pub axum: &'a str,
    /// The statement.
    pub at: Anchor,
    /// The router as the statement has it: a binding, or an expression that makes it.
    pub router: &'a str,
    /// The settings binding: the last `let` of that name before the statement, or a parameter.
    pub settings: Option<&'a str>,
    /// Statements for the place behind the settings binding; without a binding they go before the
    /// statement.
    pub after_settings: Vec<String>,
    /// Statements for the place before the state of the router is made, where that is plain to see;
    /// else they go before the statement.
    pub before_state: Vec<String>,
    /// Statements for the place directly before the statement.
    pub before_serve: Vec<String>,
    /// The call that goes behind the router where that has no name.
    pub behind_router: Option<String>,
    /// The servers that take the router, by their order among those of `axum` in the text.
    pub servers: Vec<usize>,
    /// What goes around the signals that these servers end at: ahead of it, and behind.
    pub around_signal: Option<[String; 2]>,
}

/// Inserts the statements of `mount`; nothing where those that go before the statement, or what
/// goes behind the router, stand somewhere already.
///
/// That what is extended is a router is for the caller to know: one text does not show it.
///
/// # Errors
/// Malformed when `source` does not parse; unsafe, with the place, when the statement is not there
/// or does not begin its line, when the settings binding is missing, when something is wanted
/// around a signal that is not there, or when the result would not parse.
pub fn mount(source: &str, mount: &Mount) -> Outcome {
    let syntax = Syntax::parse(source)?;
    if mount.stands_in(source) {
        return Ok(Edit::default());
    }
    let frames = mount.at.find(source, &syntax)?;
    let site = Site { source, syntax: &syntax, blocks: blocks_around(&frames), frames };
    let mut edit = Edit::default();
    site.insert_settings(&mut edit, mount)?;
    site.insert_before_state(&mut edit, mount)?;
    site.insert_before(&mut edit, &mount.before_serve)?;
    site.insert_behind_router(&mut edit, mount)?;
    site.wrap_signals(&mut edit, mount)?;
    checked(source, edit)
}

impl Mount<'_> {
    fn stands_in(&self, source: &str) -> bool {
        match &self.behind_router {
            Some(call) => has_expression(source, &format!("{}{call}", self.router)),
            None => find_statements(source, &self.before_serve.concat()).is_some(),
        }
    }
}

struct Site<'s, 'ast> {
    source: &'s str,
    syntax: &'ast Syntax,
    /// Everything around the statement, itself included, outermost first.
    frames: Vec<Frame<'ast>>,
    blocks: Vec<(&'ast Block, usize)>,
}

impl<'ast> Site<'_, 'ast> {
    fn insert_settings(&self, edit: &mut Edit, mount: &Mount) -> Result<(), Refusal> {
        if mount.after_settings.is_empty() {
            return Ok(());
        }
        let Some(name) = mount.settings else {
            return self.insert_before(edit, &mount.after_settings);
        };
        if let Some(binding) = self.last_let(name) {
            return self.insert_behind(edit, binding, &mount.after_settings);
        }
        let parameter = function_around(&self.frames)
            .filter(|(signature, _)| signature.inputs.iter().any(|arg| is_parameter(arg, name)));
        match parameter.and_then(|(_, body)| body.stmts.first()) {
            Some(first) => self.insert_ahead(edit, first, None, &mount.after_settings),
            None => Err(self.refuse(format!("no binding `{name}` before this in the function"))),
        }
    }

    /// The last `let name = …;` before the statement, in its block or the blocks around it.
    fn last_let(&self, name: &str) -> Option<&'ast Stmt> {
        self.blocks.iter().find_map(|(block, index)| {
            block.stmts[..*index]
                .iter()
                .rev()
                .find(|statement| let_name(statement).is_some_and(|ident| ident == name))
        })
    }

    fn insert_before_state(&self, edit: &mut Edit, mount: &Mount) -> Result<(), Refusal> {
        let router = Some(mount.router).filter(|_| mount.behind_router.is_none());
        match state(&self.frames, router, mount.settings) {
            Some((block, index)) if self.is_first(&block.stmts[index]) => {
                let previous = index.checked_sub(1).map(|index| &block.stmts[index]);
                self.insert_ahead(edit, &block.stmts[index], previous, &mount.before_state)
            }
            _ => self.insert_before(edit, &mount.before_state),
        }
    }

    fn is_first(&self, statement: &Stmt) -> bool {
        is_first(self.source, self.syntax.range(statement).start)
    }

    fn insert_before(&self, edit: &mut Edit, lines: &[String]) -> Result<(), Refusal> {
        let (Some((block, index)), false) = (self.blocks.first(), lines.is_empty()) else {
            return Ok(());
        };
        let previous = index.checked_sub(1).and_then(|index| block.stmts.get(index));
        self.insert_ahead(edit, &block.stmts[*index], previous, lines)
    }

    /// Inserts before `statement` and the comments attached to it; `previous` is the statement
    /// before it.
    fn insert_ahead(
        &self,
        edit: &mut Edit,
        statement: &Stmt,
        previous: Option<&Stmt>,
        lines: &[String],
    ) -> Result<(), Refusal> {
        let start = self.syntax.range(statement).start;
        if !self.is_first(statement) {
            return Err(self.refuse("the statement does not begin its line"));
        }
        let line = start_of(self.source, start);
        let floor = previous
            .map_or_else(|| self.line_of_block(line), |previous| self.syntax.range(previous).end);
        let floor = self.source[floor..line].find('\n').map_or(line, |newline| floor + newline + 1);
        let at = comment_block(self.source, line, floor);
        for one in lines {
            edit.insert(
                at,
                block(self.source, indent_of(self.source, start), std::slice::from_ref(one)),
            );
        }
        Ok(())
    }

    /// A place inside the block that opens before `line`, in which no earlier statement ends.
    fn line_of_block(&self, line: usize) -> usize {
        let blocks = self.blocks.iter().map(|(block, _)| self.open_brace(block));
        blocks.filter(|open| *open < line).max().unwrap_or(line)
    }

    fn open_brace(&self, block: &Block) -> usize {
        self.syntax.span(block.brace_token.span.open()).end
    }

    fn insert_behind(
        &self,
        edit: &mut Edit,
        statement: &Stmt,
        lines: &[String],
    ) -> Result<(), Refusal> {
        let range = self.syntax.range(statement);
        let Some(tail) = line_tail(self.source, range.end) else {
            return Err(self.refuse("other code follows in the statement's last line"));
        };
        edit.insert(tail, block_after(self.source, indent_of(self.source, range.start), lines));
        Ok(())
    }

    /// Inserts a call behind the router that the statement makes, on a line of its own where the
    /// calls on that router stand so.
    fn insert_behind_router(&self, edit: &mut Edit, mount: &Mount) -> Result<(), Refusal> {
        let Some(call) = &mount.behind_router else { return Ok(()) };
        let statement = self.statement();
        let mut found = self.source[statement.clone()].match_indices(mount.router);
        let (Some((at, _)), None) = (found.next(), found.next()) else {
            return Err(self.refuse("the router is not in the statement just once"));
        };
        let end = statement.start + at + mount.router.len();
        let is_call = |at: usize| self.source[at..].trim_start().starts_with('.');
        let line = std::slice::from_ref(call);
        let below = line_tail(self.source, end).map(|_| end_of(self.source, end));
        let own = start_of(self.source, end);
        if let Some(below) = below.filter(|below| is_call(*below)) {
            edit.insert(below, block(self.source, indent_of(self.source, below), line));
        } else if mount.router.contains('\n') && is_call(own) {
            edit.insert(end, block_after(self.source, indent_of(self.source, own), line));
        } else {
            edit.insert(end, call.clone());
        }
        Ok(())
    }

    fn wrap_signals(&self, edit: &mut Edit, mount: &Mount) -> Result<(), Refusal> {
        let Some([ahead, behind]) = &mount.around_signal else { return Ok(()) };
        let calls = serve_calls(self.syntax, mount.axum);
        let servers = mount.servers.iter().filter_map(|server| calls.get(*server));
        let signals = servers.filter_map(|call| match call {
            ServeCall::Plain(call) => call.signal().map(|signal| self.syntax.range(signal)),
            ServeCall::InMacro(_) => None,
        });
        let signals: Vec<_> = signals.collect();
        if signals.is_empty() {
            return Err(self.refuse("the server has no signal to end at"));
        }
        for range in signals {
            let signal = &self.source[range.clone()];
            edit.replace(range, format!("{ahead}{signal}{behind}"));
        }
        Ok(())
    }

    fn statement(&self) -> Range<usize> {
        let statement = self.blocks.first().and_then(|(block, index)| block.stmts.get(*index));
        statement.map_or(0..0, |statement| self.syntax.range(statement))
    }

    fn refuse(&self, reason: impl Into<String>) -> Refusal {
        Refusal::not_safe(self.statement(), reason)
    }
}

fn is_parameter(argument: &FnArg, name: &str) -> bool {
    let FnArg::Typed(typed) = argument else { return false };
    plain_name(&typed.pat).is_some_and(|ident| ident == name)
}

#[cfg(test)]
mod tests;
