//! What the editor of dotenv files does, in tables and by the laws.

use proptest::prelude::*;

use super::super::RefusalKind;
use super::super::laws::{config, hold, lines_stay, mutated};
use super::*;

const WANTED: &[Line] = &[
    Line { key: "WS_URL", value: "", comment: &["Where it is;", "empty = here"] },
    Line { key: "WS_PING", value: "30", comment: &[] },
];

fn added(source: &str) -> String {
    add(source, "WebSocket", WANTED).unwrap().apply(source)
}

#[test]
fn missing_keys_become_a_block_at_the_end() {
    let forms = [
        ("", "# WebSocket\n# Where it is;\n# empty = here\nWS_URL=\nWS_PING=30\n"),
        ("A=1\n", "A=1\n\n# WebSocket\n# Where it is;\n# empty = here\nWS_URL=\nWS_PING=30\n"),
        ("A=1", "A=1\n\n# WebSocket\n# Where it is;\n# empty = here\nWS_URL=\nWS_PING=30"),
        (
            "A=1\r\n\r\n",
            "A=1\r\n\r\n# WebSocket\r\n# Where it is;\r\n# empty = here\r\nWS_URL=\r\n\
            WS_PING=30\r\n",
        ),
        ("\u{feff}WS_URL=redis://a\n", "\u{feff}WS_URL=redis://a\n\n# WebSocket\nWS_PING=30\n"),
        (
            "# WebSocket\nexport WS_URL=a # b\n\nB=\n",
            "# WebSocket\nexport WS_URL=a # b\nWS_PING=30\n\nB=\n",
        ),
        ("WS_URL=a\n\n# WebSocket\nB=", "WS_URL=a\n\n# WebSocket\nWS_PING=30\nB="),
        (
            "# WebSocket\n# WS_PING=5",
            "# WebSocket\n# WS_PING=5\n# Where it is;\n# empty = here\nWS_URL=",
        ),
    ];
    for (before, after) in forms {
        assert_eq!(added(before), after);
        assert_eq!(added(after), after);
    }
}

#[test]
fn a_key_that_is_there_in_any_form_is_left_alone() {
    for source in [
        "WS_URL=\nWS_PING=30\n",
        "export WS_URL = 'x'\n  WS_PING =30",
        "WS_URL='a\\'\nWS_PING='b'",
        "#WS_URL=\r\n## export WS_PING=1\r\n",
        "WS_URL\nKEY=\"a\nb \\\" c\n\" # multi\nWS_PING=it's\n",
    ] {
        assert_eq!(added(source), source);
    }
}

#[test]
fn a_key_inside_a_value_does_not_count() {
    let source = "KEY=\"\nWS_URL=1\nWS_PING=2\n\"\n";
    assert!(
        added(source)
            .ends_with("\"\n\n# WebSocket\n# Where it is;\n# empty = here\nWS_URL=\nWS_PING=30\n")
    );
}

#[test]
fn a_line_that_assigns_nothing_is_passed_over() {
    for line in [
        "  {{ name }}  ",
        "=1",
        "Set the url",
        "- item",
        "source ./other.env",
        "http://host/path",
        "¿que?",
    ] {
        let source = format!("{line}\nB=1\n{line}\n");
        assert_eq!(added(&source), format!("{source}\n{}", added("")), "{line}");
    }
}

#[test]
fn a_colon_assigns_too() {
    let source = "B: 1\nWS_URL: https://host/a=b\n# WS_PING: how often\n";
    assert_eq!(added(source), format!("{source}\n# WebSocket\nWS_PING=30\n"));
    assert!(added("WS_URL:\n").ends_with("\n# WebSocket\nWS_PING=30\n"));
}

#[test]
fn nothing_is_added_behind_a_quote_that_stays_open() {
    for (source, at) in [("A=\"x\nB=\"y\"\n", "\"x"), ("A = 'x", "'x"), ("B=1\nA: 'x\nC=1", "'x")] {
        let refusal = add(source, "WebSocket", WANTED).expect_err(source);
        let told = (refusal.kind, refusal.reason.as_str());
        assert_eq!(
            told,
            (RefusalKind::Unsafe, "the quote that opens the value of `A` is never closed")
        );
        assert_eq!(&source[refusal.at], at);
    }
    let done = "A='x\nWS_URL=\nWS_PING=30\n";
    assert_eq!(added(done), done);
}

#[test]
fn a_line_that_is_no_assignment_is_refused() {
    for line in [("A B", "1"), ("A", "1\nB=2"), ("A", "'")] {
        let line = Line { key: line.0, value: line.1, comment: &[] };
        assert_eq!(add("X=1\n", "", &[line]).expect_err("refused").kind, RefusalKind::Unsafe);
    }
}

const WHOLE: &[&str] = &[
    "# app\nexport HOST=0.0.0.0\nPORT = 3000 # port\n\nKEY=\"a\n b\"\n# WS_URL=\n",
    "\u{feff}# WebSocket\r\nWS_URL='x'\r\n\r\nSECRET=it's",
    "# WebSocket\nWS_PING=5\n",
];

fn check(source: &str) {
    if let Some(output) = hold(source, &[], |source| add(source, "WebSocket", WANTED)) {
        lines_stay(source, &output);
        assert!(output.contains("WS_PING") && output.contains("WS_URL"), "{output:?}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn mutated_files_keep_the_laws(source in mutated(WHOLE, "=#\"'\\ \n\r\tA\u{feff}é")) {
        check(&source);
    }

    #[test]
    fn arbitrary_text_never_panics(source in "\\PC*|[#='\"A-C \r\n\\\\]*") {
        check(&source);
    }
}
