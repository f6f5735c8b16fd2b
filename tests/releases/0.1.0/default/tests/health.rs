//! The health route, called without a socket.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use tower::ServiceExt;

#[tokio::test]
async fn the_service_answers() -> anyhow::Result<()> {
    let request = Request::get("/health").body(Body::empty())?;
    let response = app::router().oneshot(request).await?;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(to_bytes(response.into_body(), 16).await?, "ok");
    Ok(())
}
