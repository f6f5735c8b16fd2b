//! The manual pages.

use crate::support::Scratch;

#[test]
fn a_manual_page_tells_of_every_command() {
    let scratch = Scratch::empty();
    let made = scratch.rwx(&["man", "share/man1"]).expect(0).stdout;
    let pages = scratch.files();
    assert!(made.contains(&format!("{} created", pages.len())), "{made}");
    for command in ["", "new", "add", "infra", "infra-add", "templates-eject", "man", "completions"]
    {
        let name = format!("rwx-{command}");
        let name = name.trim_end_matches('-');
        let page = scratch.read(&format!("share/man1/{name}.1"));
        let said = format!(".SH NAME\n{}", name.replace('-', "\\-"));
        assert!(page.contains(&said) && page.contains(env!("CARGO_PKG_VERSION")), "{page}");
    }
    assert!(scratch.read("share/man1/rwx-infra-add.1").contains("\\-\\-dry\\-run"));
    assert!(!pages.keys().any(|page| page.contains("help")), "{:?}", pages.keys());
    let again = scratch.rwx(&["man", "share/man1"]).expect(0).stdout;
    assert_eq!(again, "nothing to do\n");
    scratch.write("share/man1/rwx.1", b"of an older rwx");
    scratch.rwx(&["-C", "share", "man", "man1"]).expect(0);
    assert!(scratch.files() == pages);
    let taken = scratch.rwx(&["man", "share/man1/rwx.1"]).expect(1).stderr;
    assert!(taken.contains("is a file, and rwx has to make a folder"), "{taken}");
}
