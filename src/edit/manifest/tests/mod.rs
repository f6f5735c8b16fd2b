//! Every form that a manifest may have.

mod entry;
mod merge;
mod refusal;

use super::*;
use crate::edit::RefusalKind;

const AXUM: Requirement = Requirement {
    name: "axum",
    version: "0.8",
    features: &["ws"],
    implied_by: &[],
    default_features: true,
    kind: Kind::Normal,
    rename: None,
};

fn edited(source: &str, requirement: &Requirement) -> String {
    require(source, requirement, None)
        .unwrap_or_else(|refusal| panic!("{refusal:?} for {source}"))
        .apply(source)
}

fn refused(source: &str, requirement: &Requirement) -> (RefusalKind, String, String) {
    let refusal = require(source, requirement, None).expect_err(source);
    (refusal.kind, source[refusal.at].to_owned(), refusal.reason)
}

#[test]
fn dependencies_are_listed_with_their_place() {
    let source = "[dependencies]\naxum.version = \"0.8\"\naxum.optional = true\n[dependencies.queue]\nversion = \"1\"\n\
                  [target.'cfg(unix)'.dev-dependencies]\nnix = { git = \"x\", default_features = \
                      false }\n";
    let found = dependencies(source).unwrap();
    let shown: Vec<_> = found
        .iter()
        .map(|found| (found.key.as_str(), found.kind, &source[found.range.clone()]))
        .collect();
    assert_eq!(
        shown,
        [
            ("axum", Kind::Normal, "axum.version = \"0.8\"\naxum.optional = true"),
            ("queue", Kind::Normal, "[dependencies.queue]\nversion = \"1\""),
            ("nix", Kind::Dev, "nix = { git = \"x\", default_features = false }"),
        ]
    );
    assert!(found[0].optional && !found[1].optional);
    assert!(found[2].path_or_git && !found[2].default_features && found[2].version.is_none());
    assert_eq!(found[2].target.as_deref(), Some("cfg(unix)"));
}
