//! Two components in one project: what both use stays as long as one of them is there.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use support::Scratch;

/// A component that needs a feature of tokio, a variable and a service that websocket needs too.
const LIVE: &str = r#"
name = "live"
summary = "live"

[files]
into = "live"

[[dependency]]
name = "tokio"
version = "1"
features = ["sync"]

[environment]
header = "Live"

[[environment.line]]
key = "WS_REDIS_URL"
value = ""
comment = ["Redis."]

[[service]]
name = "redis"
images = ["redis"]
volumes = ["redis-data"]
body = "image: redis:7-alpine\n"
"#;

/// A project in which the components are installed, one after the other; its own templates have
/// `live`.
fn with_both(order: [&str; 2]) -> Scratch {
    let project = Scratch::of("service");
    project.rewrite(
        "Cargo.toml",
        "features = [\"full\"]",
        "features = [\"macros\", \"net\", \"rt-multi-thread\", \"signal\"]",
    );
    project.write(".rwx/templates/live/component.toml", LIVE.as_bytes());
    project.write(".rwx/templates/live/a.txt.jinja", b"live\n");
    for component in order {
        let mut args = vec!["infra", "add", component];
        if component == "live" {
            args.extend(["--templates", ".rwx/templates"]);
        }
        project.rwx(&args).expect(0);
    }
    project
}

#[test]
fn what_a_component_without_templates_may_use_stays_and_is_named() {
    let project = with_both(["websocket", "live"]);
    std::fs::remove_dir_all(project.path().join(".rwx/templates")).unwrap();
    let report = project.rwx(&["infra", "remove", "websocket"]).expect(0).stdout;
    for (path, what) in [(".env.example", "WS_REDIS_URL"), ("compose.yaml", "service redis")] {
        let kept =
            report.lines().find(|line| line.contains(&format!("keep {path}"))).expect(&report);
        assert!(kept.contains(what) && kept.contains("live may use it"), "{report}");
    }
    assert!(project.read(".env.example").contains("WS_REDIS_URL="));
    assert!(project.read("compose.yaml").contains("\n  redis:\n"));
}

#[test]
fn what_two_components_use_stays_until_both_are_gone() {
    for [first, second] in [["live", "websocket"], ["websocket", "live"]] {
        let project = with_both([first, second]);
        let report = project.rwx(&["infra", "remove", first]).expect(0).stdout;
        for (path, what) in [(".env.example", "WS_REDIS_URL"), ("compose.yaml", "service redis")] {
            assert!(report.contains(&format!("keep {path}  {what}: used by {second}")), "{report}");
        }
        assert!(project.read(".env.example").contains("WS_REDIS_URL="));
        assert!(
            project.read("compose.yaml").contains("\n  redis:\n")
                && project.read("compose.yaml").contains("redis-data:")
        );
        assert!(project.read("Cargo.toml").contains("\"sync\""));
        // Its own comment and body may take the place of the other's, once.
        project.rwx(&["infra", "update", second]).expect(0);
        assert_eq!(project.read(".env.example").matches("WS_REDIS_URL=").count(), 1);
        assert!(
            project.rwx(&["infra", "update", second]).expect(0).stdout.contains("nothing to do")
        );

        project.rwx(&["infra", "remove", second]).expect(0);
        assert!(
            !project.read(".env.example").contains("WS_")
                && !project.read("compose.yaml").contains("redis")
        );
        assert!(!project.read("Cargo.toml").contains("\"sync\""), "{}", project.read("Cargo.toml"));
    }
}
