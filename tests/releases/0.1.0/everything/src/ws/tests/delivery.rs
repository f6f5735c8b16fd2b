//! Who gets a message: everyone once, without the excluded, and without waiting for a slow one.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::net::TcpSocket;

use super::super::{Close, Exclude, ServerMessage, WsConfig};
use super::Server;

fn news(number: usize) -> ServerMessage {
    let fields = [("number".to_owned(), json!(number))];
    ServerMessage::Notification(fields.into_iter().collect())
}

#[tokio::test]
async fn a_broadcast_leaves_out_a_client_or_one_connection() {
    let server = Server::start(WsConfig::default());
    let (mut ann, mut tab, mut phone) = (
        server.connect("ann").await,
        server.connect("bob").await,
        server.connect("bob").await,
    );
    let hub = &server.hub;
    let of_tab = hub
        .sessions("bob")
        .into_iter()
        .find(|session| tab.welcome["connection_id"] == session.id().to_string());

    assert_eq!(hub.broadcast(&news(1), Exclude::Nobody), 3);
    assert_eq!(hub.broadcast(&news(2), Exclude::Client("bob")), 1);
    assert_eq!(
        hub.broadcast(&news(3), Exclude::Connection(of_tab.unwrap().id())),
        2
    );
    for (client, numbers) in [
        (&mut ann, &[1, 2, 3][..]),
        (&mut tab, &[1]),
        (&mut phone, &[1, 3]),
    ] {
        for number in numbers {
            assert_eq!(
                client.next().await,
                json!({"type": "notification", "number": number})
            );
        }
        client.receives_nothing().await;
    }
}

#[tokio::test]
async fn a_room_broadcast_leaves_out_a_client_or_one_connection() {
    let server = Server::start(WsConfig::default());
    let (mut ann, mut bob, mut eve) = (
        server.connect("ann").await,
        server.connect("bob").await,
        server.connect("eve").await,
    );
    let hub = &server.hub;
    for client_id in ["ann", "bob"] {
        for session in hub.sessions(client_id) {
            assert_eq!(hub.join_room(&session, "lobby"), Ok(true));
        }
    }
    assert_eq!(
        hub.broadcast_to_room("lobby", &news(1), Exclude::Client("ann")),
        1
    );
    assert_eq!(hub.broadcast_to_room("empty", &news(2), Exclude::Nobody), 0);
    assert_eq!(bob.receive("notification").await["number"], 1);
    assert_eq!(ann.receive("user_joined").await["user_id"], "bob");
    ann.receives_nothing().await;
    eve.receives_nothing().await;
}

#[tokio::test]
async fn a_personal_message_reaches_every_connection_of_one_client() {
    let server = Server::start(WsConfig::default());
    let (mut ann, mut tab, mut phone) = (
        server.connect("ann").await,
        server.connect("bob").await,
        server.connect("bob").await,
    );
    assert_eq!(server.hub.send_personal("bob", &news(1)), 2);
    assert_eq!(server.hub.send_personal("nobody", &news(1)), 0);
    tab.receive("notification").await;
    phone.receive("notification").await;
    ann.receives_nothing().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_closed_and_the_others_miss_nothing() {
    const OTHERS: usize = 200;
    let config = WsConfig {
        queue_bytes: 256 * 1024,
        max_connections_per_client: OTHERS,
        max_connections_per_ip: OTHERS + 1,
        ..WsConfig::default()
    };
    let server = Server::start(config);
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket.connect(server.address).await.unwrap();
    let mut slow = server.upgrade(stream, "/slow", &[]).await.unwrap();
    let others = join_all((0..OTHERS).map(|_| server.connect("other"))).await;

    let padding = "x".repeat(4 * 1024);
    let mut readers: Vec<_> = others
        .into_iter()
        .map(|mut other| {
            tokio::spawn(async move {
                let mut numbers = Vec::new();
                while numbers.last() != Some(&json!("last")) {
                    numbers.push(other.next().await["number"].take());
                }
                numbers.len()
            })
        })
        .collect();
    let mut sent = 1;
    while server.hub.is_connected("slow") && sent < 2000 {
        assert!(
            server.hub.broadcast(
                &json!({"number": sent, "padding": padding}),
                Exclude::Nobody
            ) >= OTHERS
        );
        sent += 1;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(
        server
            .hub
            .broadcast(&json!({"number": "last"}), Exclude::Nobody),
        OTHERS
    );
    // First, as the server waits for its goodbye no longer than 5 seconds.
    assert_eq!(slow.close_code().await, Close::SLOW_CONSUMER.code);
    for reader in &mut readers {
        assert_eq!(reader.await.unwrap(), sent);
    }
}

#[tokio::test]
async fn a_socket_that_takes_nothing_is_dropped_after_the_write_timeout() {
    let config = WsConfig {
        write_timeout: Duration::from_millis(100),
        ..WsConfig::default()
    };
    let server = Server::start(config);
    let slow = server.connect("slow").await;
    let padding = "x".repeat(1024 * 1024);
    server.hub.broadcast(&padding, Exclude::Nobody);
    super::wait_until(|| !server.hub.is_connected("slow")).await;
    drop(slow);
}
