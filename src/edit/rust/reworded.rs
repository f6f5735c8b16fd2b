//! A statement that its owner may have put in other words, known by the variable it makes or by
//! what it calls.

use std::ops::Range;

use syn::parse::Parser as _;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ExprMethodCall, Ident, Local, Path, Stmt};

use super::imports::{Imports, segments};
use super::patterns::let_name;
use super::scope::{Frame, Listener, in_test, walk};
use super::syntax::Syntax;

/// The first statement of `source`, outside tests, that makes a variable which one of the
/// statements `wanted` makes, or calls what one of them calls.
pub fn find_reworded(source: &str, wanted: &str) -> Option<Range<usize>> {
    let syntax = Syntax::parse(source).ok()?;
    let wanted = Block::parse_within.parse_str(wanted).ok()?;
    let marks = wanted.iter().flat_map(marks).collect();
    let mut search = Search { imports: Imports::of(&syntax.file), marks, found: None };
    walk(&syntax.file, &mut search);
    search.found.map(|statement| syntax.range(statement))
}

/// What tells a statement from those around it, in words.
#[derive(PartialEq)]
enum Mark {
    Name(String),
    Call(String),
}

impl Mark {
    /// The function, by the name of its module or type; a bare name tells nothing.
    fn function(path: &[String]) -> Option<Self> {
        let [.., holder, function] = path else { return None };
        Some(Self::Call(format!("{holder}::{function}")))
    }

    /// The method of a variable.
    fn method(call: &ExprMethodCall) -> Option<Self> {
        Some(Self::Call(format!("{}.{}", variable(&call.receiver)?, call.method)))
    }
}

fn variable(expression: &Expr) -> Option<&Ident> {
    let Expr::Path(path) = expression else { return None };
    path.path.get_ident()
}

fn marks(statement: &Stmt) -> Vec<Mark> {
    match statement {
        Stmt::Local(local) => {
            let Some(init) = &local.init else { return Vec::new() };
            let name = let_name(statement).filter(|name| !mentions(&init.expr, name));
            name.map(|name| Mark::Name(name.to_string()))
                .into_iter()
                .chain(value_marks(&init.expr))
                .collect()
        }
        Stmt::Expr(expression, _) => match bare(expression) {
            Expr::MethodCall(call) => Mark::method(call).into_iter().collect(),
            other => function_of(other).into_iter().collect(),
        },
        _ => Vec::new(),
    }
}

/// The function that a value comes from; of a method, which many call on the same variable, those
/// in its arguments.
fn value_marks(value: &Expr) -> Vec<Mark> {
    match bare(value) {
        Expr::MethodCall(call) => {
            call.args.iter().filter_map(|argument| function_of(bare(argument))).collect()
        }
        other => function_of(other).into_iter().collect(),
    }
}

fn function_of(expression: &Expr) -> Option<Mark> {
    let Expr::Call(call) = expression else { return None };
    Mark::function(&segments(called(call)?))
}

fn called(call: &ExprCall) -> Option<&Path> {
    let Expr::Path(function) = &*call.func else { return None };
    Some(&function.path)
}

/// The expression without what only passes its value on.
fn bare(mut expression: &Expr) -> &Expr {
    loop {
        expression = match expression {
            Expr::Await(outer) => &outer.base,
            Expr::Try(outer) => &outer.expr,
            Expr::Paren(outer) => &outer.expr,
            other => return other,
        }
    }
}

fn mentions(expression: &Expr, name: &Ident) -> bool {
    let mut search = Mention { name, found: false };
    search.visit_expr(expression);
    search.found
}

struct Mention<'n> {
    name: &'n Ident,
    found: bool,
}

impl<'ast> Visit<'ast> for Mention<'_> {
    fn visit_path(&mut self, path: &'ast Path) {
        self.found |= path.is_ident(self.name);
        visit::visit_path(self, path);
    }
}

struct Search<'ast> {
    imports: Imports,
    marks: Vec<Mark>,
    found: Option<&'ast Stmt>,
}

impl Search<'_> {
    fn has(&self, mark: Option<Mark>) -> bool {
        mark.is_some_and(|mark| self.marks.contains(&mark))
    }

    /// True where a function makes the variable: handlers take out of their state what goes by the
    /// same name.
    fn makes_it(&self, statement: &Stmt) -> bool {
        let Stmt::Local(Local { init: Some(init), .. }) = statement else { return false };
        let Expr::Call(call) = bare(&init.expr) else { return false };
        let is_copy = called(call)
            .is_some_and(|path| segments(path).last().is_some_and(|last| last == "clone"));
        !is_copy && self.has(let_name(statement).map(|name| Mark::Name(name.to_string())))
    }

    fn calls_it(&self, expression: &Expr) -> bool {
        match expression {
            Expr::MethodCall(call) => self.has(Mark::method(call)),
            Expr::Call(call) => {
                self.has(called(call).and_then(|path| Mark::function(&self.imports.resolve(path))))
            }
            _ => false,
        }
    }
}

impl<'ast> Listener<'ast> for Search<'ast> {
    fn expression(&mut self, frames: &[Frame<'ast>], expression: &'ast Expr) {
        let innermost = frames.iter().rev().find_map(|frame| match frame {
            Frame::Statement(block, index) => block.stmts.get(*index),
            _ => None,
        });
        let Some(statement) = innermost.filter(|_| self.found.is_none() && !in_test(frames)) else {
            return;
        };
        if self.makes_it(statement) || self.calls_it(expression) {
            self.found = Some(statement);
        }
    }

    fn macro_call(&mut self, _frames: &[Frame<'ast>], _call: &'ast syn::Macro) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "let hub = crate::ws::Hub::start(settings.ws.clone());\n";
    const MERGE: &str = "let app = app.merge(ws::router(hub.clone()));";
    const STOP: &str = "\n    hub.shutdown(std::time::Duration::from_secs(10)).await;";

    fn found(wanted: &str, body: &str) -> Option<String> {
        let source = format!("use crate::ws::Hub;\nfn f() {{\n    x();\n    {body}\n}}\n");
        find_reworded(&source, wanted).map(|at| source[at].to_owned())
    }

    #[test]
    fn a_statement_is_known_by_its_variable_and_its_call() {
        for (wanted, today) in [
            (START, "let hub = Hub::start(other);"),
            (START, "let sockets = app::ws::Hub::start(settings.ws);"),
            (START, "let hub = make(settings)?;"),
            (MERGE, "let app = app.merge(ws::router(hub.clone())).layer(x());"),
            (MERGE, "let routes = Router::new().nest(\"/a\", app::ws::router(hub));"),
            (STOP, "hub.shutdown(LONG).await;"),
        ] {
            assert_eq!(found(wanted, today).as_deref(), Some(today), "{wanted}");
        }
    }

    #[test]
    fn others_are_no_form_of_it() {
        for (wanted, today) in [
            (START, "let settings = Settings::start(); show(hub);"),
            (START, "let hub = state.hub.clone();"),
            (START, "let hub = Arc::clone(&state.hub);"),
            (MERGE, "let app = app.merge(api::router(hub.clone()));"),
            (MERGE, "let app = Router::new(); other(app);"),
            (STOP, "other.shutdown(std::time::Duration::from_secs(10)).await;"),
            (STOP, "sleep(std::time::Duration::from_secs(10)).await; hub.clone();"),
            (START, "#[cfg(test)] mod tests { fn f() { let hub = ws::Hub::start(test); } }"),
        ] {
            assert_eq!(found(wanted, today), None, "{wanted} {today}");
        }
    }
}
