//! What browsers load: the client.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use axum::Router;

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::hub::Hub;
use super::upgrade::ROUTE;

const CLIENT: &str = include_str!("client.js");

/// The routes of these files.
pub(super) fn routes() -> Router<Hub> {
    Router::new().route(&format!("{ROUTE}/client.js"), get(client))
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
