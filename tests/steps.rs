//! The next steps say what works in the project at hand: its services, its packages, its address.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use serde_json::Value;
use support::{ADD, Run, Scratch, rwx};

const COMPOSE: &str = "compose.yaml";

/// The next steps, as `--json` tells them too.
fn steps(project: &Scratch, below: &str, args: &[&str]) -> String {
    let json =
        project.rwx_in(below, &[&ADD, args, &["--dry-run", "--json"]].concat()).expect(0).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    let steps = json["next_steps"].as_array().unwrap().iter().map(lines);
    let steps = steps.collect::<Vec<_>>().join("\n") + "\n";
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = words(&project.rwx_in(below, &[&ADD, args].concat()).expect(0).stdout);
    for line in steps.lines() {
        assert!(told.contains(&words(line)), "{line} in {told}");
    }
    steps
}

/// The title of a step, and its commands with an indent.
fn lines(step: &Value) -> String {
    let commands = step["commands"].as_array().unwrap();
    let commands = commands.iter().map(|command| format!("\n    {}", command.as_str().unwrap()));
    step["title"].as_str().unwrap().to_owned() + &commands.collect::<String>()
}

/// The commands of the step about several instances: what starts the service, and how the program
/// reaches it.
fn redis(files: &[(&str, &str)], args: &[&str]) -> Vec<String> {
    let project = Scratch::of("minimal");
    files.iter().for_each(|(path, text)| project.write(path, text.as_bytes()));
    let steps = steps(&project, "", args);
    let lines = steps.lines().skip_while(|line| !line.starts_with("several instances")).skip(1);
    lines
        .take(3)
        .take_while(|line| line.starts_with("    ") || line.starts_with("it "))
        .map(|line| line.trim().to_owned())
        .collect()
}

#[test]
fn a_redis_that_is_there_is_named_with_its_address() {
    for (service, up, address) in [
        ("broker: {image: redis:7, ports: [\"6390:6379\"]}", "broker", "127.0.0.1:6390"),
        (
            "redis: {image: valkey/valkey, ports: [{target: 6379, published: \"6391\"}]}",
            "redis",
            "127.0.0.1:6391",
        ),
        ("q: {image: redis, ports: [\"127.0.0.2:6392:6379\"]}", "q", "127.0.0.2:6392"),
        ("q: {image: redis, ports: [\"[::1]:6392:6379\"]}", "q", "[::1]:6392"),
        ("q: {image: redis, ports: [\"9000-9002:6378-6380\"]}", "q", "127.0.0.1:9001"),
        (
            "q: {image: redis/redis-stack, ports: [\"8001:8001\", \"6393:6379\"]}",
            "q",
            "127.0.0.1:6393",
        ),
        ("q: {image: redis, command: --port 7000, ports: [\"7001:7000\"]}", "q", "127.0.0.1:7001"),
        ("q: {image: redis, network_mode: host}", "q", "127.0.0.1:6379"),
        ("q: {image: redis, ports: [6379]}", "q", "$(docker compose port q 6379)"),
        (
            "q: {image: redis, command: redis-server --requirepass x, ports: [\"1:6379\"]}",
            "q",
            ":PASSWORD@127.0.0.1:1",
        ),
        ("'a b': {image: redis, ports: [\"1:6379\"]}", "'a b'", "127.0.0.1:1"),
    ] {
        let told = redis(&[(COMPOSE, &format!("services:\n  {service}\n"))], &[]);
        let wanted = [
            format!("docker compose up -d {up}"),
            format!("WS_AUTH=none WS_REDIS_URL=redis://{address} cargo run"),
        ];
        assert_eq!(told, wanted, "{service}");
    }
    let block =
        "services:\n  q:\n    image: redis\n    ports:\n      - \"${REDIS_PORT:-6390}:6379\"\n";
    assert_eq!(
        redis(&[(COMPOSE, block)], &[])[1],
        "WS_AUTH=none WS_REDIS_URL=redis://127.0.0.1:6390 cargo run"
    );
    let block = block.replace(":-6390", "");
    assert_eq!(
        redis(&[(COMPOSE, &block)], &[])[1],
        "WS_AUTH=none WS_REDIS_URL=redis://127.0.0.1:$REDIS_PORT cargo run"
    );
}

#[test]
fn one_that_publishes_nothing_is_reached_from_inside() {
    let told = redis(
        &[(COMPOSE, "services:\n  broker: {image: redis, ports: [\"6379:6379/udp\"]}\n")],
        &[],
    );
    assert_eq!(told[0], "docker compose up -d broker");
    assert!(told[1].starts_with("it publishes no port of this machine"), "{told:?}");
    assert_eq!(told[2], "WS_REDIS_URL=redis://broker:6379");
}

#[test]
fn docker_is_told_the_file_where_it_would_not_find_it() {
    let redis_at =
        |port: u16| format!("services:\n  redis: {{image: redis, ports: [\"{port}:6379\"]}}\n");
    let (dev, more) = (redis_at(7001), redis_at(7002));
    let args = ["--compose", "deploy/dev.yaml"];
    assert_eq!(
        redis(&[("deploy/dev.yaml", &dev)], &args)[0],
        "docker compose -f deploy/dev.yaml up -d redis"
    );
    let files = [("deploy/compose.yaml", dev.as_str()), ("deploy/compose.override.yaml", &more)];
    let told = redis(&files, &["--compose", "deploy/compose.yaml"]);
    let up = "docker compose -f deploy/compose.yaml -f deploy/compose.override.yaml up -d redis";
    assert_eq!(told, [up, "WS_AUTH=none WS_REDIS_URL=redis://127.0.0.1:7002 cargo run"]);
    let files = [("docker-compose.yml", "services: {}\n"), ("docker-compose.override.yml", &more)];
    assert_eq!(redis(&files, &[])[0], "docker compose up -d redis");
}

#[test]
fn where_no_compose_file_has_the_service_nothing_is_said_of_one() {
    let in_documents =
        "services:\n  a: {image: a, ports: [\"6379:1\"]}\n---\nservices:\n  b: {image: b}\n";
    for (files, port) in [(&[][..], 6379), (&[(COMPOSE, in_documents)], 6380)] {
        let told = redis(files, &[]);
        let wanted = format!("docker run --rm -d -p 127.0.0.1:{port}:6379 redis:7-alpine");
        assert_eq!(
            told,
            [wanted, format!("WS_AUTH=none WS_REDIS_URL=redis://127.0.0.1:{port} cargo run")]
        );
    }
}

#[test]
fn cargo_is_told_package_and_binary_where_it_would_take_another() {
    let commands = |steps: &str| -> Vec<String> {
        let lines = steps.lines().map(|line| line.trim().trim_start_matches("WS_AUTH=none "));
        let lines = lines.filter(|line| line.starts_with("cargo ") || line.starts_with("cd "));
        lines.map(str::to_owned).collect()
    };
    let workspace = Scratch::of("workspace");
    let told = commands(&steps(&workspace, "", &["-p", "api"]));
    assert_eq!(told, ["cargo check -p api && cargo test -p api ws::", "cargo run -p api"]);
    let workspace = Scratch::of("workspace");
    assert_eq!(commands(&steps(&workspace, "crates/api/src", &[]))[1], "cargo run");
    let workspace = Scratch::of("workspace");
    assert_eq!(
        commands(&steps(&workspace, "crates/domain", &["-p", "api"]))[1],
        "cargo run -p api"
    );
    let binaries = Scratch::of("binaries");
    assert_eq!(commands(&steps(&binaries, "", &[]))[1], "cargo run");
    let binaries = Scratch::of("binaries");
    binaries.rewrite("Cargo.toml", "default-run = \"server\"\n", "");
    assert_eq!(
        commands(&steps(&binaries, "", &["--module", "live"])),
        ["cargo check && cargo test live::", "cargo run --bin server"]
    );
    let library = Scratch::of("library");
    assert_eq!(commands(&steps(&library, "", &[])), ["cargo check && cargo test ws::"]);
}

#[test]
fn from_elsewhere_the_first_step_goes_to_the_package() {
    let root = Scratch::empty();
    root.below("my app").copy("minimal");
    for args in [["-C", "my app"], ["--manifest-path", "my app/Cargo.toml"]] {
        let mut command = rwx();
        command.current_dir(root.path()).args(ADD).args(args).arg("--dry-run").arg("--json");
        let json: Value = serde_json::from_str(
            &Run::of(command.output().unwrap(), &root.path()).expect(0).stdout,
        )
        .unwrap();
        assert_eq!(lines(&json["next_steps"][0]), "go to the package\n    cd 'my app'");
        assert_eq!(lines(&json["next_steps"][1]), "check it\n    cargo check && cargo test ws::");
    }
}

#[test]
fn the_address_is_the_code_s_own_where_it_says_one() {
    let project = Scratch::of("minimal");
    project.rewrite("src/main.rs", "\"127.0.0.1:3000\"", "(\"0.0.0.0\", 8081)");
    let told = steps(&project, "", &["--route", "/live", "--set", "demo=true"]);
    assert!(
        told.contains("websocat ws://127.0.0.1:8081/live/ann\n") && !told.contains("your own"),
        "{told}"
    );
    assert!(told.contains("http://127.0.0.1:8081/live/demo"), "{told}");
    let project = Scratch::of("minimal");
    project.rewrite("src/main.rs", "\"127.0.0.1:3000\"", "std::env::args().nth(1).unwrap()");
    assert!(steps(&project, "", &[]).contains("your own host and port"));
}

#[test]
fn that_a_deploy_drops_all_clients_is_told_where_the_server_ends_at_once() {
    let wrapped = ".with_graceful_shutdown(hub.clone().shutdown_after(async {";
    assert!(steps(&Scratch::of("minimal"), "", &[]).contains(wrapped));
    assert!(!steps(&Scratch::of("service"), "", &[]).contains("on a deploy"));
    assert!(!steps(&Scratch::of("minimal"), "", &["--no-wire"]).contains("on a deploy"));
}
