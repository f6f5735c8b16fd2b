//! Which pages may open a connection: browsers let any page try, and send the user's cookies along.

use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;

/// Whether the page that asks is allowed. A request without an `Origin` does not come from a
/// browser, and is. Without a list the page must come from the host that it asks.
pub(super) fn is_allowed(parts: &Parts, list: &[String]) -> bool {
    let Some(origin) = parts.headers.get(ORIGIN) else {
        return true;
    };
    let origin = origin.to_str().unwrap_or_default().to_ascii_lowercase();
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false;
    };
    if !list.is_empty() {
        return list.iter().any(|entry| matches(entry, &origin));
    }
    let host = host(parts).unwrap_or_default().to_ascii_lowercase();
    !host.is_empty() && without_port(scheme, authority) == without_port(scheme, &host)
}

/// Whether an entry of the list has a form that can match.
pub(super) fn is_valid(entry: &str) -> bool {
    let authority = entry
        .split_once("://")
        .map_or("", |(_, authority)| authority);
    let authority = authority.trim_start_matches("*.");
    entry == "*" || !authority.is_empty() && !authority.contains(['/', '*', ' '])
}

fn matches(entry: &str, origin: &str) -> bool {
    let entry = entry.to_ascii_lowercase();
    match entry.split_once("*.") {
        Some((scheme, domain)) => {
            let rest = origin.strip_prefix(scheme).unwrap_or_default();
            let subdomain = rest.strip_suffix(domain).unwrap_or_default();
            subdomain.len() > 1 && subdomain.ends_with('.')
        }
        None => entry == "*" || entry == origin,
    }
}

fn host(parts: &Parts) -> Option<&str> {
    let header = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    header.or(parts.uri.host())
}

/// `authority` without the port that its scheme implies.
fn without_port<'a>(scheme: &str, authority: &'a str) -> &'a str {
    let port = if scheme == "https" { ":443" } else { ":80" };
    authority.strip_suffix(port).unwrap_or(authority)
}
