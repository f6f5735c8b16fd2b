//! app: an axum service.

pub mod settings;
pub mod ws;

use axum::{Router, routing::get};

/// All routes of the service.
pub fn router() -> Router {
    Router::new().route("/health", get(health))
}

/// Answers as long as the service runs.
async fn health() -> &'static str {
    "ok"
}
