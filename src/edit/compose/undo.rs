//! Entries of a compose file as they stand today, what taking one away means, and who else uses it.

use std::collections::HashSet;
use std::ops::Range;

use super::super::Refusal;
use super::verify::{drop_empty, take};
use super::yaml::{self, Node, Value};

/// Where the entry `key` below the top-level key `section` stands.
///
/// # Errors
/// As [`super::find_service`].
pub fn find_key(source: &str, section: &str, key: &str) -> Result<Vec<Range<usize>>, Refusal> {
    let document = yaml::parse(source)?;
    let entries = document.roots.iter().flat_map(|root| section_of(root, section));
    let own = entries.filter(|(name, _)| name.as_str() == Some(key));
    Ok(own.map(|(name, value)| name.span.start..name.span.end.max(value.span.end)).collect())
}

/// The entries below the top-level key `section` that `after` has and `before` has not.
///
/// # Errors
/// As [`super::find_service`].
pub fn new_keys(before: &str, after: &str, section: &str) -> Result<Vec<String>, Refusal> {
    let mut keys = keys(after, section)?;
    let old = self::keys(before, section)?;
    keys.retain(|key| !old.contains(key));
    Ok(keys)
}

fn keys(source: &str, section: &str) -> Result<Vec<String>, Refusal> {
    let document = yaml::parse(source)?;
    let entries = document.roots.iter().flat_map(|root| section_of(root, section));
    Ok(entries.filter_map(|(name, _)| name.as_str().map(str::to_owned)).collect())
}

/// True when the files say the same but for the entries `keys` of `section`.
pub fn differ_by(with: &str, without: &str, section: &str, keys: &[String]) -> bool {
    let (Ok(with), Ok(without)) = (yaml::parse(with), yaml::parse(without)) else { return false };
    let (mut with, mut without) = (with.roots, without.roots);
    for key in keys {
        with.iter_mut().find_map(|root| take(root, section, key));
    }
    for roots in [&mut with, &mut without] {
        roots.iter_mut().for_each(drop_empty);
        roots.retain(|root| {
            !root.is_nothing() && root.as_mapping().is_none_or(|top| !top.entries.is_empty())
        });
    }
    with == without
}

/// The services other than `name` whose text, also behind aliases, has `name` as a word outside of
/// their image: as a host, a dependency, a link.
///
/// # Errors
/// As [`super::find_service`].
pub fn users_of(source: &str, name: &str) -> Result<Vec<String>, Refusal> {
    let document = yaml::parse(source)?;
    let services = document
        .roots
        .iter()
        .flat_map(|root| section_of(root, "services").iter().map(move |entry| (root, entry)));
    let others = services.filter(|(_, (key, _))| key.as_str() != Some(name));
    let users = others
        .filter(|(root, (_, service))| Search { root, name, seen: HashSet::new() }.is_in(service));
    Ok(users.filter_map(|(_, (key, _))| key.as_str().map(str::to_owned)).collect())
}

fn section_of<'n>(root: &'n Node, section: &str) -> &'n [(Node, Node)] {
    let mapping = root.as_mapping().and_then(|top| top.get(section)).and_then(Node::as_mapping);
    mapping.map_or(&[], |mapping| &mapping.entries)
}

/// The search for a service's name.
struct Search<'n> {
    root: &'n Node,
    name: &'n str,
    /// The anchors that were looked into.
    seen: HashSet<usize>,
}

impl Search<'_> {
    fn is_in(&mut self, node: &Node) -> bool {
        match &node.value {
            Value::Scalar(text) => has_word(text, self.name),
            Value::Sequence(items) => items.iter().any(|item| self.is_in(item)),
            Value::Mapping(mapping) => mapping
                .entries
                .iter()
                .filter(|(key, _)| key.as_str() != Some("image"))
                .any(|(key, value)| self.is_in(key) || self.is_in(value)),
            Value::Alias(anchor) => {
                self.seen.insert(*anchor)
                    && self.root.anchored(*anchor).is_some_and(|node| self.is_in(node))
            }
            Value::Null => false,
        }
    }
}

fn has_word(text: &str, word: &str) -> bool {
    let in_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == '.';
    // `queue://` is a way to talk, and `queue` in it no host.
    text.match_indices(word).any(|(at, _)| {
        let rest = &text[at + word.len()..];
        !text[..at].ends_with(in_name) && !rest.starts_with(in_name) && !rest.starts_with("://")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_used_by_what_names_it() {
        for user in [
            "depends_on: [queue]",
            "depends_on: {queue: {condition: service_healthy}}",
            "links: ['queue:cache']",
            "environment: [WS_QUEUE_URL=queue://queue:6379]",
            "environment: {URL: \"queue://:secret@queue/0\"}",
            "network_mode: service:queue",
            "extends: {service: queue}",
            "command: wait-for queue 6379",
        ] {
            let source = format!("services:\n  queue: {{image: queue}}\n  web: {{{user}}}\n");
            assert_eq!(users_of(&source, "queue").unwrap(), ["web"], "{user}");
            let services = "services:\n  queue: {image: queue}\n  web: {<<: [*all]}\n";
            let source = format!("x-app: &app {{{user}}}\nx-all: &all\n  <<: *app\n{services}");
            assert_eq!(users_of(&source, "queue").unwrap(), ["web"], "{user} behind an anchor");
        }
        let later = "services:\n  queue: {image: queue}\n---\nservices:\n  web: {links: [queue]}\n";
        assert_eq!(users_of(later, "queue").unwrap(), ["web"]);
        let own = "services:\n  queue: &queue {image: queue, links: [*queue, queue]}\n  web: \
            {image: web}\n";
        assert!(users_of(own, "queue").unwrap().is_empty());
        for other in [
            "image: queue:7",
            "environment: [URL=queue://cache:6379]",
            "volumes: ['queue-data:/data']",
        ] {
            let source = format!("services:\n  queue: {{image: queue}}\n  web: {{{other}}}\n");
            assert!(users_of(&source, "queue").unwrap().is_empty(), "{other}");
        }
    }
}
