//! The end of the server.

use axum::routing::get;
use axum::serve;

use std::future;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::super::upgrade::router;
use super::super::{Close, Hub, WsConfig};
use super::Server;

#[tokio::test]
async fn a_shutdown_closes_everyone_over_the_configured_time() {
    let config = WsConfig {
        drain: Duration::from_millis(600),
        max_connections_per_client: 30,
        ..WsConfig::default()
    };
    let server = Server::start(config);
    let clients = join_all((0..30).map(|_| server.connect("ann"))).await;
    let start = Instant::now();
    let readers = clients.into_iter().map(|mut client| {
        tokio::spawn(async move {
            assert_eq!(client.close_code().await, Close::SERVICE_RESTART.code);
            start.elapsed()
        })
    });
    let readers: Vec<_> = readers.collect();
    server.hub.shutdown(Duration::from_secs(20)).await;
    assert_eq!(server.hub.connection_count(), 0);
    assert_eq!(server.try_connect("late").await.err(), Some(503));

    let mut times: Vec<Duration> = join_all(readers)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    times.sort_unstable();
    assert!(times[29] >= Duration::from_millis(400), "{times:?}");
}

#[tokio::test]
async fn a_shutdown_does_not_wait_longer_than_its_deadline() {
    let server = Server::start(WsConfig::default());
    let _deaf = server.connect("ann").await;
    let start = Instant::now();
    server.hub.shutdown(Duration::from_millis(300)).await;
    assert!(
        start.elapsed() < Duration::from_secs(3),
        "the goodbye of a deaf client takes 5 seconds"
    );
}

#[tokio::test]
async fn a_shutdown_in_the_future_of_the_signal_waits_for_no_request() {
    let hub = Hub::start(WsConfig::default());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let endless = get(future::pending::<()>);
    let app = router(hub.clone()).route("/events", endless);
    let server = Server { hub, address };

    let hub = server.hub.clone();
    let shutdown = async move {
        super::wait_until(|| hub.is_connected("ann")).await;
        hub.shutdown(Duration::from_secs(10)).await;
    };
    tokio::spawn(async move {
        let serving = serve(listener, app).with_graceful_shutdown(shutdown);
        serving.await.unwrap();
    });
    let mut events = TcpStream::connect(address).await.unwrap();
    let request = b"GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n";
    events.write_all(request).await.unwrap();
    let mut client = server.connect("ann").await;
    assert_eq!(client.close_code().await, Close::SERVICE_RESTART.code);
}
