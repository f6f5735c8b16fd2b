//! What rwx added and the owner left as it was follows the component, as a later rwx has it.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};

use rwx::component::{self, Component};
use rwx::plan::{self, Choices};
use rwx::project::{Project, Tree};
use support::Scratch;
use support::plans::project;

/// The tree of a project once `component` is added to it.
fn with(component: &Component, tree: &Tree) -> Tree {
    plan::add(&project(tree), component, &Choices::default()).unwrap().applied(tree)
}

/// The component as a later rwx would have it.
fn next() -> Component {
    let mut next = component::find("websocket").unwrap();
    for dependency in
        next.spec.dependencies.iter_mut().filter(|dependency| dependency.name == "getrandom")
    {
        dependency.version = "0.4".to_owned();
    }
    let environment = next.spec.environment.as_mut().unwrap();
    environment.lines[0].comment = vec!["Another comment.".to_owned()];
    next.spec.services[0].body =
        next.spec.services[0].body.replace("redis:7-alpine", "redis:8-alpine");
    let router = next.spec.router.as_mut().unwrap();
    router.start = router.start.replace("Hub::start(", "Hub::start_with(");
    let settings = next.spec.settings.as_mut().unwrap();
    settings.fallible = settings.fallible.replace("from_env()", "read()");
    next
}

/// The component that asks for these features of axum.
fn asking(features: &[&str]) -> Component {
    let mut component = component::find("websocket").unwrap();
    let axum =
        component.spec.dependencies.iter_mut().find(|one| one.name == "axum" && !one.dev).unwrap();
    axum.features = features.iter().map(|feature| (*feature).to_owned()).collect();
    component
}

fn tree_of(project: &str) -> Tree {
    let mut tree = Tree::default();
    for (path, bytes) in Scratch::of(project).files() {
        tree.put(path, bytes);
    }
    tree
}

#[test]
fn what_is_left_as_written_follows_the_component() {
    let tree = tree_of("service");
    let mut first = with(&component::find("websocket").unwrap(), &tree);
    let fresh = with(&next(), &tree);
    let later = with(&next(), &first);
    for path in ["Cargo.toml", ".env.example", "compose.yaml", "src/settings.rs", "src/main.rs"] {
        assert_ne!(first.text(path).unwrap(), fresh.text(path).unwrap());
        assert_eq!(later.text(path).unwrap(), fresh.text(path).unwrap());
    }
    let again = with(&next(), &later);
    assert!(again == later);

    // A line that she has moved is renewed where it is.
    let manifest = first.text("Cargo.toml").unwrap().unwrap().replace("getrandom = \"0.3\"\n", "");
    let moved = manifest.replacen("[dependencies]\n", "[dependencies]\ngetrandom = \"0.3\"\n", 1);
    first.put("Cargo.toml", moved.clone());
    let later = with(&next(), &first);
    let renewed = moved.replace("getrandom = \"0.3\"", "getrandom = \"0.4\"");
    assert_eq!(later.text("Cargo.toml").unwrap(), Some(renewed.as_str()));
    let removed = plan::remove(&project(&later), "websocket", &[]).unwrap().applied(&later);
    assert_eq!(removed.text("Cargo.toml").unwrap(), tree.text("Cargo.toml").unwrap());
    assert_eq!(removed.text("compose.yaml").unwrap(), tree.text("compose.yaml").unwrap());
}

#[test]
fn wiring_that_is_the_owner_s_by_now_is_told_once_and_left() {
    let websocket = component::find("websocket").unwrap();
    let mut first = with(&websocket, &tree_of("service"));
    let source = first.text("src/main.rs").unwrap().unwrap();
    let hers = source.replace("let hub = service::ws::Hub::start(", "let hub = my_hub(");
    assert_ne!(source, hers);
    first.put("src/main.rs", hers.clone());
    assert!(with(&websocket, &first) == first);
    let told = plan::add(&project(&first), &next(), &Choices::default()).unwrap();
    assert!(
        told.by_hand.iter().any(|left| left.snippet.contains("ws::Hub::start_with(")),
        "{:?}",
        told.by_hand
    );
    let later = told.applied(&first);
    assert_eq!(later.text("src/main.rs").unwrap(), Some(hers.as_str()));
    let again = plan::add(&project(&later), &next(), &Choices::default()).unwrap();
    assert!(again.by_hand.is_empty() && again.is_empty(), "{:?}", again.by_hand);
}

#[test]
fn code_of_hers_below_the_wiring_keeps_what_that_binds() {
    let tree = tree_of("minimal");
    let first = with(&component::find("websocket").unwrap(), &tree);
    let mut longer = next();
    longer
        .spec
        .router
        .as_mut()
        .unwrap()
        .merge
        .push_str("\nlet {{ app }} = {{ app }}.fallback(gone);");
    let fresh = with(&longer, &tree);
    assert_eq!(
        with(&longer, &first).text("src/main.rs").unwrap(),
        fresh.text("src/main.rs").unwrap()
    );
    let source = first.text("src/main.rs").unwrap().unwrap().to_owned();
    let serve = source.find("    axum::serve(").unwrap();
    for hers in [
        "    let app = app.layer(axum::Extension(hub.clone()));\n",
        "    let hub = hub.clone();\n    let app = app.layer(axum::Extension(hub));\n",
    ] {
        let mut first = first.clone();
        let text = format!("{}{hers}{}", &source[..serve], &source[serve..]);
        first.put("src/main.rs", text.clone());
        let later = with(&next(), &first);
        let renewed = text.replace("Hub::start(", "Hub::start_with(");
        assert_eq!(later.text("src/main.rs").unwrap(), Some(renewed.as_str()));
        assert!(with(&next(), &later) == later);

        // With a statement more, it is hers to do.
        let told = plan::add(&project(&first), &longer, &Choices::default()).unwrap();
        assert!(
            told.by_hand.iter().any(|left| left.snippet.contains("Hub::start_with(")),
            "{:?}",
            told.by_hand
        );
        assert_eq!(told.applied(&first).text("src/main.rs").unwrap(), Some(text.as_str()));
    }
}

#[test]
fn features_in_an_entry_of_hers_follow_the_component() {
    let tree = tree_of("service");
    let less = with(&asking(&["ws"]), &tree);
    let more = with(&asking(&["multipart", "ws"]), &less);
    let features =
        |tree: &Tree, listed: &str| tree.text("Cargo.toml").unwrap().unwrap().contains(listed);
    assert!(features(&more, "features = [\"macros\", \"multipart\", \"ws\"]"));
    let again = with(&asking(&["ws"]), &more);
    assert!(features(&again, "features = [\"macros\", \"ws\"]"));
    assert!(with(&asking(&["ws"]), &again) == again);
    let removed = plan::remove(&project(&more), "websocket", &[]).unwrap().applied(&more);
    assert_eq!(removed.text("Cargo.toml").unwrap(), tree.text("Cargo.toml").unwrap());
}

#[test]
fn features_that_she_has_put_in_another_order_follow_too() {
    let mut tree = with(&asking(&["multipart", "ws"]), &tree_of("minimal"));
    let manifest = tree.text("Cargo.toml").unwrap().unwrap();
    let hers = manifest.replace("[\"multipart\", \"ws\"]", "[\"ws\", \"multipart\"]");
    assert_ne!(manifest, hers);
    tree.put("Cargo.toml", hers);
    let later = with(&asking(&["macros", "multipart", "ws"]), &tree);
    let manifest: toml_edit::DocumentMut =
        later.text("Cargo.toml").unwrap().unwrap().parse().unwrap();
    let features = manifest["dependencies"]["axum"]["features"].as_array().unwrap();
    let mut features: Vec<&str> =
        features.iter().map(|feature| feature.as_str().unwrap()).collect();
    features.sort_unstable();
    assert_eq!(features, ["macros", "multipart", "ws"]);
    assert!(with(&asking(&["macros", "multipart", "ws"]), &later) == later);
}

#[test]
fn every_starting_project_comes_back_whole_also_after_an_update() {
    let projects = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/projects");
    for entry in std::fs::read_dir(projects).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let tree = tree_of(&name);
        let is_package = tree.text("Cargo.toml").unwrap().unwrap().contains("[package]");
        let folder = if is_package { "" } else { "crates/api" };
        let project =
            |tree: &Tree| Project::of(PathBuf::new(), folder.to_owned(), tree.clone()).unwrap();
        let mut after = tree.clone();
        for component in [component::find("websocket").unwrap(), next()] {
            after = plan::add(&project(&after), &component, &Choices::default())
                .unwrap()
                .applied(&after);
        }
        let removed = plan::remove(&project(&after), "websocket", &[]).unwrap().applied(&after);
        for (path, bytes) in tree.iter().chain(removed.iter()) {
            assert_eq!(
                tree.bytes(path),
                removed.bytes(path),
                "{name}: {path}: {}",
                String::from_utf8_lossy(bytes)
            );
        }
    }
}
