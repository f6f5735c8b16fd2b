//! Places in the history of a room. What needs a Redis is tested where this layer comes from.

use serde_json::json;

use super::super::history;
use super::Server;

use super::super::{Connection, Exclude, Hub, Recalled, Seq, WsConfig};

#[test]
fn places_are_read_as_they_are_written_and_sorted_by_time() {
    let seq = |text: &str| serde_json::from_value::<Seq>(json!(text));
    assert_eq!(json!(seq("1767225600000-7").unwrap()), "1767225600000-7");
    assert!(seq("9-10").unwrap() < seq("10-9").unwrap());
    assert!(seq("10-9").unwrap() < seq("10-10").unwrap());
    for bad in ["", "1", "-", "1-", "-1", "1-2-3", "a-b", "$", "+"] {
        assert!(seq(bad).is_err(), "{bad}");
    }
    let recalled = json!(Recalled::default());
    assert_eq!(recalled, json!({}));
}

#[test]
fn a_message_gets_its_place_as_one_more_field() {
    let seq = Seq::try_from("1-0".to_owned()).unwrap();
    for (payload, framed) in [
        (r#"{"a":{}}"#, r#"{"a":{},PLACE}"#),
        ("{ }", "{ PLACE}"),
        ("[1]", "[1]"),
    ] {
        let frame = history::frame(payload, "q\"", seq);
        let framed = framed.replace("PLACE", r#""history":{"room":"q\"","seq":"1-0"}"#);
        assert!(frame.bytes().ends_with(framed.as_bytes()), "{payload}");
    }
}

#[tokio::test]
async fn without_redis_a_client_is_told_that_messages_may_be_missing() {
    let server = Server::start(WsConfig::default());
    let mut ann = server.connect("ann").await;
    assert_eq!(ann.join("lobby").await["gap"], json!(null));
    ann.send(json!({"type": "join_room", "room": "hall", "since": "1-0"}))
        .await;
    assert_eq!(ann.receive("joined").await["gap"], true);
    ann.send(json!({"type": "message", "room": "hall", "text": "hello"}))
        .await;
    assert_eq!(ann.receive("message").await["history"], json!(null));
    ann.receive("sent").await;
}

#[tokio::test]
async fn a_join_that_fails_leaves_nothing_behind() {
    let server = Server::start(WsConfig {
        max_rooms: 1,
        ..WsConfig::default()
    });
    let mut ann = server.connect("ann").await;
    ann.join("lobby").await;
    for (room, code) in [("hall", "too_many_rooms"), ("a\nb", "invalid_room")] {
        ann.send(json!({"type": "join_room", "room": room})).await;
        assert_eq!(ann.receive("error").await["code"], code);
    }
    ann.receives_nothing().await;
    let sessions = server.hub.sessions("ann");
    assert!(sessions[0].held().is_empty());
}

#[tokio::test]
async fn what_a_greeting_holds_back_is_sent_after_it() {
    let greeting = |hub: Hub, connection: Connection| {
        hub.hold(connection.session(), "lobby");
        hub.join_room(connection.session(), "lobby").unwrap();
        tokio::spawn(connection.run());
    };
    let server = Server::start_with(WsConfig::default(), |hub| super::serving(hub, greeting));
    let mut ann = server.connect("ann").await;
    let seq = Seq::try_from("1-0".to_owned()).unwrap();
    let payload = r#"{"type":"message"}"#;
    server
        .hub
        .deliver_recorded("lobby", seq, payload, Exclude::Nobody);
    assert_eq!(ann.receive("message").await["history"]["seq"], "1-0");
}
