//! Every form of a compose file, with exact bytes.

use super::super::RefusalKind;
use super::*;

const IMAGES: &[&str] = &["queue", "valkey/valkey"];

const QUEUE: Service = Service {
    name: "queue",
    images: IMAGES,
    body: "image: queue:7\nports:\n  - \"6379:6379\"\n",
    volumes: &["data"],
    taken: &[],
};

fn added(source: &str) -> String {
    add_service(source, &QUEUE)
        .unwrap_or_else(|refusal| panic!("{refusal:?} for {source}"))
        .apply(source)
}

fn check(before: &str, after: &str) {
    assert_eq!(added(before), after);
    assert_eq!(added(after), after);
}

/// Checks the edit of `before` with each line ending, with and without a byte order mark.
fn check_all(before: &str, after: &str) {
    check(before, after);
    check(&format!("\u{feff}{before}"), &format!("\u{feff}{after}"));
    check(&before.replace('\n', "\r\n"), &after.replace('\n', "\r\n"));
}

#[test]
fn a_file_without_services_gets_them() {
    let whole = "services:\n  queue:\n    image: queue:7\n    ports:\n      - \"6379:6379\"\n\n\
        volumes:\n  data:\n";
    check("", whole);
    check_all("# ours\n", &format!("# ours\n\n{whole}"));
    check("---\n", &format!("---\n\n{whole}"));
    check_all("name: app\n", &format!("name: app\n\n{whole}"));
    check("---\nname: app\n...\n", &format!("---\nname: app\n\n{whole}...\n"));
    check("name: app", &format!("name: app\n\n{}", whole.trim_end()));
    check_all("services:\n", whole);
    check_all("services: {} # none\n", &whole.replacen(':', ": # none", 1));
    check_all("services: ~\n\nvolumes: { }\n", whole);
    check(
        "volumes: null\nservices:",
        "volumes:\n  data:\nservices:\n  queue:\n    image: queue:7\n    ports:\n      \
        - \"6379:6379\"",
    );
}

#[test]
fn a_service_follows_the_last_one_in_the_files_own_indent() {
    check_all(
        "services:\n    web:\n        image: a # web\n\nvolumes:\n    pg:\n",
        "services:\n    web:\n        image: a # web\n    queue:\n        image: queue:7\n        ports:\n            - \"6379:6379\"\n\n\
         volumes:\n    pg:\n    data:\n",
    );
    check_all(
        "volumes: { data: {} }\nservices:\n   web:\n      build: .\n\n   db:\n      image: b\n",
        "volumes: { data: {} }\nservices:\n   web:\n      build: .\n\n   db:\n      image: b\n\n   queue:\n      image: queue:7\n      \
         ports:\n         - \"6379:6379\"\n",
    );
    check_all(
        "services:\n  web: {image: a}\nvolumes: {pg: {}, other: }\n",
        "services:\n  web: {image: a}\n  queue:\n    image: queue:7\n    ports:\n      \
        - \"6379:6379\"\nvolumes: {data: {}, pg: {}, other: }\n",
    );
}

#[test]
fn comments_stay_with_what_they_comment() {
    check_all(
        "services:\n  web:\n    image: a\n    # ports:\n\n  # cache:\n  #   image: b\n\n# storage\n\
        volumes:\n  # pg:\n\n# end\n",
        "services:\n  web:\n    image: a\n    # ports:\n\n  # cache:\n  #   image: b\n  queue:\n    image: queue:7\n    ports:\n      \
         - \"6379:6379\"\n\n# storage\nvolumes:\n  # pg:\n  data:\n\n# end\n",
    );
    check_all(
        "services:\n  web:\n    image: a\n\n#   storage\nvolumes: {data: {}}\n",
        "services:\n  web:\n    image: a\n  queue:\n    image: queue:7\n    ports:\n      - \"6379:6379\"\n\n\
         #   storage\nvolumes: {data: {}}\n",
    );
    check_all(
        "services:\n  web:\n    image: a\n#    ports:\n#      - 80\nvolumes:\n  data:\n",
        "services:\n  web:\n    image: a\n#    ports:\n#      - 80\n  queue:\n    image: queue:7\n    ports:\n      - \"6379:6379\"\n\
         volumes:\n  data:\n",
    );
}

#[test]
fn a_block_scalar_at_the_end_stays_at_the_end() {
    let queue = "  queue:\n    image: queue:7\n    ports:\n      - \"6379:6379\"\n";
    check(
        "# app\nservices:\n  # web\n  web:\n    command: |\n      a",
        &format!(
            "volumes:\n  data:\n\n# app\nservices:\n{queue}  # web\n  web:\n    command: |\n      a"
        ),
    );
    check(
        "volumes: {data: }\nservices:\n  web:\n    command: |-\n      a",
        &format!(
            "volumes: {{data: }}\nservices:\n  web:\n    command: |-\n      a\n{}",
            queue.trim_end()
        ),
    );
    check(
        "services:\n  web:\n    command: |-\n      a\n\n\n",
        &format!("services:\n  web:\n    command: |-\n      a\n{queue}\nvolumes:\n  data:\n\n\n"),
    );
    check(
        "services:\n  web:\n    command: |+\n      a\n\nvolumes: {data: }\n",
        &format!("services:\n  web:\n    command: |+\n      a\n\n{queue}volumes: {{data: }}\n"),
    );
}

#[test]
fn a_service_is_found_by_its_image() {
    for source in [
        "services:\n  cache:\n    image: docker.io/valkey/valkey:8\n",
        "{\"services\": {\"cache\": {\"image\": \"queue\"}}}",
        "x-base: &base\n  image: queue:7\nservices:\n  web:\n    build: .\n  cache:\n    <<: \
        *base\n",
        "x-a: &a\n  image: queue\nx-b: &b\n  restart: always\nservices:\n  cache:\n    <<: [*b, \
        *a]\n",
        "x-base: &base {image: queue}\nservices:\n  cache: *base\n",
        "x-image: &image queue:7\nservices:\n  cache:\n    image: *image\n",
        "x-all: &all\n  cache: {image: queue}\nservices:\n  <<: *all\n  web: {build: .}\n",
    ] {
        assert_eq!(find_service(source, IMAGES).unwrap().as_deref(), Some("cache"), "{source}");
        assert!(add_service(source, &QUEUE).unwrap().is_empty());
    }
    for source in [
        "",
        "services:\n",
        "services:\n  queue:\n    image: my/queue\n",
        "# queue\n",
        "services: [queue]\n",
        "- a\n",
    ] {
        assert_eq!(find_service(source, IMAGES), Ok(None), "{source}");
    }
    let cyclic = "services:\n  web: &web\n    <<: *web\n    build: .\n";
    assert_eq!(find_service(cyclic, IMAGES), Ok(None));
}

#[test]
fn a_taken_key_gets_a_number() {
    let before = "x-more: &more\n  queue-2: {image: b}\nservices:\n  <<: *more\n  queue:\n    \
        image: mine\nvolumes:\n  data:\n";
    let after = "x-more: &more\n  queue-2: {image: b}\nservices:\n  <<: *more\n  queue:\n    image: mine\n  queue-3:\n    image: queue:7\n    \
                 ports:\n      - \"6379:6379\"\nvolumes:\n  data:\n";
    check_all(before, after);
    assert_eq!(find_service(after, IMAGES).unwrap().as_deref(), Some("queue-3"));
}

#[test]
fn what_is_not_certain_is_refused() {
    let cases = [
        ("a: 1\n---\nb: 1\n", "---", "the file holds several documents"),
        ("services:\n  a: {}\n  a: {}\n", "a", "the key `a` stands twice"),
        ("x-a: &a {}\nservices: *a\n", "*a", "`services` is an alias"),
        ("services: web\n", "web", "`services` is not a mapping"),
        ("services:\n- web\n", "web", "`services` is not a mapping"),
        ("services: {web: {}}\n", "{web: {}}", "`services` is written in braces"),
        (
            "services: &all\n  web: {}\n",
            "web: {}",
            "`services` is anchored, so an entry there may appear elsewhere too",
        ),
        ("{services: {}}", "{services: {}}", "the top of the file is not a mapping in lines"),
        ("&a\n", "", "the top of the file is not a mapping in lines"),
        ("- a\n", "- a", "the top of the file is not a mapping in lines"),
        (
            "? services\n: web: {}\n",
            "? services\n: web: {}",
            "the top of the file is not a mapping in lines",
        ),
        (
            "x-a: &a {}\n<<: *a\n",
            "<<",
            "`services` may come from a merge, which a new one would hide",
        ),
    ];
    for (source, at, reason) in cases {
        let refusal = add_service(source, &QUEUE).expect_err(source);
        assert_eq!(
            (refusal.kind, refusal.reason.as_str()),
            (RefusalKind::Unsafe, reason),
            "{source}"
        );
        assert_eq!(&source[refusal.at], at, "{source}");
    }
}

#[test]
fn a_service_that_would_not_arrive_as_it_is_is_refused() {
    let wide = "services:\n    web:\n        build: .\n";
    for wrong in [
        Service { body: "image: postgres", ..QUEUE },
        Service { body: "image: [", ..QUEUE },
        Service { volumes: &["data:\nother"], ..QUEUE },
        Service { body: "image: queue\ncommand: |2\n    a\n  b\n", ..QUEUE },
    ] {
        assert_eq!(add_service(wide, &wrong).expect_err(wrong.body).kind, RefusalKind::Unsafe);
    }
    let shadowing = Service { body: "image: queue\nrestart: &a always", ..QUEUE };
    let aliased = "services:\n  web: {build: .}\nx-a: &b no\nx-b: *b\n";
    assert_eq!(
        add_service(aliased, &shadowing).expect_err("hidden anchor").kind,
        RefusalKind::Unsafe
    );
}

#[test]
fn what_is_broken_is_shown() {
    let cases = [
        ("services: [\n", 10, "unclosed bracket '['"),
        ("services:\n\tweb:\n", 11, "tabs disallowed within this context (block indentation)"),
        ("services: *all\n", 10, "while parsing node, found unknown anchor"),
    ];
    for (source, at, reason) in cases {
        let refusal = add_service(source, &QUEUE).expect_err(source);
        assert_eq!(refusal, Refusal::malformed(at..at, reason), "{source}");
        assert_eq!(find_service(source, IMAGES), Err(refusal));
    }
}
