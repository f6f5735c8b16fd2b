//! The words of a removal, and of a name that cannot be.

use crate::run;
use crate::support::Scratch;

#[test]
fn a_removal_says_what_it_takes_out() {
    let scratch = Scratch::added("minimal");
    let run = scratch.rwx(&["remove", "websocket"]).expect(0).stdout;
    assert!(run.contains("update src/main.rs  taken out: mod ws; the routes of ws\n"), "{run}");
    assert!(!run.contains("layers added"), "{run}");
    let added = scratch.add(&[]).expect(0).stdout;
    let told = "mod ws; the routes of ws; layers added above them do not run for /ws\n";
    assert!(added.contains(told) && !added.contains("taken out"), "{added}");
    let switched = scratch.add(&["--set", "redis=false"]).expect(0).stdout;
    assert!(switched.contains("update .env.example  taken out: WS_REDIS_URL\n"), "{switched}");
}

#[test]
fn a_name_that_no_package_can_have_is_said_to_be_none() {
    for (name, why) in [
        ("test", "Rust or cargo has it for itself"),
        ("proc-macro", "these are not possible: alloc, build,"),
        ("match", "it is a keyword of Rust"),
        ("1st", "beginning with a letter"),
    ] {
        let run = run(&["new", name]).expect(2).stderr;
        assert!(run.contains("cannot be the name of a package") && run.contains(why), "{run}");
    }
}
