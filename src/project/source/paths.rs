//! Route paths: how axum joins them, and which of them cannot stand beside another.

/// `path` below `prefix`, as nesting joins them.
pub(super) fn join(prefix: &str, path: &str) -> String {
    match (prefix.trim_end_matches('/'), path) {
        ("", path) => path.to_owned(),
        (prefix, "/" | "") => prefix.to_owned(),
        (prefix, path) => format!("{prefix}/{}", path.trim_start_matches('/')),
    }
}

/// True when the route `existing` is the route `wanted` or lies below it: mounting `wanted` would
/// panic at start, or take over what is there. Parameters match parameters whatever their name, as
/// the router's tree has it; a parameter or a wildcard where `wanted` has a fixed segment is
/// another branch of the tree and no obstacle.
pub(super) fn occupies(existing: &str, wanted: &str) -> bool {
    let mut existing = segments(existing);
    segments(wanted).all(|wanted| existing.next().is_some_and(|own| is_same(own, wanted)))
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
            ("/api/ws", "/ws"),
            ("/ws", "/ws/{client_id}"),
            ("/api", "/api/ws"),
        ] {
            assert!(!occupies(existing, wanted), "{existing} {wanted}");
        }
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
