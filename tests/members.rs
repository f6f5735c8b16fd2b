//! Two members of a workspace that share its compose and environment files.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{ADD, REMOVE, Scratch};

const MEMBERS: [&str; 2] = ["admin", "api"];
const COMPOSE: &str = "services:\n  db:\n    image: postgres\n";
const SAMPLE: &str = "# Ours.\nDATABASE_URL=\n";

/// A workspace of two members, each a service of its own.
fn workspace() -> Scratch {
    let root = Scratch::empty();
    root.write("Cargo.toml", b"[workspace]\nmembers = [\"admin\", \"api\"]\nresolver = \"3\"\n");
    root.write("compose.yaml", COMPOSE.as_bytes());
    root.write(".env.example", SAMPLE.as_bytes());
    for member in MEMBERS {
        root.below(member).copy("minimal");
        root.rewrite(
            &format!("{member}/Cargo.toml"),
            "name = \"minimal\"",
            &format!("name = \"{member}\""),
        );
    }
    root
}

fn run(root: &Scratch, command: &[&str], member: &str) -> String {
    root.rwx(&[command, &["-p", member]].concat()).expect(0).stdout
}

#[test]
fn what_the_other_member_uses_stays_until_that_lets_it_go() {
    for (adds, removes) in [([0, 1], [0, 1]), ([0, 1], [1, 0]), ([1, 0], [0, 1])] {
        let root = workspace();
        let start = root.files();
        for at in adds {
            run(&root, &ADD, MEMBERS[at]);
        }
        assert_eq!(root.read("compose.yaml").matches("image: redis").count(), 1);
        let [first, last] = removes.map(|at| MEMBERS[at]);
        let report = run(&root, &REMOVE, first);
        for (path, what) in [(".env.example", "WS_REDIS_URL"), ("compose.yaml", "service redis")] {
            let kept = format!("keep {path}  {what}: used by {last}");
            assert!(report.contains(&kept), "{kept} in {report}");
            assert!(
                root.read(path).contains(what.rsplit(' ').next().unwrap()),
                "{}",
                root.read(path)
            );
        }
        assert_eq!(run(&root, &ADD, last), "nothing to do\n");
        run(&root, &REMOVE, last);
        assert!(root.files() == start, "{:?}", root.read("compose.yaml"));
    }
}

#[test]
fn an_update_in_one_member_is_known_to_the_other() {
    let root = workspace();
    for member in MEMBERS {
        run(&root, &ADD, member);
    }
    for member in MEMBERS {
        assert_eq!(run(&root, &ADD, member), "nothing to do\n", "{member}");
        assert!(!run(&root, &["infra", "status"], member).contains("compose.yaml"));
    }
    let start = root.files();
    root.rewrite(".env.example", "# Ours.", "# Hers.");
    for member in MEMBERS {
        assert_eq!(run(&root, &["infra", "update"], member), "nothing to do\n");
    }
    root.rewrite(".env.example", "# Hers.", "# Ours.");
    assert!(root.files() == start);
}
