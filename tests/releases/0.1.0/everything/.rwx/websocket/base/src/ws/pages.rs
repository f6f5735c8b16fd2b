//! What browsers load: the client and the demo page.

use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use axum::Router;

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::hub::Hub;
use super::ids;
use super::refusal::Refusal;
use super::upgrade::ROUTE;

const CLIENT: &str = include_str!("client.js");

const DEMO: &str = include_str!("demo.html");

/// The routes of these files.
pub(super) fn routes() -> Router<Hub> {
    Router::new()
        .route(&format!("{ROUTE}/client.js"), get(client))
        .route(&format!("{ROUTE}/demo"), get(demo))
}

/// The client. A browser keeps it and asks each time whether it is still the same.
async fn client(headers: HeaderMap) -> Response {
    let mut hasher = DefaultHasher::new();
    CLIENT.hash(&mut hasher);
    let etag = format!("\"{:016x}\"", hasher.finish());
    let caching = [(CACHE_CONTROL, "no-cache"), (ETAG, &etag)];
    let known = headers.get(IF_NONE_MATCH);
    if known.is_some_and(|known| *known == etag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let kind = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (caching, kind, CLIENT).into_response()
}

/// The demo page, which may load and run what it has and what this server has, and nothing else.
async fn demo(State(hub): State<Hub>) -> Result<impl IntoResponse, Refusal> {
    let nonce = ids::secret()?;
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'nonce-{nonce}'; \
         connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let auth = hub.config().auth.name();
    let page = DEMO.replace("$NONCE", &nonce).replace("$AUTH", auth);
    let headers = [
        (CACHE_CONTROL, "no-store".to_owned()),
        (CONTENT_SECURITY_POLICY, policy),
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (REFERRER_POLICY, "no-referrer".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, page))
}
