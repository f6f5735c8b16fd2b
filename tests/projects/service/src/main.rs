use anyhow::Context;
use service::{routes, settings::Settings};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt::init();
    let settings = Settings::from_env()?;
    let listener = TcpListener::bind(("127.0.0.1", settings.port)).await.context("cannot listen")?;
    let app = routes::router(routes::AppState { name: settings.name.clone() });
    axum::serve(listener, app).with_graceful_shutdown(shutdown()).await?;
    Ok(())
}

async fn shutdown() {
    let _ = tokio::signal::ctrl_c().await;
}
