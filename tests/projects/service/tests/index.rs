use service::routes::{AppState, router};
use service::settings::Settings;
use tower::ServiceExt;

#[tokio::test]
async fn the_index_answers() {
    let settings = Settings { port: 0, name: "ann".to_owned() };
    let app = router(AppState { name: settings.name });
    let request = axum::http::Request::get("/").body(axum::body::Body::empty()).unwrap();
    assert_eq!(app.oneshot(request).await.unwrap().status(), 200);
}
