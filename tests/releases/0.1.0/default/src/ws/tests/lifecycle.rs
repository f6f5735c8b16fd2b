//! Connections come and go, in any order and by any cause, and leave nothing behind.

use futures_util::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::Handle;

use super::super::{Close, Connection, Exclude, Hub, WsConfig};
use super::Server;

#[tokio::test]
async fn the_late_close_of_an_old_connection_leaves_the_new_one() {
    let server = Server::start(WsConfig::default());
    let mut old = server.connect("ann").await;
    old.join("lobby").await;
    let mut new = server.connect("ann").await;
    new.join("lobby").await;
    drop(old);
    server.wait_for_connections(1).await;

    assert!(server.hub.is_connected("ann"));
    assert_eq!(server.hub.client_rooms("ann"), ["lobby"]);
    assert_eq!(
        server
            .hub
            .broadcast_to_room("lobby", &json!({"type": "still"}), Exclude::Nobody),
        1
    );
    new.receive("still").await;
}

#[tokio::test]
async fn a_disconnected_client_gets_the_close_after_what_was_sent_before() {
    let server = Server::start(WsConfig::default());
    let (mut tab, mut phone) = (server.connect("ann").await, server.connect("ann").await);
    server.hub.send_personal("ann", &json!({"type": "goodbye"}));
    assert_eq!(server.hub.disconnect("ann", &Close::KICKED), 2);
    assert_eq!(server.hub.send_personal("ann", &json!({"type": "late"})), 0);
    for client in [&mut tab, &mut phone] {
        client.receive("goodbye").await;
        assert_eq!(client.close_code().await, Close::KICKED.code);
    }
    server.wait_for_connections(0).await;
}

#[tokio::test]
async fn a_session_outlives_its_connection_without_harm() {
    let server = Server::start(WsConfig::default());
    let client = server.connect("ann").await;
    let session = server.hub.sessions("ann").remove(0);
    drop(client);
    server.wait_for_connections(0).await;
    assert!(!session.send(&json!({"type": "late"})));
    assert!(server.hub.join_room(&session, "lobby").is_err());
    assert_eq!(server.hub.stats().rooms, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn churn_leaves_nothing_behind() {
    let server = Server::start(WsConfig {
        max_connections_per_client: 100,
        ..WsConfig::default()
    });
    let tasks = || Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    let visits = (0..8).map(|task| {
        let (hub, address) = (server.hub.clone(), server.address);
        tokio::spawn(async move {
            let server = Server { hub, address };
            for visit in 0..20 {
                let mut client = server.connect(["ann", "bob"][task % 2]).await;
                client
                    .send(json!({"type": "join_room", "room": format!("room {}", visit % 3)}))
                    .await;
                server
                    .hub
                    .broadcast(&json!({"type": "news"}), Exclude::Nobody);
                if visit % 2 == 0 {
                    client.socket.close(None).await.unwrap();
                }
            }
        })
    });
    for visit in join_all(visits).await {
        visit.unwrap();
    }
    server.wait_for_connections(0).await;
    let stats = server.hub.stats();
    assert_eq!((stats.clients, stats.rooms), (0, 0));
    super::wait_until(|| tasks() <= before).await;
}

#[tokio::test]
async fn a_client_that_vanishes_is_sent_no_close_and_counted() {
    let server = Server::start(WsConfig::default());
    let mut ann = server.connect("ann").await;
    let stream = ann.socket.get_mut();
    stream.shutdown().await.unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    let close = 0x88;
    assert!(!rest.contains(&close), "{rest:?}");
    server.wait_for_connections(0).await;
    let mut bob = server.connect("bob").await;
    bob.socket.close(None).await.unwrap();
    server.wait_for_connections(0).await;
    assert_eq!(server.hub.stats().connections_lost, 1);
}

#[tokio::test]
async fn a_client_that_breaks_the_protocol_is_told() {
    let server = Server::start(WsConfig::default());
    let mut client = server.connect("ann").await;
    let unmasked_text = [0x81, 0];
    let stream = client.socket.get_mut();
    stream.write_all(&unmasked_text).await.unwrap();
    assert_eq!(client.close_code().await, Close::PROTOCOL_ERROR.code);
    server.wait_for_connections(0).await;
    assert_eq!(server.hub.stats().connections_lost, 0);
}

#[tokio::test]
async fn a_panic_leaves_nothing_behind() {
    let panicking = |hub: Hub, connection: Connection| {
        hub.join_room(connection.session(), "lobby").unwrap();
        panic!("on purpose");
    };
    let server = Server::start_with(WsConfig::default(), |hub| super::serving(hub, panicking));
    let mut client = server.connect("ann").await;
    let mut rest = Vec::new();
    client
        .socket
        .get_mut()
        .read_to_end(&mut rest)
        .await
        .unwrap();
    let stats = server.hub.stats();
    assert_eq!((stats.connections, stats.clients, stats.rooms), (0, 0, 0));
    super::wait_until(|| server.hub.inner.limits.taken() == 0).await;
}
