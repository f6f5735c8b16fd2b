//! What an owner should not do in a handler, for the tests of the engine.

use std::time::Duration;

use super::engine::{Exclude, Hub, MessageError, Presence, Session};
use super::messages::{ClientMessage, ServerMessage};

/// Nothing.
pub struct Context {}

impl Context {
    #[cfg(test)]
    pub(super) fn for_tests() -> Self {
        Self {}
    }
}

type Answer = Result<Option<ServerMessage>, MessageError>;

pub(super) fn welcome(hub: &Hub, session: &Session) -> ServerMessage {
    ServerMessage::Welcome {
        client_id: session.client_id().to_owned(),
        connection_id: session.id().to_string(),
        max_message_bytes: hub.config().max_message_bytes,
    }
}

/// Sends a client that is called `flood` more than its queue holds.
pub(super) async fn on_connect(_hub: &Hub, session: &Session) {
    if session.client_id() == "flood" {
        for number in 0..2500 {
            session.send(&serde_json::json!({"type": "news", "number": number})).await;
        }
    }
}

/// `text` says what to do.
pub(super) async fn on_message(hub: &Hub, session: &Session, message: ClientMessage) -> Answer {
    match message {
        ClientMessage::JoinRoom { room } => {
            hub.join_room(session, &room)?;
            let (members, count) = hub.room_members(&room, 100);
            return Ok(Some(ServerMessage::Joined { room, members, count }));
        }
        ClientMessage::Message { text, .. } => match text.as_str() {
            "hang" => std::future::pending().await,
            "block" => {
                hub.broadcast(&serde_json::json!({"type": "before"}), Exclude::Nobody);
                std::thread::sleep(Duration::from_secs(8));
            }
            "tell and block" => {
                session.send(&serde_json::json!({"type": "before"})).await;
                std::thread::sleep(Duration::from_secs(8));
            }
            "wait and block" => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                std::thread::sleep(Duration::from_secs(8));
            }
            "panic" => panic!("on purpose"),
            "slow" => tokio::time::sleep(Duration::from_secs(3)).await,
            "join twenty" => {
                for number in 0..20 {
                    hub.join_room(session, &format!("room {number}"))?;
                }
                tokio::time::sleep(Duration::from_secs(3)).await;
            }
            "join late" => {
                hub.join_room(session, "lobby")?;
                let (members, count) = hub.room_members("lobby", 100);
                hub.broadcast(&serde_json::json!({"type": "before"}), Exclude::Nobody);
                tokio::time::sleep(Duration::from_secs(1)).await;
                let room = "lobby".to_owned();
                return Ok(Some(ServerMessage::Joined { room, members, count }));
            }
            _ => {}
        },
        ClientMessage::Ping => return Ok(Some(ServerMessage::Pong)),
        _ => {}
    }
    Ok(None)
}

pub(super) async fn on_disconnect(_hub: &Hub, session: &Session) {
    assert!(session.client_id() != "disconnect-panic", "on purpose");
}

pub(super) fn on_presence(presence: Presence) -> Option<ServerMessage> {
    assert!(presence.room != "panic", "on purpose");
    Some(ServerMessage::Presence(presence))
}

/// A field of a message of the owner's that cannot be read.
pub(super) fn read_panic<'de, D: serde::Deserializer<'de>>(_: D) -> Result<u8, D::Error> {
    panic!("on purpose")
}
