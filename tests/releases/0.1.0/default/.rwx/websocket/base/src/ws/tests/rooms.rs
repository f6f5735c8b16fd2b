//! Rooms: joining, leaving, talking, and who is told.

use serde_json::json;

use super::super::WsConfig;
use super::Server;

#[tokio::test]
async fn members_talk_and_others_hear_nothing() {
    let server = Server::start(WsConfig::default());
    let (mut ann, mut bob, mut eve) = (
        server.connect("ann").await,
        server.connect("bob").await,
        server.connect("eve").await,
    );
    let joined = ann.join("lobby").await;
    assert_eq!(joined["members"], json!(["ann"]));
    let joined = bob.join("lobby").await;
    assert_eq!(
        joined,
        json!({"type": "joined", "room": "lobby", "members": ["ann", "bob"], "count": 2})
    );
    assert_eq!(ann.receive("user_joined").await["user_id"], "bob");

    assert_eq!(server.hub.room_members("lobby", 1).len(), 1);
    ann.send(json!({"type": "message", "room": "lobby", "text": "hello"}))
        .await;
    let heard = json!({"type": "message", "room": "lobby", "from": "ann", "text": "hello"});
    assert_eq!(bob.next().await, heard);
    assert_eq!(ann.next().await, heard);
    eve.receives_nothing().await;
}

#[tokio::test]
async fn an_answer_carries_the_id_of_its_request() {
    let server = Server::start(WsConfig::default());
    let (mut ann, mut bob) = (server.connect("ann").await, server.connect("bob").await);
    for (request, answer) in [
        (json!({"type": "ping", "id": 7}), "pong"),
        (json!({"type": "join_room", "room": "a", "id": 7}), "joined"),
        (json!({"type": "message", "text": "hi", "id": 7}), "message"),
        (json!({"type": "leave_room", "room": "a", "id": 7}), "left"),
        (json!({"type": "no such type", "id": 7}), "error"),
        (json!({"type": "join_room", "room": "", "id": 7}), "error"),
    ] {
        ann.send(request).await;
        assert_eq!(ann.receive(answer).await["id"], 7);
    }
    assert_eq!(
        bob.next().await,
        json!({"type": "message", "from": "ann", "text": "hi"})
    );
}

#[tokio::test]
async fn only_a_member_may_talk_in_a_room() {
    let server = Server::start(WsConfig::default());
    let (mut ann, mut eve) = (server.connect("ann").await, server.connect("eve").await);
    ann.join("lobby").await;
    eve.send(json!({"type": "message", "room": "lobby", "text": "spam"}))
        .await;
    assert_eq!(eve.receive("error").await["code"], "not_in_room");
    ann.receives_nothing().await;
}

#[tokio::test]
async fn a_client_leaves_with_its_last_connection() {
    let server = Server::start(WsConfig::default());
    let mut ann = server.connect("ann").await;
    ann.join("lobby").await;
    let (mut tab, mut phone) = (server.connect("bob").await, server.connect("bob").await);
    tab.join("lobby").await;
    assert_eq!(phone.join("lobby").await["count"], 2);
    assert_eq!(ann.receive("user_joined").await["user_id"], "bob");

    tab.send(json!({"type": "leave_room", "room": "lobby"}))
        .await;
    tab.receive("left").await;
    ann.receives_nothing().await;
    drop(phone);
    assert_eq!(
        ann.receive("user_left").await,
        json!({"type": "user_left", "room": "lobby", "user_id": "bob"})
    );
    assert_eq!(server.hub.room_members("lobby", 10), ["ann"]);
    assert_eq!(server.hub.room_size("lobby"), 1);
    assert_eq!(server.hub.client_rooms("bob"), [""; 0]);
    assert_eq!(server.hub.client_rooms("ann"), ["lobby"]);
}

#[tokio::test]
async fn room_names_and_their_number_have_limits() {
    let server = Server::start(WsConfig {
        rate_burst: 200,
        ..WsConfig::default()
    });
    let mut ann = server.connect("ann").await;
    for room in [String::new(), "x".repeat(256), "a\nb".to_owned()] {
        ann.send(json!({"type": "join_room", "room": room})).await;
        assert_eq!(ann.receive("error").await["code"], "invalid_room");
    }
    ann.join(&"x".repeat(255)).await;
    for room in 2..=128 {
        ann.join(&format!("room {room}")).await;
    }
    ann.send(json!({"type": "join_room", "room": "room 129"}))
        .await;
    assert_eq!(ann.receive("error").await["code"], "too_many_rooms");
    ann.join("room 2").await;
    assert_eq!(server.hub.stats().rooms, 128);
    ann.send(json!({"type": "leave_room", "room": "room 2"}))
        .await;
    ann.receive("left").await;
    ann.join("room 129").await;
}
