//! Where an expression stands: the functions, blocks and closures around it.

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Meta, Signature, Token};

/// One thing around an expression.
#[derive(Clone, Copy)]
pub enum Frame<'ast> {
    /// A module that is written in place.
    Module(&'ast syn::ItemMod),
    /// A function or method, with its body.
    Function(&'ast Signature, &'ast Block),
    /// The statement of this index in a block.
    Statement(&'ast Block, usize),
    /// A closure.
    Closure,
    /// The body or condition of a loop, which runs more than once.
    Loop,
    /// An async block: a scope of its own for `?` and `return`; true where it takes what it names
    /// with it.
    Async(bool),
    /// Code that is compiled for tests only.
    Test,
    /// An `impl` block.
    Impl(&'ast syn::ItemImpl),
    /// A const or static item, or another place where only constants can stand.
    Constant,
}

/// True when an item with these attributes exists in tests only (`#[cfg(test)]`, `#[test]`,
/// `#[tokio::test]`, …).
pub fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        let named =
            path.segments.last().is_some_and(|last| last.ident == "test" || last.ident == "rstest");
        named || (path.is_ident("cfg") && requires_test(attribute))
    })
}

/// True when code with these frames around it is compiled for tests only.
pub fn in_test(frames: &[Frame]) -> bool {
    frames.iter().any(|frame| matches!(frame, Frame::Test))
}

/// True for the attribute `cfg(test)` and for `cfg(all(test, …))`.
fn requires_test(attribute: &Attribute) -> bool {
    attribute.parse_args().is_ok_and(|condition| holds_in_tests_only(&condition))
}

fn holds_in_tests_only(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => {
            let nested = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
            nested.is_ok_and(|nested| nested.iter().any(holds_in_tests_only))
        }
        _ => false,
    }
}

/// Receives the expressions of a file together with what stands around them.
pub trait Listener<'ast> {
    /// A statement, which is the last of `frames`.
    fn statement(&mut self, _frames: &[Frame<'ast>]) {}
    /// An expression, outermost first.
    fn expression(&mut self, _frames: &[Frame<'ast>], _expression: &'ast syn::Expr) {}
    /// A macro call, whose arguments are tokens only.
    fn macro_call(&mut self, frames: &[Frame<'ast>], call: &'ast syn::Macro);
    /// A pattern, outermost first.
    fn pattern(&mut self, _frames: &[Frame<'ast>], _pattern: &'ast syn::Pat) {}
    /// A path, of an expression, a type or a pattern.
    fn path(&mut self, _frames: &[Frame<'ast>], _path: &'ast syn::Path) {}
    /// A `use`.
    fn import(&mut self, _frames: &[Frame<'ast>], _item: &'ast syn::ItemUse) {}
    /// A function with its attributes.
    fn function(&mut self, _frames: &[Frame<'ast>], _item: &'ast syn::ItemFn) {}
}

/// Walks `file` and tells `listener` what is met where.
pub fn walk<'ast>(file: &'ast syn::File, listener: &mut impl Listener<'ast>) {
    Walker { frames: Vec::new(), listener }.visit_file(file);
}

struct Walker<'ast, 'l, L> {
    frames: Vec<Frame<'ast>>,
    listener: &'l mut L,
}

impl<'ast, L: Listener<'ast>> Walker<'ast, '_, L> {
    fn within(&mut self, frame: Option<Frame<'ast>>, walk: impl FnOnce(&mut Self)) {
        let depth = self.frames.len();
        self.frames.extend(frame);
        walk(self);
        self.frames.truncate(depth);
    }
}

/// Frames of an item: [`Frame::Test`] where its attributes say so.
fn test_frame<'ast>(attributes: &[Attribute]) -> Option<Frame<'ast>> {
    is_test(attributes).then_some(Frame::Test)
}

impl<'ast, L: Listener<'ast>> Visit<'ast> for Walker<'ast, '_, L> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.within(test_frame(&item.attrs), |walker| {
            walker.within(Some(Frame::Module(item)), |walker| visit::visit_item_mod(walker, item));
        });
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.listener.import(&self.frames, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.listener.path(&self.frames, path);
        visit::visit_path(self, path);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.within(test_frame(&item.attrs), |walker| {
            walker.within(Some(Frame::Impl(item)), |walker| visit::visit_item_impl(walker, item));
        });
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.within(test_frame(&item.attrs), |walker| {
            walker.listener.function(&walker.frames, item);
            let frame = Frame::Function(&item.sig, &item.block);
            walker.within(Some(frame), |walker| visit::visit_item_fn(walker, item));
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.within(test_frame(&item.attrs), |walker| {
            let frame = Frame::Function(&item.sig, &item.block);
            walker.within(Some(frame), |walker| visit::visit_impl_item_fn(walker, item));
        });
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        let frame = item.default.as_ref().map(|body| Frame::Function(&item.sig, body));
        self.within(frame, |walker| visit::visit_trait_item_fn(walker, item));
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.within(Some(Frame::Constant), |walker| visit::visit_item_const(walker, item));
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.within(Some(Frame::Constant), |walker| visit::visit_item_static(walker, item));
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.within(Some(Frame::Constant), |walker| visit::visit_impl_item_const(walker, item));
    }

    fn visit_block(&mut self, block: &'ast Block) {
        for (index, statement) in block.stmts.iter().enumerate() {
            self.within(Some(Frame::Statement(block, index)), |walker| {
                walker.listener.statement(&walker.frames);
                walker.visit_stmt(statement);
            });
        }
    }

    fn visit_expr(&mut self, expression: &'ast syn::Expr) {
        self.listener.expression(&self.frames, expression);
        let frame = match expression {
            syn::Expr::Closure(_) => Some(Frame::Closure),
            syn::Expr::Async(block) => Some(Frame::Async(block.capture.is_some())),
            syn::Expr::Loop(_) | syn::Expr::While(_) | syn::Expr::ForLoop(_) => Some(Frame::Loop),
            syn::Expr::Const(_) => Some(Frame::Constant),
            _ => None,
        };
        self.within(frame, |walker| visit::visit_expr(walker, expression));
    }

    fn visit_pat(&mut self, pattern: &'ast syn::Pat) {
        self.listener.pattern(&self.frames, pattern);
        visit::visit_pat(self, pattern);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.listener.macro_call(&self.frames, call);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_of_tests(attribute: &str) -> bool {
        let item: syn::ItemFn = syn::parse_str(&format!("{attribute} fn f() {{}}")).unwrap();
        is_test(&item.attrs)
    }

    #[test]
    fn code_that_only_tests_have_is_known_by_its_attribute() {
        for attribute in [
            "#[test]",
            "#[tokio::test]",
            "#[cfg(test)]",
            "#[cfg(all(unix, all(feature = \"a\", test)))]",
        ] {
            assert!(is_of_tests(attribute), "{attribute}");
        }
        for attribute in [
            "#[cfg(all(unix, feature = \"latest\"))]",
            "#[cfg(all(unix, testing))]",
            "#[cfg(any(test, unix))]",
            "#[cfg(not(test))]",
            "#[cfg(all(unix, not(test)))]",
            "#[cfg]",
        ] {
            assert!(!is_of_tests(attribute), "{attribute}");
        }
    }
}
