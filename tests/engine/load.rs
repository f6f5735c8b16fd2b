//! Many clients, much input, and what is left of it.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::{self, Instant};

use crate::ws::testing::{self, Client, Server};
use crate::ws::{Close, WsConfig};

fn open_to_many() -> WsConfig {
    WsConfig { max_connections_per_ip: 10_000, ..testing::config() }
}

const MANY: usize = 1000;

/// Joins a room and counts the messages until all are known to be in it, and for a second more.
async fn watch(mut client: Client) -> (Client, usize) {
    client.send(json!({"type": "join_room", "room": "lobby"})).await;
    let mut messages = 1;
    while client.next().await["count"] != MANY {
        messages += 1;
    }
    let until = Instant::now() + Duration::from_secs(1);
    while let Ok(message) = time::timeout_at(until, client.next()).await {
        assert_eq!(message["count"], MANY);
        messages += 1;
    }
    client.receives_nothing().await;
    (client, messages)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_that_come_into_one_room_cost_each_a_few_messages() {
    let server = Server::with(open_to_many());
    let names = (0..MANY).map(|number| format!("client-{number}"));
    let clients = join_all(names.map(|name| {
        let server = &server;
        async move { server.connect(&name).await }
    }));
    let watching = clients.await.into_iter().map(|client| tokio::spawn(watch(client)));
    let watched = join_all(watching.collect::<Vec<_>>()).await;
    assert!(watched.iter().all(|watched| watched.as_ref().unwrap().1 < 20), "{watched:?}");
    assert_eq!(server.hub.connection_count(), MANY);
}

/// Waits for a pong. Before it, the client may be told to slow down.
async fn pong(client: &mut Client) {
    while client.next().await["type"] != "pong" {}
}

#[tokio::test]
async fn a_stall_of_four_seconds_closes_no_client_that_keeps_to_its_rate() {
    let server = Server::with(testing::config());
    let mut client = server.connect("ann").await;
    // At 14 of 20 messages a second, through two stalls of 4 seconds.
    for _ in 0..2 {
        for _ in 0..4 * 14 {
            client.send(json!({"type": "ping"})).await;
        }
        for _ in 0..4 * 14 {
            pong(&mut client).await;
            client.send(json!({"type": "ping"})).await;
            time::sleep(Duration::from_millis(1000 / 14)).await;
        }
        for _ in 0..4 * 14 {
            pong(&mut client).await;
        }
    }
    client.receives_nothing().await;
}

#[tokio::test]
async fn an_excess_that_goes_on_is_told_and_closed_after_ten_seconds() {
    let server = Server::with(testing::config());
    let mut client = server.connect("ann").await;
    let start = Instant::now();
    let mut refused = 0;
    let mut sent = 0;
    let code = loop {
        let ping = tokio_tungstenite::tungstenite::Message::text(r#"{"type":"ping"}"#);
        use futures_util::SinkExt;
        if sent < 4000 && client.socket.feed(ping).await.is_ok() {
            sent += 1;
        }
        let _ = client.socket.flush().await;
        let next = time::timeout(Duration::from_millis(5), async {
            use futures_util::StreamExt;
            client.socket.next().await
        });
        match next.await {
            Ok(Some(Ok(message))) if message.is_close() => {
                let tokio_tungstenite::tungstenite::Message::Close(Some(frame)) = message else {
                    panic!()
                };
                break u16::from(frame.code);
            }
            Ok(Some(Ok(message))) => {
                refused += usize::from(message.to_text().unwrap().contains("rate_limited"))
            }
            Ok(other) => panic!("{other:?}"),
            Err(_) => {}
        }
    };
    assert_eq!(code, Close::RATE_LIMITED.code());
    assert_eq!(refused, 1);
    assert!(start.elapsed() > Duration::from_secs(9), "{:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}
