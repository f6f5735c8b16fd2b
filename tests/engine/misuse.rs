//! Input as clients may send it, and as they should not.

use std::time::Duration;

use axum::extract::FromRequestParts;
use futures_util::SinkExt;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpSocket;
use tokio::time;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::{self, coding};

use crate::ws::testing::{self, Client, Server};
use crate::ws::{Close, WsConfig};

fn fragment(bytes: &[u8], kind: coding::Data, is_last: bool) -> Message {
    let code = coding::OpCode::Data(kind);
    Message::Frame(frame::Frame::message(bytes.to_vec(), code, is_last))
}

/// A client that leaves nearly all that is sent to it to the buffers of the server.
async fn deaf(server: &Server, client_id: &str) -> Client {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket.connect(server.address).await.unwrap();
    server.open_on(stream, &format!("/ws/{client_id}"), &[]).await.unwrap()
}

#[tokio::test]
async fn a_pong_may_come_between_the_fragments_of_a_message() {
    let server = Server::start();
    let mut client = server.connect("ann").await;
    let text = json!({"type": "ping", "padding": "x".repeat(60_000)}).to_string();
    let (first, last) = text.as_bytes().split_at(50_000);
    client.send_frame(fragment(first, coding::Data::Text, false)).await;
    time::sleep(Duration::from_millis(200)).await;
    client.send_frame(Message::Pong(Vec::new().into())).await;
    client.send_frame(fragment(last, coding::Data::Continue, true)).await;
    assert_eq!(client.next().await["type"], "pong");
    client.receives_nothing().await;
}

#[tokio::test]
async fn a_flood_of_fragments_ends_and_little_of_it_is_read_after_that() {
    let server = Server::start();
    let client = server.connect("ann").await;
    let mut stream = client.socket.into_inner();
    stream.write_all(&[0x01, 0x80, 0, 0, 0, 0]).await.unwrap();
    let empty = [0x00, 0x80, 0, 0, 0, 0].repeat(1000);
    let flooding = async {
        let mut sent = 0_u64;
        while stream.write_all(&empty).await.is_ok() {
            sent += empty.len() as u64;
        }
        sent
    };
    let sent = time::timeout(Duration::from_secs(30), flooding).await.unwrap();
    assert!(sent < 64 * 1024 * 1024, "{sent}");
    server.wait_for_connections(0).await;
}

#[tokio::test]
async fn one_whose_handlers_are_slow_is_not_closed_for_what_it_has_sent_at_once() {
    let server = Server::start();
    let mut client = server.connect("ann").await;
    for _ in 0..41 {
        client.send(json!({"type": "pong"})).await;
    }
    for _ in 0..30 {
        client.send(json!({"type": "message", "room": "-", "text": "slow"})).await;
    }
    let close = time::timeout(Duration::from_secs(14), client.close_code()).await;
    assert!(close.is_err(), "{close:?}");
}

#[tokio::test]
async fn what_one_sent_that_reads_nothing_is_done_before_it_goes() {
    let server = Server::start();
    let mut bob = deaf(&server, "bob").await;
    let session = server.hub.sessions("bob").remove(0);
    session.try_send(&"x".repeat(400_000));
    time::sleep(Duration::from_millis(300)).await;
    for _ in 0..140 {
        session.try_send(&"y");
    }
    for room in ["one", "two", "three"] {
        bob.send(json!({"type": "ping"})).await;
        bob.send(json!({"type": "join_room", "room": room})).await;
    }
    let mut watching = server.connect("ann").await;
    for room in ["one", "two", "three"] {
        watching.join(room).await;
    }
    bob.socket.send(Message::Close(None)).await.unwrap();
    server.wait_for_connections(1).await;
    for room in ["one", "two", "three"] {
        let members = server.hub.room_members(room, 9).0;
        assert_eq!(members, ["ann", "bob"], "who left counts for the grace");
    }
}

#[tokio::test]
async fn who_waits_for_a_place_in_a_queue_that_runs_over_is_told() {
    let server = Server::with(WsConfig { queue_messages: 8, ..testing::config() });
    let _client = deaf(&server, "ann").await;
    let session = server.hub.sessions("ann").remove(0);
    session.try_send(&"x".repeat(400_000));
    time::sleep(Duration::from_millis(300)).await;
    for _ in 0..6 {
        session.try_send(&"y");
    }
    let waiting = tokio::spawn({
        let session = session.clone();
        async move { session.send(&"z").await }
    });
    time::sleep(Duration::from_millis(200)).await;
    while session.try_send(&"w") {}
    let sent = time::timeout(Duration::from_secs(3), waiting).await;
    assert!(!sent.expect("it still waits").unwrap());
}

#[tokio::test]
async fn the_newest_connection_is_not_the_stalest_though_it_was_silent() {
    let server = Server::with(WsConfig { max_connections_per_client: 2, ..testing::config() });
    let mut first = server.connect("ann").await;
    first.receives_nothing().await;
    let mut second = server.connect("ann").await;
    let mut third = server.connect("ann").await;
    assert_eq!(first.close_code().await, Close::REPLACED.code());
    second.receives_nothing().await;
    third.receives_nothing().await;
}

#[tokio::test]
async fn a_message_in_fragments_that_is_too_long_closes_as_any_other() {
    let server = Server::start();
    let mut ann = server.connect("ann").await;
    let stream = ann.socket.get_mut();
    let head = |kind: u8| [&[kind, 0xFE][..], &60_000_u16.to_be_bytes(), &[0; 4]].concat();
    let half = [b'x'; 30_000];
    // In pieces, so that the protocol holds nearly all of both frames.
    for bytes in [head(0x01), half.into(), half.into(), head(0x80), half.into(), half.into()] {
        stream.write_all(&bytes).await.unwrap();
        time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(ann.close_code().await, Close::MESSAGE_TOO_BIG.code());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_that_can_wait_waits_however_long_its_messages_are() {
    let server = Server::start();
    let mut ann = server.connect("ann").await;
    let session = server.hub.sessions("ann").remove(0);
    let sending = tokio::spawn(async move {
        for number in 0..20 {
            let len = if number % 2 == 0 { 300_000 } else { 800_000 };
            let padding = "x".repeat(len);
            assert!(session.send(&json!({"type": "news", "padding": padding})).await, "{number}");
        }
    });
    for _ in 0..20 {
        time::sleep(Duration::from_millis(20)).await;
        ann.receive("news").await;
    }
    sending.await.unwrap();
}

#[tokio::test]
async fn what_an_upgrade_is_asked_with_is_not_shown() {
    let request = axum::http::Request::builder()
        .uri("/ws")
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==")
        .header("sec-websocket-protocol", "ws.v1, bearer.0123456789abcdef");
    let mut request = request.body(()).unwrap();
    let socket = hyper::upgrade::on(&mut request);
    let (mut parts, ()) = request.into_parts();
    parts.extensions.insert(socket);
    let upgrade = crate::ws::Upgrade::from_request_parts(&mut parts, &()).await.unwrap();
    let shown = format!("{upgrade:?}");
    assert!(!shown.contains("0123456789abcdef"), "{shown}");
}
