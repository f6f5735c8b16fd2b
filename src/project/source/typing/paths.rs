//! What names, patterns and paths of types say by themselves.

use syn::Pat;

/// Methods of `Router` that give a `Router`.
pub(super) const ROUTER_METHODS: [&str; 15] = [
    "route",
    "route_service",
    "route_with_tsr",
    "route_service_with_tsr",
    "nest",
    "nest_service",
    "merge",
    "layer",
    "route_layer",
    "fallback",
    "fallback_service",
    "method_not_allowed_fallback",
    "with_state",
    "without_v07_checks",
    "reset_fallback",
];

/// The generic arguments of a path's last segment.
pub(super) fn generics(path: &syn::Path) -> Option<&syn::AngleBracketedGenericArguments> {
    match &path.segments.last()?.arguments {
        syn::PathArguments::AngleBracketed(list) => Some(list),
        _ => None,
    }
}

/// `Arc::new` and its like, through which a struct is used as if it stood there itself.
pub(super) fn is_pointer(path: &syn::Path) -> bool {
    let mut names = path.segments.iter().rev().map(|segment| segment.ident.to_string());
    names.next().as_deref() == Some("new")
        && matches!(names.next().as_deref(), Some("Arc" | "Rc" | "Box"))
}

/// True for a pattern that is `name` alone.
pub(super) fn binds_plainly(pattern: Option<&Pat>, name: &syn::Ident) -> bool {
    matches!(pattern, Some(Pat::Ident(pattern)) if pattern.ident == *name)
}
