//! Statements around the one `axum::serve(…)` of a file.

use syn::{Block, FnArg, Stmt};

use super::lines::{block, block_after, comment_block, line_tail};
use super::patterns::{let_name, plain_name};
use super::serve::{CALLED_TWICE, PlainCall, ServeCall, serve_calls};
use super::syntax::{Syntax, checked};
use super::undo::find_statements;
use crate::edit::lines::{indent_of, is_first, start_of};
use crate::edit::{Edit, Outcome, Refusal};

/// What to insert around `axum::serve`: whole statements, each possibly of several lines, without
/// indent.
#[derive(Debug, Clone, Default)]
pub struct Mount<'a> {
    /// Name of the axum crate in the project's code.
    pub axum: &'a str,
    /// The settings binding: the last `let` of that name before the serve statement, or a
    /// parameter.
    pub settings: Option<&'a str>,
    /// Statements for the place behind the settings binding; without a binding they go before the
    /// serve statement.
    pub after_settings: Vec<String>,
    /// Statements for the place before the state of the router is made, where that is plain to see;
    /// else they go before the serve statement.
    pub before_state: Vec<String>,
    /// Statements for the place directly before the serve statement.
    pub before_serve: Vec<String>,
    /// What goes around the signal that the server ends at: ahead of it, and behind.
    pub around_signal: Option<[String; 2]>,
}

/// Inserts the statements of `mount` into the text that holds the one call of `axum::serve`;
/// nothing where those that go before it stand somewhere already.
///
/// That the served binding is a router is for the caller to know: one text does not show it.
///
/// # Errors
/// Malformed when `source` does not parse; unsafe, with the place, when there is not exactly one
/// call outside tests and macros, when it stands in a closure or a loop, when the settings binding
/// is missing, when something is wanted around a signal that is not there, or when the result would
/// not parse.
pub fn mount(source: &str, mount: &Mount) -> Outcome {
    let syntax = Syntax::parse(source)?;
    if find_statements(source, &mount.before_serve.concat()).is_some() {
        return Ok(Edit::default());
    }
    let calls = serve_calls(&syntax, mount.axum);
    let call = the_call(&syntax, source, &calls)?;
    let site = Site { source, syntax: &syntax, call };
    let mut edit = Edit::default();
    site.insert_settings(&mut edit, mount)?;
    site.insert_before_state(&mut edit, mount)?;
    site.insert_before(&mut edit, &mount.before_serve)?;
    site.wrap_signal(&mut edit, mount.around_signal.as_ref())?;
    checked(source, edit)
}

fn the_call<'c, 'ast>(
    syntax: &Syntax,
    source: &str,
    calls: &'c [ServeCall<'ast>],
) -> Result<&'c PlainCall<'ast>, Refusal> {
    match calls {
        [] => Err(Refusal::not_safe(source.len()..source.len(), "no call of axum::serve")),
        [call] => call.plain().map_err(|reason| Refusal::not_safe(call.name(syntax), reason)),
        [_, second, ..] => Err(Refusal::not_safe(second.name(syntax), CALLED_TWICE)),
    }
}

struct Site<'s, 'ast> {
    source: &'s str,
    syntax: &'s Syntax,
    call: &'s PlainCall<'ast>,
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
        let parameter = self
            .call
            .function()
            .filter(|(signature, _)| signature.inputs.iter().any(|arg| is_parameter(arg, name)));
        match parameter.and_then(|(_, body)| body.stmts.first()) {
            Some(first) => self.insert_ahead(edit, first, None, &mount.after_settings),
            None => {
                Err(self.refuse(format!("no binding `{name}` before axum::serve in this function")))
            }
        }
    }

    /// The last `let name = …;` before the serve statement, in its block or the blocks around it.
    fn last_let(&self, name: &str) -> Option<&'ast Stmt> {
        self.call.blocks().find_map(|(block, index)| {
            block.stmts[..index]
                .iter()
                .rev()
                .find(|statement| let_name(statement).is_some_and(|ident| ident == name))
        })
    }

    fn insert_before_state(&self, edit: &mut Edit, mount: &Mount) -> Result<(), Refusal> {
        match self.call.state(mount.settings) {
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
        let (Some((block, index)), false) = (self.call.statement(), lines.is_empty()) else {
            return Ok(());
        };
        let previous = index.checked_sub(1).and_then(|index| block.stmts.get(index));
        self.insert_ahead(edit, &block.stmts[index], previous, lines)
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
        let blocks = self.call.blocks().map(|(block, _)| self.open_brace(block));
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

    fn wrap_signal(&self, edit: &mut Edit, around: Option<&[String; 2]>) -> Result<(), Refusal> {
        let Some([ahead, behind]) = around else { return Ok(()) };
        let Some(signal) = self.call.signal() else {
            return Err(self.refuse("the server has no signal to end at"));
        };
        let range = self.syntax.range(signal);
        let signal = &self.source[range.clone()];
        edit.replace(range.clone(), format!("{ahead}{signal}{behind}"));
        Ok(())
    }

    fn refuse(&self, reason: impl Into<String>) -> Refusal {
        Refusal::not_safe(self.syntax.range(&self.call.call.func), reason)
    }
}

fn is_parameter(argument: &FnArg, name: &str) -> bool {
    let FnArg::Typed(typed) = argument else { return false };
    plain_name(&typed.pat).is_some_and(|ident| ident == name)
}

#[cfg(test)]
mod tests;
