//! Route paths: how axum joins them, and which of them cannot stand beside another.

/// `path` below `prefix`, as nesting joins them.
pub(super) fn join(prefix: &str, path: &str) -> String {
    match (prefix.trim_end_matches('/'), path) {
        ("", path) => path.to_owned(),
        (prefix, "/" | "") => prefix.to_owned(),
        (prefix, path) => format!("{prefix}/{}", path.trim_start_matches('/')),
    }
}

/// True when the route `existing` is the route `wanted` or lies right below it: mounting `wanted`
/// would panic at start, or take over what is there. What lies deeper behind a fixed segment is
/// another branch of the tree. Parameters match parameters whatever their name, as
/// the router's tree has it; a parameter or a wildcard where `wanted` has a fixed segment is
/// another branch of the tree and no obstacle.
pub(super) fn occupies(existing: &str, wanted: &str) -> bool {
    let mut existing = segments(existing);
    let is_below =
        segments(wanted).all(|wanted| existing.next().is_some_and(|own| is_same(own, wanted)));
    let is_apart =
        existing.next().is_some_and(|own| !is_parameter(own)) && existing.next().is_some();
    is_below && !is_apart
}

/// Other routes than `path`, beside it, the plainest first.
pub(super) fn beside(path: &str) -> impl Iterator<Item = String> {
    let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
    let (parent, last) = (parent.to_owned(), last.to_owned());
    (2..).map(move |number| format!("{parent}/{last}{number}"))
}

/// The last segment that is not a parameter, with its slash: no occupying route can be written
/// without it.
pub(super) fn needle(path: &str) -> String {
    segments(path)
        .filter(|segment| !is_parameter(segment))
        .last()
        .map_or_else(String::new, |last| format!("/{last}"))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn is_same(a: &str, b: &str) -> bool {
    a == b || (is_parameter(a) && is_parameter(b))
}

/// `{id}` and `{*path}` of axum 0.8, `:id` and `*path` of 0.7.
fn is_parameter(segment: &str) -> bool {
    segment.starts_with([':', '*']) || (segment.starts_with('{') && !segment.starts_with("{{"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_occupies_itself_and_what_is_above_it() {
        for (existing, wanted) in [
            ("/ws", "/ws"),
            ("/ws/", "/ws"),
            ("/ws/{room}", "/ws"),
            ("/ws/{*rest}", "/ws"),
            ("/ws/v1", "/ws"),
            ("/ws/{room}/join", "/ws"),
            ("/ws/v1", "/ws/v1"),
            ("/ws/{x}", "/ws/{client_id}"),
            ("/ws/:x", "/ws/{client_id}"),
            ("/api/ws", "/api/ws"),
        ] {
            assert!(occupies(existing, wanted), "{existing} {wanted}");
        }
        for (existing, wanted) in [
            ("/", "/ws"),
            ("/{*path}", "/ws"),
            ("/{id}", "/ws"),
            ("/:id", "/ws"),
            ("/wss", "/ws"),
            ("/ws/v1/user", "/ws"),
            ("/ws/v1/{id}/", "/ws"),
            ("/ws/v1/{*rest}", "/ws"),
            ("/api/ws", "/ws"),
            ("/ws", "/ws/{client_id}"),
            ("/api", "/api/ws"),
        ] {
            assert!(!occupies(existing, wanted), "{existing} {wanted}");
        }
    }

    #[test]
    fn another_route_is_beside_the_one_that_is_taken() {
        assert_eq!(beside("/ws").next().as_deref(), Some("/ws2"));
        assert_eq!(beside("/api/ws").nth(1).as_deref(), Some("/api/ws3"));
    }

    #[test]
    fn nested_paths_join_with_one_slash() {
        assert_eq!(join("", "/ws"), "/ws");
        assert_eq!(join("/api/", "/ws"), "/api/ws");
        assert_eq!(join("/api", "/"), "/api");
        assert_eq!(needle("/api/ws/{id}"), "/ws");
        assert_eq!(needle("/{id}"), "");
    }
}
