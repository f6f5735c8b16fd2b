use super::*;

fn stack(files: &[(&str, &str)]) -> Stack {
    let mut tree = Tree::default();
    files.iter().for_each(|(path, text)| tree.put(*path, *text));
    Stack::read(&tree, files[0].0).unwrap()
}

fn images(stack: &Stack) -> Vec<(&str, &str, &Image)> {
    stack
        .services
        .iter()
        .map(|seen| (seen.file.as_str(), seen.view.name.as_str(), &seen.view.image))
        .collect()
}

fn named(image: &str) -> Image {
    Image::Named(image.to_owned())
}

#[test]
fn an_override_and_included_files_add_up() {
    let stack = stack(&[
        (
            "api/compose.yaml",
            "include: [../infra/a.yml]\nservices:\n  queue: {build: ., ports: [\"1:1\"]}\n",
        ),
        ("api/compose.override.yml", "services:\n  queue: {image: queue, ports: [\"2:1\"]}\n"),
        (
            "infra/a.yml",
            "include:\n  - path: b.yml\nservices:\n  db: {image: db}\nvolumes:\n  data:\n",
        ),
        ("infra/b.yml", "include: [a.yml]\nservices:\n  cache: {image: cache}\n"),
    ]);
    let queue = named("queue");
    assert_eq!(
        images(&stack),
        [
            ("api/compose.yaml", "queue", &queue),
            ("infra/a.yml", "db", &named("db")),
            ("infra/b.yml", "cache", &named("cache"))
        ]
    );
    assert_eq!(stack.services[0].view.ports.len(), 2);
    assert_eq!(stack.services[0].view.ports[0].of(1), Some(compose::HostPort::Ports(2..=2)));
    assert_eq!((stack.volumes.as_slice(), stack.unread.len()), (&["data".to_owned()][..], 0));
}

#[test]
fn what_a_service_takes_over_is_its_own() {
    let stack = stack(&[
        (
            "compose.yaml",
            "services:\n  a: {extends: {file: x/base.yml, service: b}}\n  c: \
            {extends: {file: no.yml, service: q}}\n",
        ),
        (
            "x/base.yml",
            "services:\n  b: {extends: d}\n  d: {image: queue, ports: [\"5:6\"]}\n  other: \
            {image: other}\n",
        ),
    ]);
    let unknown = Image::Variable("q".to_owned());
    assert_eq!(
        images(&stack),
        [("compose.yaml", "a", &named("queue")), ("compose.yaml", "c", &unknown)]
    );
    assert_eq!(stack.services[0].view.ports.len(), 1);
    assert!(stack.unread.is_empty());
}

#[test]
fn what_cannot_be_read_is_named() {
    let stack = stack(&[
        (
            "deploy/dev.yaml",
            "include: [../../x.yml, gone.yml, https://example.org/c.yml, \"$A\", ../.git/config, \
            broken.yml]\n",
        ),
        ("deploy/broken.yml", "services: ["),
        ("deploy/compose.override.yaml", "services:\n  a: {image: a}\n"),
    ]);
    let named: Vec<&str> = stack.unread.iter().map(|(_, named)| named.as_str()).collect();
    let outside = [
        "../../x.yml",
        "https://example.org/c.yml",
        "a file that a variable names",
        "../.git/config",
    ];
    assert_eq!(named, [&outside[..], &["deploy/gone.yml", "deploy/broken.yml"]].concat());
    assert!(stack.services.is_empty());
}

#[test]
fn the_paths_to_look_at_are_those_that_the_known_files_name() {
    let mut tree = Tree::default();
    tree.put(
        "compose.yml",
        "include: [a.yml]\nservices:\n  a: {extends: {file: b.yml, service: c}}\n",
    );
    let found = paths(&tree, "compose.yml");
    for path in
        ["compose.yml", "compose.override.yaml", "docker-compose.override.yml", "a.yml", "b.yml"]
    {
        assert!(found.iter().any(|found| found == path), "{path} in {found:?}");
    }
    assert_eq!(paths(&tree, "other.yml"), ["other.yml"]);
}
