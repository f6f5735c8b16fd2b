//! The services of a compose file, through aliases and merges.

use std::collections::HashSet;
use std::ptr;

use super::image;
use super::yaml::{Mapping, Node, Value};

/// How many aliases of aliases are followed: an alias may stand inside of what it names.
const MAX_DEPTH: usize = 8;

/// Key of the first service that runs one of `images`.
pub(super) fn running(root: &Node, images: &[&str]) -> Option<String> {
    entries(root, section(root, "services")?).into_iter().find_map(|(key, service)| {
        let service = resolve(root, service)?.as_mapping()?;
        let image = resolve(root, lookup(root, service, "image")?)?.as_str()?;
        images.contains(&image::name(image).as_str()).then(|| key.as_str().map(str::to_owned))?
    })
}

/// The mapping under the top-level key `key`.
pub(super) fn section<'n>(root: &'n Node, key: &str) -> Option<&'n Mapping> {
    resolve(root, lookup(root, root.as_mapping()?, key)?)?.as_mapping()
}

/// The keys of the mapping under the top-level key `key`.
pub(super) fn keys<'n>(root: &'n Node, key: &str) -> Vec<&'n str> {
    let entries = section(root, key).map(|mapping| entries(root, mapping)).unwrap_or_default();
    entries.into_iter().filter_map(|(key, _)| key.as_str()).collect()
}

/// The node that `node` is or stands for.
pub(super) fn resolve<'n>(root: &'n Node, node: &'n Node) -> Option<&'n Node> {
    let mut node = node;
    for _ in 0..MAX_DEPTH {
        match node.value {
            Value::Alias(anchor) => node = root.anchored(anchor)?,
            _ => return Some(node),
        }
    }
    None
}

/// The value under `key`, also where a merge brings it.
pub(super) fn lookup<'n>(root: &'n Node, mapping: &'n Mapping, key: &str) -> Option<&'n Node> {
    with_merged(root, mapping).into_iter().find_map(|mapping| mapping.get(key))
}

/// The entries of `mapping` whose keys are text, then those merged into it.
pub(super) fn entries<'n>(root: &'n Node, mapping: &'n Mapping) -> Vec<(&'n Node, &'n Node)> {
    let all = with_merged(root, mapping).into_iter().flat_map(|mapping| &mapping.entries);
    all.filter(|(key, _)| key.as_str().is_some()).map(|(key, value)| (key, value)).collect()
}

/// `mapping`, then the mappings that `<<` brings into it, each once.
fn with_merged<'n>(root: &'n Node, mapping: &'n Mapping) -> Vec<&'n Mapping> {
    let mut all: Vec<&Mapping> = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![mapping];
    while let Some(next) = open.pop() {
        if seen.insert(ptr::from_ref(next)) {
            all.push(next);
            open.extend(merged(root, next).into_iter().rev());
        }
    }
    all
}

/// The mappings that `<<` names.
fn merged<'n>(root: &'n Node, mapping: &'n Mapping) -> Vec<&'n Mapping> {
    let Some(merge) = mapping.get("<<").and_then(|merge| resolve(root, merge)) else {
        return Vec::new();
    };
    match &merge.value {
        Value::Mapping(base) => vec![base],
        Value::Sequence(bases) => {
            bases.iter().filter_map(|base| resolve(root, base)?.as_mapping()).collect()
        }
        _ => Vec::new(),
    }
}
