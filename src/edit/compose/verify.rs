//! The check of an edit before it is handed out: the result is parsed again and compared.

use super::super::{Edit, Outcome, Refusal};
use super::services::running;
use super::yaml::{self, Mapping, Node, Value};
use super::{Service, missing_volumes};

/// Hands out `edit` when the result holds the service under `name`, the volumes, and all that was
/// there before.
pub(super) fn verify(
    source: &str,
    before: Option<&Node>,
    service: &Service,
    name: &str,
    edit: Edit,
) -> Outcome {
    let first = edit.splices().first().map_or(0..0, |splice| splice.range.clone());
    let failed = |what: &str| {
        Refusal::not_safe(first.clone(), format!("the file {what} with `{name}` added here"))
    };
    let after = yaml::parse(&edit.apply(source)).map_err(|_| failed("would not parse"))?;
    let body = yaml::parse(service.body).map_err(|_| failed("would not be valid"))?;
    match (&after.roots[..], &body.roots[..]) {
        ([after], [body]) if holds(before, after.clone(), body, service, name) => Ok(edit),
        _ => Err(failed("would not say what is meant")),
    }
}

/// True when `after`, without the service `name` and the new volumes, is `before`.
fn holds(
    before: Option<&Node>,
    mut after: Node,
    body: &Node,
    service: &Service,
    name: &str,
) -> bool {
    let found = running(&after, service.images).as_deref() == Some(name);
    let volumes = before.map_or_else(
        || service.volumes.to_vec(),
        |before| missing_volumes(before, service.volumes),
    );
    let added =
        take(&mut after, "services", name).is_some_and(|service| service.value == body.value);
    let stored = volumes.iter().all(|volume| take(&mut after, "volumes", volume).is_some());
    let mut before = before.cloned().unwrap_or_else(|| empty(&after));
    drop_empty(&mut before);
    drop_empty(&mut after);
    found && added && stored && before == after
}

fn empty(like: &Node) -> Node {
    Node { value: Value::Mapping(Mapping { flow: false, entries: Vec::new() }), ..like.clone() }
}

pub(super) fn take(root: &mut Node, section: &str, key: &str) -> Option<Node> {
    let section = entries(root)?.iter_mut().find(|(name, _)| name.as_str() == Some(section))?;
    let entries = entries(&mut section.1)?;
    let index = entries.iter().position(|(name, _)| name.as_str() == Some(key))?;
    Some(entries.remove(index).1)
}

fn entries(node: &mut Node) -> Option<&mut Vec<(Node, Node)>> {
    match &mut node.value {
        Value::Mapping(mapping) => Some(&mut mapping.entries),
        _ => None,
    }
}

/// Takes away `services` and `volumes` where they hold nothing, which they may do in several forms.
pub(super) fn drop_empty(root: &mut Node) {
    let holds = |value: &Node| match &value.value {
        Value::Null => false,
        Value::Mapping(mapping) => !mapping.entries.is_empty(),
        _ => true,
    };
    if let Some(entries) = entries(root) {
        entries.retain(|(key, value)| {
            !matches!(key.as_str(), Some("services" | "volumes")) || holds(value)
        });
    }
}
