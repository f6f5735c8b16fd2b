mod settings;

use axum::{routing::get, Router};
use settings::Settings;

#[tokio::main]
async fn main() {
    let settings = Settings::new().expect("settings");
    let app = Router::new().route("/", get(|| async { "hello" }));
    let listener = tokio::net::TcpListener::bind((settings.server.host.as_str(), settings.server.port)).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
