use proptest::prelude::*;

use super::super::testing::package;
use super::*;
use crate::edit::rust::{Listener, segments, walk};

/// What every path ending in `router` that `file` writes in an expression leads to.
fn leads(files: &[(&str, &str)], file: &str) -> Vec<String> {
    struct Routers<'p> {
        resolver: Resolver<'p>,
        file: &'p str,
        found: Vec<String>,
    }
    impl<'ast> Listener<'ast> for Routers<'_> {
        fn expression(&mut self, frames: &[Frame<'ast>], expression: &'ast syn::Expr) {
            let syn::Expr::Call(call) = expression else { return };
            let syn::Expr::Path(function) = &*call.func else { return };
            let leads = self.resolver.leads(self.file, frames, &segments(&function.path));
            let told = |lead: &Lead| match lead {
                Lead::Own(item) => format!("{} {}", item.root, item.path.join("::")),
                Lead::Foreign(path) => path.join("::"),
            };
            self.found.push(leads.iter().map(told).collect::<Vec<_>>().join(" | "));
        }
        fn macro_call(&mut self, _: &[Frame<'ast>], _: &'ast syn::Macro) {}
    }
    let package = package(files);
    let resolver = Resolver::new(&package, Vec::new());
    let mut routers = Routers { resolver, file, found: Vec::new() };
    walk(&package.syntax(file).unwrap().unwrap().file, &mut routers);
    routers.found
}

#[test]
fn an_item_that_no_text_has_can_be_known() {
    let source =
        "mod a { pub use crate::ws::*; } fn f() { ws::router(); a::router(); a::other(); }";
    let package = package(&[("src/main.rs", source)]);
    let known = ItemPath { root: 0, path: vec!["ws".to_owned(), "router".to_owned()] };
    let resolver = Resolver::new(&package, vec![known.clone()]);
    let leads = |path: &[&str]| {
        let path: Vec<String> = path.iter().map(|name| (*name).to_owned()).collect();
        resolver.leads("src/main.rs", &[], &path)
    };
    assert_eq!(leads(&["ws", "router"]), [Lead::Own(known.clone())]);
    assert_eq!(leads(&["a", "router"]), [Lead::Own(known)]);
    assert!(!leads(&["a", "other"]).contains(&Lead::Own(ItemPath {
        root: 0,
        path: vec!["ws".to_owned(), "other".to_owned()]
    })));
}

fn lead(source: &str) -> String {
    leads(&[("src/main.rs", source)], "src/main.rs").join(", ")
}

#[test]
fn a_path_leads_where_the_compiler_has_it() {
    for (source, expected) in [
        ("mod ws; fn f() { ws::router(); }", "0 ws::router"),
        ("mod ws; fn f() { self::ws::router(); }", "0 ws::router"),
        ("mod ws; mod a { fn f() { super::ws::router(); } }", "0 ws::router"),
        ("mod ws; mod a { mod b { fn f() { super::super::ws::router(); } } }", "0 ws::router"),
        (
            "mod ws; mod a { mod b { fn f() { self::super::super::ws::router(); } } }",
            "0 ws::router",
        ),
        ("mod ws; mod a { mod ws {} fn f() { ws::router(); } }", "0 a::ws::router"),
        ("mod ws; mod a { mod ws {} fn f() { crate::ws::router(); } }", "0 ws::router"),
        ("mod ws; mod a { fn f() { ws::router(); } }", "ws::router"),
        ("mod ws; mod a { use super::*; fn f() { ws::router(); } }", "0 ws::router"),
        ("mod ws; mod a { use super::ws as live; fn f() { live::router(); } }", "0 ws::router"),
        ("mod ws; use ws::router; fn f() { router(); }", "0 ws::router"),
        ("mod ws; fn f() { use crate::ws::{self as live, Hub}; live::router(); }", "0 ws::router"),
        ("mod ws; fn f() { use axum::extract::ws; ws::router(); }", "axum::extract::ws::router"),
        ("mod ws; fn f() { mod ws {} ws::router(); }", "0 {ws}::router"),
        (
            "mod ws; mod a { pub use super::ws::router as live; } fn f() { a::live(); }",
            "0 ws::router",
        ),
        ("mod ws; mod a { pub use crate::ws::*; } fn f() { a::router(); }", "0 a::router"),
        (
            "mod ws { pub fn router() {} } mod a { pub use crate::ws::*; } fn f() { a::router(); }",
            "0 ws::router",
        ),
        ("mod ws; fn f() { mod ws { fn router() {} fn g() { router(); } } }", "0 {ws}::router"),
        ("mod ws; fn f() { mod a { fn g() { super::ws::router(); } } }", "0 ws::router"),
        ("use axum::serve; fn f() { serve(); }", "axum::serve"),
        ("use axum as web; fn f() { web::serve(); }", "axum::serve"),
        ("use axum::*; fn f() { serve(); }", "axum::serve | serve"),
        ("use serve::serve; fn f() { serve(); }", "serve::serve"),
        ("use a::b as c; use c as b; fn f() { b::d(); }", "a::b::d"),
        ("use a as b; use b as a; fn f() { b::d(); }", "b::d"),
        (
            "mod a { pub use super::b::*; } mod b { pub use super::a::*; } fn f() { a::c(); }",
            "0 a::c",
        ),
        ("#[cfg(x)] use a::d; #[cfg(not(x))] use b::d; fn f() { d(); }", "a::d | b::d"),
    ] {
        assert_eq!(lead(source), expected, "{source}");
    }
}

#[test]
fn a_path_leads_into_other_files_and_the_library() {
    let files = [
        ("src/lib.rs", "pub mod ws;\npub mod api;\n"),
        ("src/ws.rs", "pub fn router() {}"),
        (
            "src/api/mod.rs",
            "pub mod ws;\npub use self::ws::router as own;\nfn f() { self::ws::router(); }",
        ),
        ("src/api/ws.rs", "fn f() { router(); super::super::ws::router(); }"),
        (
            "src/main.rs",
            "use demo::api; fn f() { demo::ws::router(); api::own(); api::ws::router(); }",
        ),
    ];
    assert_eq!(leads(&files, "src/api/mod.rs"), ["0 api::ws::router"]);
    assert_eq!(leads(&files, "src/api/ws.rs"), ["router", "0 ws::router"]);
    assert_eq!(
        leads(&files, "src/main.rs"),
        ["0 ws::router", "0 api::ws::router", "0 api::ws::router"]
    );
}

/// A module nested `depth` deep, in which `inner` stands.
fn nested(depth: usize, inner: &str) -> String {
    let open: String = (0..depth).map(|level| format!("mod m{level} {{ ")).collect();
    format!("{open}{inner}{}", " }".repeat(depth))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn every_way_to_a_module_of_the_root_leads_to_it(depth in 0_usize..6, way in 0_usize..5) {
        let up = "super::".repeat(depth);
        let inner = match way {
            0 => "fn f() { crate::ws::router(); }".to_owned(),
            1 => format!("fn f() {{ self::{up}ws::router(); }}"),
            2 => format!("use self::{up}ws as live; fn f() {{ live::router(); }}"),
            3 => "fn f() { use crate::ws::router as go; go(); }".to_owned(),
            _ => "use crate::*; fn f() { ws::router(); }".to_owned(),
        };
        let decoys = "mod other { pub mod ws {} } use other::ws as unused;";
        prop_assert_eq!(lead(&format!("mod ws; {decoys} {}", nested(depth, &inner))), "0 ws::router", "{}", inner);
    }

    #[test]
    fn a_module_of_the_same_name_elsewhere_is_another(depth in 1_usize..6, way in 0_usize..3) {
        let own = (0..depth).map(|level| format!("m{level}::")).collect::<String>();
        let inner = match way {
            0 => "pub mod ws {} fn f() { ws::router(); }".to_owned(),
            1 => "pub mod ws {} fn f() { self::ws::router(); }".to_owned(),
            _ => format!("pub mod ws {{}} fn f() {{ use crate::{own}ws; ws::router(); }}"),
        };
        let lead = lead(&format!("mod ws; {}", nested(depth, &inner)));
        prop_assert_eq!(lead, format!("0 {own}ws::router"), "{}", inner);
    }
}
