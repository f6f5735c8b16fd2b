//! Clients that are silent, and clients that are not.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::time;

use super::super::{Close, WsConfig};
use super::Server;

/// Longer than a client may be silent here, which is three seconds.
const LONG: Duration = Duration::from_secs(4);

fn short() -> WsConfig {
    WsConfig {
        heartbeat_interval: Duration::from_secs(1),
        heartbeat_timeout: Duration::from_secs(2),
        ..WsConfig::default()
    }
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_closed() {
    let server = Server::start(short());
    let mut silent = server.connect("silent").await;
    // What is not read is not answered.
    server.wait_for_connections(0).await;
    assert_eq!(silent.close_code().await, Close::HEARTBEAT_TIMEOUT.code);
}

#[tokio::test]
async fn a_client_that_answers_pings_stays() {
    let server = Server::start(short());
    let mut client = server.connect("ann").await;
    let reading = async { while client.socket.next().await.is_some() {} };
    let ended = time::timeout(LONG, reading).await;
    assert!(ended.is_err(), "the connection ended");
    assert!(server.hub.is_connected("ann"));
}

#[tokio::test]
async fn a_client_that_talks_needs_no_pong() {
    let server = Server::start(short());
    let mut client = server.connect("ann").await;
    for _ in 0..8 {
        client.send(json!({"type": "pong"})).await;
        time::sleep(LONG / 8).await;
    }
    client.receives_nothing().await;
}

#[tokio::test]
async fn a_client_that_takes_long_to_send_one_message_is_not_silent() {
    let server = Server::start(short());
    let mut client = server.connect("ann").await;
    let text = json!({"type": "ping", "padding": "x".repeat(1000)}).to_string();
    let length = u16::try_from(text.len()).unwrap().to_be_bytes();
    let (masked_text, mask) = ([0x81, 0xFE], [0; 4]);
    let frame = [&masked_text[..], &length, &mask, text.as_bytes()].concat();
    for part in frame.chunks(frame.len().div_ceil(8)) {
        let stream = client.socket.get_mut();
        stream.write_all(part).await.unwrap();
        time::sleep(LONG / 8).await;
    }
    client.receive("pong").await;
}
