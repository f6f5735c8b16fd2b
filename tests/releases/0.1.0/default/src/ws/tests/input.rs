//! Input that nobody asked for, and how much of it.

use std::time::Duration;

use serde_json::json;
use tokio::time::{self, MissedTickBehavior};
use tokio_tungstenite::tungstenite::protocol::Message;

use super::super::{Close, WsConfig};
use super::Server;

#[tokio::test]
async fn bad_messages_are_answered_and_the_connection_goes_on() {
    let server = Server::start(WsConfig::default());
    let mut client = server.connect("ann").await;
    for (input, code) in [
        ("not json", "invalid_json"),
        ("", "invalid_json"),
        ("{\"type\": \"ping\"", "invalid_json"),
        ("[1]", "invalid_message"),
        ("[\"ping\"]", "invalid_message"),
        ("1", "invalid_message"),
        ("{}", "invalid_message"),
        ("{\"type\": 3}", "invalid_message"),
        ("{\"type\": \"no such type\"}", "invalid_message"),
        ("{\"type\": \"join_room\"}", "invalid_message"),
        ("{\"type\": \"message\", \"text\": 1}", "invalid_message"),
    ] {
        client.send_raw(Message::text(input)).await;
        assert_eq!(client.receive("error").await["code"], code, "{input}");
    }
    client
        .send_raw(Message::binary(vec![0, 159, 146, 150]))
        .await;
    assert_eq!(client.receive("error").await["code"], "unsupported_data");
    client.receives_nothing().await;
    drop(client);
    server.wait_for_connections(0).await;
}

#[tokio::test]
async fn a_message_over_the_limit_closes() {
    let server = Server::start(WsConfig {
        max_message_bytes: 1000,
        ..WsConfig::default()
    });
    let mut client = server.connect("ann").await;
    let padding = 1000 - json!({"type": "ping", "padding": ""}).to_string().len();
    client
        .send(json!({"type": "ping", "padding": "x".repeat(padding)}))
        .await;
    client.receive("pong").await;
    client
        .send(json!({"type": "ping", "padding": "x".repeat(padding + 1)}))
        .await;
    assert_eq!(client.close_code().await, Close::MESSAGE_TOO_BIG.code);
    server.wait_for_connections(0).await;
}

#[tokio::test]
async fn a_message_that_no_read_takes_whole_closes_as_well() {
    let server = Server::start(WsConfig::default());
    let mut client = server.connect("ann").await;
    client.send_raw(Message::text("x".repeat(70 * 1024))).await;
    assert_eq!(client.close_code().await, Close::MESSAGE_TOO_BIG.code);
    server.wait_for_connections(0).await;
}

#[tokio::test]
async fn an_oversized_message_in_fragments_closes() {
    use tokio_tungstenite::tungstenite::protocol::frame::{self, coding};
    let server = Server::start(WsConfig {
        max_message_bytes: 1000,
        ..WsConfig::default()
    });
    let mut client = server.connect("ann").await;
    for kind in [coding::Data::Text, coding::Data::Continue] {
        let frame = frame::Frame::message(vec![b'x'; 600], coding::OpCode::Data(kind), false);
        client.send_raw(Message::Frame(frame)).await;
    }
    assert_eq!(client.close_code().await, Close::MESSAGE_TOO_BIG.code);
    server.wait_for_connections(0).await;
}

#[tokio::test]
async fn a_burst_passes_and_more_closes() {
    let server = Server::start(WsConfig {
        rate_limit: 1,
        rate_burst: 40,
        ..WsConfig::default()
    });
    let mut client = server.connect("ann").await;
    for _ in 0..100 {
        client.send(json!({"type": "ping"})).await;
    }
    let mut pongs = 0;
    let refused = loop {
        let message = client.next().await;
        if message["type"] != "pong" {
            break message;
        }
        pongs += 1;
    };
    // A slow machine may give one or two back meanwhile.
    assert!((40..50).contains(&pongs), "{pongs}");
    assert_eq!(refused["code"], "rate_limited");
    assert_eq!(client.close_code().await, Close::RATE_LIMITED.code);
}

#[tokio::test]
async fn twenty_messages_a_second_pass_for_as_long_as_they_come() {
    let server = Server::start(WsConfig {
        rate_burst: 10,
        ..WsConfig::default()
    });
    let mut client = server.connect("ann").await;
    let mut tick = time::interval(Duration::from_millis(50));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..100 {
        tick.tick().await;
        client.send(json!({"type": "ping"})).await;
        client.receive("pong").await;
    }
}
