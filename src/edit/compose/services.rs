//! The services of a compose file, through aliases and merges.

use super::image;
use super::yaml::{Mapping, Node, Value};

/// How many aliases and merges are followed: an alias may stand inside of what it names.
const MAX_DEPTH: usize = 8;

/// Key of the first service that runs one of `images`.
pub(super) fn running(root: &Node, images: &[&str]) -> Option<String> {
    let services = resolve(root, lookup(root, root.as_mapping()?, "services", MAX_DEPTH)?, MAX_DEPTH)?.as_mapping()?;
    entries(root, services, MAX_DEPTH).into_iter().find_map(|(key, service)| {
        let service = resolve(root, service, MAX_DEPTH)?.as_mapping()?;
        let image = resolve(root, lookup(root, service, "image", MAX_DEPTH)?, MAX_DEPTH)?.as_str()?;
        images.contains(&image::name(image).as_str()).then(|| key.to_owned())
    })
}

/// The keys of the mapping under the top-level key `section`.
pub(super) fn keys<'n>(root: &'n Node, section: &str) -> Vec<&'n str> {
    let mapping = root
        .as_mapping()
        .and_then(|top| lookup(root, top, section, MAX_DEPTH))
        .and_then(|value| resolve(root, value, MAX_DEPTH))
        .and_then(Node::as_mapping);
    mapping.map_or_else(Vec::new, |mapping| entries(root, mapping, MAX_DEPTH).into_iter().map(|(key, _)| key).collect())
}

/// The node that `node` is or stands for.
fn resolve<'n>(root: &'n Node, node: &'n Node, depth: usize) -> Option<&'n Node> {
    match node.value {
        Value::Alias(anchor) => resolve(root, root.anchored(anchor)?, depth.checked_sub(1)?),
        _ => Some(node),
    }
}

fn lookup<'n>(root: &'n Node, mapping: &'n Mapping, key: &str, depth: usize) -> Option<&'n Node> {
    mapping.get(key).or_else(|| {
        merged(root, mapping, depth).into_iter().find_map(|base| lookup(root, base, key, depth.checked_sub(1)?))
    })
}

/// The entries of `mapping`, then those merged into it.
fn entries<'n>(root: &'n Node, mapping: &'n Mapping, depth: usize) -> Vec<(&'n str, &'n Node)> {
    let mut found: Vec<_> = mapping.entries.iter().filter_map(|(key, value)| Some((key.as_str()?, value))).collect();
    if let Some(depth) = depth.checked_sub(1) {
        for base in merged(root, mapping, depth) {
            found.extend(entries(root, base, depth));
        }
    }
    found
}

/// The mappings that `<<` names.
fn merged<'n>(root: &'n Node, mapping: &'n Mapping, depth: usize) -> Vec<&'n Mapping> {
    let Some(merge) = mapping.get("<<").and_then(|merge| resolve(root, merge, depth)) else {
        return Vec::new();
    };
    match &merge.value {
        Value::Mapping(base) => vec![base],
        Value::Sequence(bases) => bases.iter().filter_map(|base| resolve(root, base, depth)?.as_mapping()).collect(),
        _ => Vec::new(),
    }
}
