use axum::{routing::get, Router};
use clap::Parser;

/// A service.
#[derive(Debug, Parser)]
struct Config {
    /// Port to listen on.
    #[arg(long, env = "PORT", default_value_t = 3000)]
    port: u16,
}

#[tokio::main]
async fn main() {
    let config = Config::parse();
    let app = Router::new().route("/", get(|| async { "hello" }));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", config.port)).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
