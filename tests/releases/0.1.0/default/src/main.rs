//! The service: logging, listening, graceful shutdown.

use std::net::SocketAddr;

use anyhow::Context;
use axum::serve::ListenerExt;
use tokio::{net::TcpListener, signal};
use tracing_subscriber::EnvFilter;

use app::settings::Settings;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::from_env()?;
    let filter = EnvFilter::try_new(&settings.rust_log).context("RUST_LOG is not a filter")?;
    tracing_subscriber::fmt().with_env_filter(filter).init();

    let listener = TcpListener::bind((settings.host, settings.port))
        .await
        .with_context(|| format!("cannot listen on {}:{}", settings.host, settings.port))?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    // Small answers leave at once instead of waiting for more to send.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!("TCP_NODELAY cannot be set: {error}");
        }
    });

    let app = app::router();
    let hub = app::ws::Hub::start(settings.ws.clone());
    let app = app.merge(app::ws::router(hub.clone()));
    axum::serve(
        listener,
        app.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(shutdown())
    .await?;
    hub.shutdown(std::time::Duration::from_secs(10)).await;
    Ok(())
}

/// Resolves when the process is asked to stop: Ctrl-C, or SIGTERM on Unix.
async fn shutdown() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => stream.recv().await,
            Err(_) => std::future::pending().await,
        };
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
