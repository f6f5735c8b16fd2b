//! Plans that are kept, and carried out later.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::{ADD, Run, Scratch};

const PLAN: &str = "plan.json";

/// The plan that `rwx infra add websocket` with `args` prints in the folder `below`.
fn planned(scratch: &Scratch, below: &str, args: &[&str]) -> Value {
    let all = [&ADD[..], args, &["--dry-run", "--json"]].concat();
    serde_json::from_str(&scratch.rwx_in(below, &all).expect(0).stdout).unwrap()
}

/// Applies `plan`, which lies outside of the project, with `args`.
fn apply(scratch: &Scratch, plan: &Value, args: &[&str]) -> Run {
    let elsewhere = Scratch::empty();
    elsewhere.write(PLAN, plan.to_string().as_bytes());
    let plan = elsewhere.path().join(PLAN);
    scratch.rwx(&[&["apply", plan.to_str().unwrap()], args].concat())
}

#[test]
fn a_plan_that_is_applied_does_what_the_run_would_have() {
    for (project, below, args) in [
        ("minimal", "", &[][..]),
        ("service", "src", &["--set", "demo=true", "--set", "redis=false", "--module", "live"]),
        ("minimal", "", &["--route", "/live", "--no-wire", "--compose", "deploy/c.yaml"]),
        ("workspace", "crates/api/src", &["--env-file", "../../../env.sample"]),
        ("workspace", "", &["-p", "api"]),
    ] {
        let [later, now] = [Scratch::of(project), Scratch::of(project)];
        for scratch in [&later, &now] {
            scratch.write("deploy/c.yaml", b"services: {}\n");
        }
        let plan = planned(&later, below, args);
        let run = apply(&later, &plan, &[]).expect(0);
        let expected = now.rwx_in(below, &[&ADD, args].concat()).expect(0);
        assert!(later.files() == now.files(), "{project} {args:?}");
        assert_eq!(run.stdout.lines().next(), expected.stdout.lines().next());
        assert!(apply(&later, &plan, &[]).expect(0).stdout.contains("nothing to do"));
    }
}

#[test]
fn a_plan_is_looked_at_again_before_it_is_applied() {
    let scratch = Scratch::of("minimal");
    scratch.git(&["init", "--quiet"]);
    scratch.git(&["add", "."]);
    let author = ["-c", "user.name=a", "-c", "user.email=a@b"];
    scratch.git(&[&author[..], &["commit", "--quiet", "-m", "x"]].concat());
    scratch.write("src/main.rs", (scratch.read("src/main.rs") + "// Mine.\n").as_bytes());
    let (before, plan) = (scratch.files(), planned(&scratch, "", &[]));
    assert!(apply(&scratch, &plan, &["--dry-run"]).expect(0).stdout.contains("dry run"));
    apply(&scratch, &plan, &["--check"]).expect(4);
    assert!(scratch.files() == before);
    let refused = apply(&scratch, &plan, &[]).expect(5).stderr;
    assert!(refused.contains("uncommitted edits") && scratch.files() == before, "{refused}");
    apply(&scratch, &plan, &["--allow-dirty"]).expect(0);
}

#[test]
fn a_plan_that_no_longer_fits_is_refused() {
    let refused = |plan: &Value, change: &dyn Fn(&Scratch), why: &str| {
        let scratch = Scratch::of("minimal");
        change(&scratch);
        let before = scratch.files();
        let run = apply(&scratch, plan, &[]).expect(5);
        assert!(run.stderr.contains(why), "{why}: {}", run.stderr);
        assert!(run.stderr.contains("nothing was written") && scratch.files() == before);
    };
    let plan = planned(&Scratch::of("minimal"), "", &[]);
    let edited = |scratch: &Scratch| {
        scratch.write("src/main.rs", (scratch.read("src/main.rs") + "// Mine.\n").as_bytes());
    };
    refused(&plan, &edited, "src/main.rs is not what it was");
    let there = |scratch: &Scratch| scratch.write(".env.example", b"A=1\n");
    refused(&plan, &there, ".env.example is not what it was");
    let other = |scratch: &Scratch| scratch.write("docker-compose.yml", b"services: {}\n");
    refused(&plan, &other, "docker-compose.yml would change too, and there is 1 file more");
    let with = |place: &str, value: Value| {
        let mut plan = plan.clone();
        *plan.pointer_mut(place).unwrap() = value;
        plan
    };
    let nothing = |_: &Scratch| {};
    refused(&with("/plan/rwx", json!("0.1.0")), &nothing, "was made by rwx 0.1.0, and this is");
    refused(
        &with("/plan/files/src~1main.rs/after", json!("1-1")),
        &nothing,
        "src/main.rs would get another text than the plan says",
    );
    refused(&with("/plan/request/choices/no_wire", json!(true)), &nothing, "more");
    let mut fewer = plan.clone();
    fewer["plan"]["files"].as_object_mut().unwrap().remove("src/main.rs");
    refused(&fewer, &nothing, "src/main.rs would change too");
}

#[test]
fn a_plan_from_elsewhere_writes_nothing_that_the_command_would_not() {
    let scratch = Scratch::of("minimal");
    let (before, plan) = (scratch.files(), planned(&scratch, "", &[]));
    for (place, value) in [
        ("/plan/request/package", json!("other")),
        ("/plan/request/package", json!("../other")),
        ("/plan/request/components", json!(["../websocket"])),
        ("/plan/request/components", json!([])),
        ("/plan/request/choices/module", json!("../../ws")),
        ("/plan/request/choices/route", json!("/x\" + evil")),
        ("/plan/request/choices/compose", json!("../outside.yaml")),
        ("/plan/request/choices/compose", json!("/etc/passwd")),
        ("/plan/request/choices/env_file", json!(".git/hooks/pre-commit")),
        ("/plan/request/choices/options", json!({ "evil": true })),
        ("/plan/request/choices/in_new", json!(true)),
        ("/plan/request/choices", json!("all")),
        ("/plan/request/directory", json!("/")),
        ("/plan/files/Cargo.toml/content", json!("evil")),
        ("/plan/files/..~1evil.rs", json!({ "before": null, "after": "1-1" })),
        ("/plan/files", json!(null)),
        ("/plan", json!(null)),
        ("", json!([])),
    ] {
        let mut hostile = plan.clone();
        let (above, name) = place.rsplit_once('/').unwrap_or_default();
        match hostile
            .pointer_mut(above)
            .and_then(Value::as_object_mut)
            .filter(|_| !place.is_empty())
        {
            Some(object) => drop(object.insert(name.replace("~1", "/"), value)),
            None => hostile = value,
        }
        let run = apply(&scratch, &hostile, &[]);
        assert!([1, 2, 5].contains(&run.code), "{place}: {} {}", run.stdout, run.stderr);
        assert!(scratch.files() == before, "{place}");
    }
}

#[test]
fn what_is_no_plan_is_said_to_be_none() {
    let scratch = Scratch::of("minimal");
    let fifo = scratch.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    scratch.write("list.json", scratch.rwx(&["list", "--json"]).expect(0).stdout.as_bytes());
    scratch.write("deep.json", "[".repeat(1 << 20).as_bytes());
    scratch.write("latin.json", b"\xff\xfe");
    scratch.write("empty.json", b"");
    for (path, why, code) in [
        ("fifo", "there is no file fifo", 2),
        ("src", "there is no file src", 2),
        ("none.json", "there is no file none.json", 2),
        ("list.json", "list.json holds no plan", 2),
        ("deep.json", "deep.json holds no plan: recursion limit", 2),
        ("empty.json", "empty.json holds no plan: EOF", 2),
        ("latin.json", "latin.json is not UTF-8", 1),
    ] {
        let said = scratch.rwx(&["apply", path]).expect(code).stderr;
        assert!(said.contains(why), "{said}");
    }
}
