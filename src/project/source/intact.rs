//! Whether a binding still holds all of its value further down in its function.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};

use super::binding::SettingsBinding;
use super::package::Package;
use super::serve::ServeSite;
use crate::edit::rust::{Syntax, is_ident, is_punct};

/// The methods that every type has by reference only.
const BORROWING: [&str; 3] = ["clone", "as_ref", "to_owned"];

impl Package {
    /// True when nothing between `binding` and the serve statement can have moved the settings: they are only borrowed,
    /// cloned, or asked for single fields.
    pub fn is_intact(&self, binding: &SettingsBinding, site: &ServeSite) -> bool {
        let Some(Ok(syntax)) = self.syntax(&site.place.file) else { return false };
        let between = binding.place.range.end..site.place.range.start;
        let mut tokens = Vec::new();
        flatten(syntax, &syntax.tokens, &between, &mut tokens);
        if tokens.iter().any(|token| is_ident(token, "move")) {
            return false;
        }
        let uses = (0..tokens.len()).filter(|at| is_ident(&tokens[*at], &binding.name));
        uses.into_iter().all(|at| is_borrowed(&tokens, at))
    }
}

/// The tokens in `range`, at whatever depth; a group is followed by what is in it.
fn flatten(syntax: &Syntax, stream: &TokenStream, range: &Range<usize>, found: &mut Vec<TokenTree>) {
    for token in stream.clone() {
        let own = syntax.span(token.span());
        if own.start >= range.start && own.end <= range.end {
            found.push(token.clone());
        }
        if let TokenTree::Group(group) = &token {
            flatten(syntax, &group.stream(), range, found);
        }
    }
}

fn is_borrowed(tokens: &[TokenTree], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let binds = before.is_some_and(|token| is_ident(token, "let") || is_ident(token, "mut"));
    let names_a_field = !binds && tokens.get(at + 1).is_some_and(|token| is_punct(token, ':'));
    if names_a_field || before.is_some_and(|token| is_punct(token, '&') || is_punct(token, '.')) {
        return true;
    }
    match (tokens.get(at + 1), tokens.get(at + 2), tokens.get(at + 3)) {
        (Some(dot), Some(TokenTree::Ident(method)), Some(TokenTree::Group(_))) if is_punct(dot, '.') => {
            BORROWING.iter().any(|name| method == name)
        }
        (Some(dot), Some(TokenTree::Ident(_)), _) => is_punct(dot, '.'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::package::Place;
    use super::super::{Root, RootKind, Serve};
    use super::*;
    use std::collections::BTreeMap;

    fn is_intact(between: &str) -> bool {
        let head = "fn main() {\n    let settings = Settings::new();\n";
        let text = format!(
            "{head}{between}\n    let app = axum::Router::new();\n    axum::serve(listener, app).await.unwrap();\n}}\n"
        );
        let root = Root { file: "src/main.rs".to_owned(), kind: RootKind::Bin, name: "app".to_owned() };
        let package = Package::new(BTreeMap::from([("src/main.rs".to_owned(), text)]), vec![root]);
        let Serve::Site(site) = package.serve("axum") else { panic!("no site") };
        let place = Place { file: "src/main.rs".to_owned(), range: 0..head.len() };
        package.is_intact(&SettingsBinding { name: "settings".to_owned(), place }, &site)
    }

    #[test]
    fn borrows_clones_and_fields_leave_the_settings_there() {
        for between in [
            "",
            "log(&settings);",
            "bind((settings.host, settings.port)).await;",
            "let state = State { settings: settings.clone() };",
            "println!(\"{}\", settings.port);",
            "other.settings = 1;",
        ] {
            assert!(is_intact(between), "{between}");
        }
    }

    #[test]
    fn what_may_move_them_counts_as_a_move() {
        for between in [
            "let state = State { settings };",
            "run(settings);",
            "let shared = Arc::new(settings);",
            "settings.run();",
            "spawn(async move { settings.port });",
            "info!(?settings);",
            "let settings: Other = other();",
        ] {
            assert!(!is_intact(between), "{between}");
        }
    }
}
