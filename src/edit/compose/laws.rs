//! The laws of this editor on generated, mutated and arbitrary files.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::super::laws::{config, hold, lines_stay, mutated};
use super::super::{Part, State, steps};
use super::*;

const QUEUE: Service = Service {
    name: "queue",
    images: &["queue"],
    body: "image: queue:7\ncommand: |\n  queue-server\n    --save 60 1\nwatch:\n  - path: a\n    \
        target: b\n",
    volumes: &["data", "more"],
    taken: &[],
};

const NULLS: &[&str] = &["{}", "~", "null"];

const SERVICES: &[&str] = &[
    "web:\n  image: a # web\n  ports: [80, 81]",
    "db: &db\n  image: \"postgres:${PG:-16}\"\n  command: >-\n    a\n    b\n",
    "old:\n  <<: *x\n  build: {context: .}\n  # ports:\n",
    "# off:\n#   image: b",
    "queue:\n  build: .",
    "cache:\n  image: queue",
    "last:\n  command: |\n    a\n    b",
    "keep:\n  command: |+\n    a\n\n",
    "fold:\n  command: >+ # all of it\n    a\n\n\n",
    "bare:\n  command: |2+\n    a",
    "none:\n  command: |+\n\n",
    "more:\n  labels:\n    - |+\n      a\n\n    - |-\n      b\n\n",
    "",
];

const SECTIONS: &[&str] = &[
    "volumes:\n  pg:",
    "volumes: {}",
    "volumes: {pg: {}, data: {}}",
    "volumes: ~ # none",
    "# end",
    "networks:\n  a:\n\n",
    "x-text: |+\n  a\n\n",
    "x-text: >\n  a\n\n",
    "volumes:",
];

const WHOLE: &[&str] = &[
    "services:\n  web:\n    image: a\n    command: |\n      b\n\n  # cache:\n  #   image: c\n\n\
    volumes:\n  pg: {}\n",
    "\u{feff}x-a: &a\r\n    restart: always\r\nservices: {}\r\nvolumes: ~",
    "services:\n  queue: {build: .}\n\n  web:\n    <<: [*a]\n",
];

/// `text` with two spaces a level, below `indent` spaces with `step` a level.
fn stepped(text: &str, indent: usize, step: usize) -> String {
    let line = |line: &str| {
        let bare = line.trim_start_matches(' ');
        format!("{}{bare}\n", " ".repeat(indent + (line.len() - bare.len()) / 2 * step))
    };
    text.lines().map(line).collect()
}

fn file() -> impl Strategy<Value = String> {
    let services = proptest::collection::vec(proptest::sample::select(SERVICES), 0..4);
    let sections = proptest::collection::vec(proptest::sample::select(SECTIONS), 0..3);
    (services, sections, 2_usize..5, any::<[bool; 4]>()).prop_map(
        |(services, sections, step, flags)| {
            let [mark, carriage, newline, sections_first] = flags;
            let services =
                services.iter().map(|service| stepped(service, step, step)).collect::<String>();
            let sections =
                sections.iter().map(|section| stepped(section, 0, step)).collect::<String>();
            let services = format!("services:\n{services}");
            let body = if sections_first { sections + &services } else { services + &sections };
            let mut text = format!("x-base: &x\n{}restart: always\n\n{body}", " ".repeat(step));
            if !newline {
                text.truncate(text.trim_end().len());
            }
            if carriage {
                text = text.replace('\n', "\r\n");
            }
            if mark { format!("\u{feff}{text}") } else { text }
        },
    )
}

fn check(source: &str) {
    let Some(output) = hold(source, NULLS, |source| add_service(source, &QUEUE)) else {
        return;
    };
    assert!(find_service(&output, QUEUE.images).unwrap().is_some(), "no service in {output:?}");
    let edit = add_service(source, &QUEUE).unwrap();
    if edit.splices().iter().all(|splice| splice.range.is_empty() && splice.text.contains('\n')) {
        lines_stay(source, &output);
    }
    check_parts(source, &edit);
}

/// Checks that each part of `edit` stands in what it makes, and that the file is `source` once they
/// are taken out.
fn check_parts(source: &str, edit: &Edit) {
    let mut before = source.to_owned();
    let mut parts = Vec::new();
    for step in steps(source, edit) {
        let new = |section| new_keys(&before, &step.text, section).unwrap();
        let part = match (&new("services")[..], new("volumes")) {
            ([name], _) => Part::Service { name: name.clone() },
            (_, names) if names.is_empty() => Part::Section,
            (_, names) => Part::Volumes { names },
        };
        parts.push((part, step.traces));
        before = step.text;
    }
    let mut text = before;
    for (part, traces) in parts.iter().filter(|(part, _)| *part != Part::Section) {
        let state = part.state(&text, traces).unwrap();
        assert!(matches!(state, State::Standing(_)), "{part:?} is {state:?} in {text:?}");
    }
    parts.sort_by_key(|(part, _)| matches!(part, Part::Section));
    for (part, traces) in &parts {
        let State::Standing(edit) = part.state(&text, traces).unwrap() else {
            panic!("{part:?} in {text:?}")
        };
        text = edit.apply(&text);
    }
    assert_eq!(text, source);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn generated_files_gain_only_the_service(source in file()) {
        check(&source);
    }

    #[test]
    fn mutated_files_keep_the_laws(source in mutated(WHOLE, "{}[]:-#|>&*~?!\"' \n\r\té\u{feff}")) {
        check(&source);
    }

    #[test]
    fn arbitrary_text_never_panics(source in "\\PC*|[{}\\[\\]:\\-#|>&*~?!\"'a-c \r\n]*") {
        check(&source);
    }
}

#[test]
fn most_generated_files_are_edited() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let edited = (0..100)
        .filter(|_| {
            let source = file().new_tree(&mut runner).unwrap().current();
            add_service(&source, &QUEUE).is_ok_and(|edit| !edit.is_empty())
        })
        .count();
    assert!(edited > 20, "only {edited} of 100");
}
