use super::*;
use crate::project::Tree;
use std::collections::BTreeMap;
use std::path::PathBuf;

fn check(manifest: &str, lock: &str) -> Result<u64, String> {
    let spec = Spec {
        requires: BTreeMap::from([("axum".to_owned(), vec![8, 7])]),
        ..toml_edit::de::from_str("name = \"c\"\nsummary = \"\"\nfiles = { into = \"\" }").unwrap()
    };
    let mut tree = Tree::default();
    tree.put("Cargo.toml", format!("[package]\nname = \"a\"\n[dependencies]\n{manifest}\n"));
    tree.put("Cargo.lock", lock);
    let project = Project::of(PathBuf::new(), String::new(), tree).unwrap();
    required(&project, &spec).map(|found| found[0].minor).map_err(|problem| problem.to_string())
}

#[test]
fn the_version_is_the_lock_file_s_else_the_newest_that_the_requirement_admits() {
    let lock = "[[package]]\nname = \"axum\"\nversion = \"0.7.9\"\n\n[[package]]\nname \
        = \"axum-core\"\nversion = \"0.4.0\"\n";
    assert_eq!(check("axum = \"0\"", lock), Ok(7));
    assert_eq!(check("axum = \"0\"", ""), Ok(8));
    assert_eq!(check("axum = \"0.8\"", lock), Ok(8));
    assert_eq!(check("axum = \"=0.7.5\"", ""), Ok(7));
    assert_eq!(check("axum = { git = \"https://example.org/axum\" }", lock), Ok(7));
    assert_eq!(check("web = { package = \"axum\", version = \"0.8.1\" }", ""), Ok(8));
}

#[test]
fn what_is_missing_or_too_old_is_named() {
    let problem = check("axum = \"0.6.20\"", "").unwrap_err();
    assert_eq!(
        problem,
        "Cargo.toml:4:1: this project has axum 0.6.20; the component needs axum 0.8 or 0.7"
    );
    assert!(check("tokio = \"1\"", "").unwrap_err().starts_with("Cargo.toml has no axum under"));
    assert!(
        check("axum = { path = \"../axum\" }", "")
            .unwrap_err()
            .contains("which version of axum this is")
    );
    assert!(
        check("axum = { version = \"0.8\", optional = true }", "")
            .unwrap_err()
            .contains("optional")
    );
}
