//! The command line: what it says, what programs can read of it, and how it ends.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "cli/completions.rs"]
mod completions;
#[path = "cli/json.rs"]
mod json;
#[path = "cli/man.rs"]
mod man;
#[path = "cli/plans.rs"]
mod plans;
mod support;
#[path = "cli/words.rs"]
mod words;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use serde_json::Value;
use support::{ADD, Run, Scratch, rwx};

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/cli");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Runs rwx outside of any project.
fn run(args: &[&str]) -> Run {
    Scratch::empty().rwx(args)
}

#[test]
fn the_help_of_every_command_fits_into_80_columns() {
    for command in [
        "",
        "new",
        "infra",
        "infra list",
        "infra info",
        "infra add",
        "infra update",
        "infra diff",
        "infra status",
        "infra remove",
        "templates",
        "templates eject",
        "templates update",
        "apply",
        "completions",
        "man",
    ] {
        let mut args: Vec<&str> = command.split_whitespace().collect();
        args.push("--help");
        let help = run(&args).expect(0).stdout;
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
        snapshot(&format!("help {command}").trim_end().replace(' ', "-"), &help);
    }
}

#[test]
fn help_is_as_wide_as_the_terminal_up_to_100_columns() {
    let output = rwx().args(["help", "add"]).env("COLUMNS", "200").output().unwrap();
    let widest = String::from_utf8(output.stdout).unwrap();
    let widest = widest.lines().map(|line| line.chars().count()).max();
    assert!(matches!(widest, Some(81..=100)), "{widest:?}");
}

#[test]
fn the_commands_on_components_can_be_typed_without_infra() {
    let [long, short] = [Scratch::of("minimal"), Scratch::of("minimal")];
    for command in
        ["list", "info websocket", "add websocket", "status", "diff", "update", "remove websocket"]
    {
        let args: Vec<&str> = command.split(' ').collect();
        let expected = long.rwx(&[&["infra"], &args[..]].concat()).expect(0);
        let run = short.rwx(&args).expect(0);
        assert_eq!((run.stdout, run.stderr), (expected.stdout, expected.stderr), "{command}");
        assert_eq!(short.files(), long.files(), "{command}");
    }
    let typo = short.rwx(&["updte"]).expect(2).stderr;
    assert!(typo.contains("'update'"), "{typo}");
}

#[test]
fn cargo_runs_it_as_a_command_of_its_own() {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-rwx")).args(["rwx", "list"]).output();
    let list = run(&["list"]).expect(0).stdout;
    assert_eq!(String::from_utf8(output.unwrap().stdout).unwrap(), list);
}

#[test]
fn the_catalog_is_told_to_users_and_to_programs() {
    snapshot("list", &run(&["infra", "list"]).expect(0).stdout);
    let info = run(&["infra", "info", "websocket"]).expect(0).stdout;
    for told in ["axum 0.8 or 0.7", "handler.rs", "redis", "WS_HEARTBEAT_INTERVAL"] {
        assert!(info.contains(told), "{told}: {info}");
    }
    let list: Value =
        serde_json::from_str(&run(&["infra", "list", "--json"]).expect(0).stdout).unwrap();
    assert_eq!(list["components"][0]["name"], "websocket");
    let info: Value =
        serde_json::from_str(&run(&["infra", "info", "websocket", "--json"]).expect(0).stdout)
            .unwrap();
    assert!(info["files"].as_array().unwrap().iter().any(|file| file == "handler.rs"), "{info}");
}

#[test]
fn the_version_is_the_package_s() {
    let expected = format!("rwx {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["--version"]).expect(0).stdout, expected);
    assert_eq!(run(&["-V"]).expect(0).stdout, expected);
}

#[test]
fn check_tells_by_its_exit_code_whether_something_would_change() {
    let scratch = Scratch::of("minimal");
    scratch.add(&["--check"]).expect(4);
    scratch.add(&[]).expect(0);
    scratch.add(&["--check"]).expect(0);
}

#[test]
fn quiet_says_nothing_where_nothing_is_left_to_do() {
    let run = Scratch::of("minimal").add(&["-q"]).expect(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

#[test]
fn verbose_names_every_file() {
    let scratch = Scratch::of("minimal");
    let first = scratch.add(&["-v"]).expect(0).stdout;
    assert!(
        first.contains("create src/ws/mod.rs")
            && first.contains("create .rwx/websocket/record.toml"),
        "{first}"
    );
    let second = scratch.add(&["-v"]).expect(0).stdout;
    assert!(
        second.contains("same src/ws/mod.rs") && second.ends_with("nothing to do\n"),
        "{second}"
    );
}

#[test]
fn colour_follows_the_flag_and_the_environment() {
    let colored = |flag: Option<&str>, no_color: bool| {
        let scratch = Scratch::of("minimal");
        let mut command = rwx();
        command.current_dir(scratch.path()).args(ADD).arg("--dry-run").args(flag);
        if !no_color {
            command.env_remove("NO_COLOR");
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap().contains('\u{1b}')
    };
    assert!(colored(Some("--color=always"), false) && colored(Some("--color=always"), true));
    assert!(!colored(Some("--color=never"), false));
    assert!(!colored(None, true) && !colored(None, false), "a pipe takes no colour");
}

#[test]
fn an_error_takes_colour_only_when_told_to() {
    let colored =
        |flag: &str| run(&["infra", "info", "none", flag]).expect(2).stderr.contains('\u{1b}');
    assert!(colored("--color=always") && !colored("--color=never") && !colored("--color=auto"));
}

#[test]
fn a_closed_stdout_changes_no_exit_code() {
    let check = [&ADD[..], &["--check"]].concat();
    let runs: [(&[&str], i32); 5] = [
        (&ADD, 0),
        (&check, 4),
        (&["infra", "list"], 0),
        (&["infra", "add", "--help"], 0),
        (&["completions", "bash"], 0),
    ];
    for (args, code) in runs {
        let scratch = Scratch::of("minimal");
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = rwx()
            .current_dir(scratch.path())
            .args(args)
            .stdout(Stdio::from(writer))
            .output()
            .unwrap();
        assert!(output.stderr.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{args:?}");
    }
}

#[test]
fn a_failing_write_leaves_the_tree_as_it_was() {
    let scratch = Scratch::of("service");
    // Longer than what may be written, which the journal is not.
    let long = scratch.read("src/main.rs") + &"// A comment.\n".repeat(10_000);
    scratch.write("src/main.rs", long.as_bytes());
    let (before, times) = (scratch.files(), scratch.times());
    let script = "trap '' XFSZ; ulimit -f 100; exec \"$0\" infra add websocket";
    let mut limited = Command::new("bash");
    limited.current_dir(scratch.path()).args(["-c", script, env!("CARGO_BIN_EXE_rwx")]);
    let run = Run::of(limited.output().unwrap(), &scratch.path()).expect(1);
    assert!(
        run.stderr.contains("error: cannot write src/main.rs: file too large"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("nothing was changed"), "{}", run.stderr);
    assert!(before == scratch.files());
    assert_eq!(times, scratch.times());
    scratch.add(&[]).expect(0);
}

#[test]
fn a_report_that_cannot_be_printed_does_not_hide_that_all_is_written() {
    let full = || Stdio::from(std::fs::File::options().write(true).open("/dev/full").unwrap());
    let scratch = Scratch::of("minimal");
    let tell = |args: &[&str]| {
        let output = rwx().current_dir(scratch.path()).args(args).stdout(full()).output().unwrap();
        Run::of(output, &scratch.path())
    };
    let dry = tell(&[&ADD[..], &["--dry-run"]].concat()).expect(1);
    assert!(dry.stderr.contains("error: cannot print: no space left on device"), "{}", dry.stderr);
    let written = tell(&ADD).expect(0);
    assert!(
        written.stderr.starts_with("warning: all is written, but the report cannot be printed"),
        "{}",
        written.stderr
    );
    assert_eq!(scratch.add(&[]).expect(0).stdout, "nothing to do\n");
}

#[test]
fn a_file_keeps_its_mode() {
    let scratch = Scratch::of("minimal");
    let path = scratch.path().join("src/main.rs");
    for mode in [0o600, 0o755] {
        scratch.write("src/main.rs", scratch.read("src/main.rs").replace("mod ws;", "").as_bytes());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        scratch.add(&["--restore"]).expect(0);
        assert!(scratch.read("src/main.rs").contains("mod ws;"));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode);
    }
}

#[test]
fn a_pipe_in_the_way_is_an_error_and_not_read() {
    let scratch = Scratch::of("minimal");
    let pipe = scratch.path().join(".env.example");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let run = scratch.add(&[]).expect(1);
    assert!(run.stderr.contains(".env.example is a device or pipe"), "{}", run.stderr);
    assert!(!scratch.path().join("src/ws").exists());
}

#[test]
fn a_name_that_is_not_unicode_is_passed_over() {
    let scratch = Scratch::of("minimal");
    let odd = OsStr::from_bytes(b"\xff.rs");
    std::fs::write(scratch.path().join("src").join(odd), "").unwrap();
    std::fs::create_dir(scratch.path().join(odd)).unwrap();
    scratch.add(&[]).expect(0);
}

#[test]
fn a_new_project_is_made_once() {
    let scratch = Scratch::empty();
    scratch.rwx(&["new", "my-app", "--with", "websocket"]).expect(0);
    let files = scratch.files();
    assert!(files.contains_key("my-app/src/ws/mod.rs") && files.contains_key("my-app/.gitignore"));
    scratch.rwx(&["new", "my-app"]).expect(1);
    assert!(files == scratch.files());
    let again = scratch.below("my-app").add(&[]).expect(0).stdout;
    assert_eq!(again, "nothing to do\n");
}

#[test]
fn the_patch_is_for_the_files_that_links_lead_to() {
    let linked = || {
        let scratch = Scratch::of("minimal");
        scratch.write("layers/keep", b"");
        scratch.link("src/ws", "../layers");
        scratch
    };
    let (run, patched) = (linked(), linked());
    run.add(&[]).expect(0);
    patched.git(&["init", "--quiet"]);
    patched.write(".git/patch", patched.add(&["--diff"]).expect(0).stdout.as_bytes());
    patched.git(&["apply", ".git/patch"]);
    assert!(run.files().contains_key("layers/mod.rs"));
    assert!(run.files() == patched.files());
}
