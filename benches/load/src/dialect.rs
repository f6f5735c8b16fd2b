//! What the client of a server says, and what it hears.

use crate::frame::{self, PING, PONG, TEXT};

/// The byte that only the counted messages have in them.
pub const MARK: u8 = b'~';

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Frames without meaning: the path says who hears what.
    Plain,
    /// JSON with a `type`, as the original speaks it.
    Original,
    /// The same as the generated layer speaks it, where a message is always for a room.
    Json,
    /// Socket.IO 5 over Engine.IO 4.
    SocketIo,
}

/// Who is to hear a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everyone who is connected.
    Everyone,
    /// Everyone in the room of the sender.
    Room,
    /// The sender alone.
    Sender,
}

/// A text to send, if any, and what the answer to it has in it.
pub type Step = (Option<String>, &'static str);

impl Dialect {
    /// Where a client connects.
    pub fn path(self, client: usize, room: usize) -> String {
        match self {
            Self::Plain => format!("/{room}"),
            Self::Original | Self::Json => format!("/ws/client{client}"),
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket".to_owned(),
        }
    }

    /// What comes between the handshake and the first message.
    pub fn entry(self, audience: Audience, room: usize) -> Vec<Step> {
        let is_room = audience == Audience::Room || audience == Audience::Everyone && self == Self::Json;
        let (hello, join) = match self {
            Self::Plain => return Vec::new(),
            Self::Original | Self::Json => {
                ((None, r#""welcome""#), (format!(r#"{{"type":"join_room","room":"{room}"}}"#), r#""joined""#))
            }
            Self::SocketIo => {
                ((Some("40".to_owned()), r#""ready""#), (format!(r#"42["join","{room}"]"#), r#""joined""#))
            }
        };
        let join = is_room.then_some((Some(join.0), join.1));
        std::iter::once(hello).chain(join).collect()
    }

    /// The frame of a message; what its audience receives has about 64 bytes.
    pub fn message(self, audience: Audience, room: usize) -> Vec<u8> {
        let text = |length| char::from(MARK).to_string().repeat(length);
        let payload = match (self, audience) {
            (Self::Plain, _) => text(64),
            (Self::Original, Audience::Everyone) => format!(r#"{{"type":"message","text":"{}"}}"#, text(21)),
            (Self::Json, Audience::Everyone) | (Self::Original | Self::Json, Audience::Room) => {
                format!(r#"{{"type":"message","room":"{room}","text":"{}"}}"#, text(8))
            }
            (Self::Original | Self::Json, Audience::Sender) => format!(r#"{{"type":"ping","id":"{}"}}"#, text(41)),
            (Self::SocketIo, Audience::Everyone) => format!(r#"42["message","{}"]"#, text(48)),
            (Self::SocketIo, Audience::Room) => format!(r#"42["room","{room}","{}"]"#, text(48)),
            (Self::SocketIo, Audience::Sender) => format!(r#"42["echo","{}"]"#, text(51)),
        };
        frame::masked(TEXT, payload.as_bytes())
    }

    /// The frame that a sign of life asks for, if this is one.
    pub fn answer(self, opcode: u8, payload: &[u8]) -> Option<Vec<u8>> {
        match (opcode, self) {
            (PING, _) => Some(frame::masked(PONG, payload)),
            (TEXT, Self::SocketIo) if payload == b"2" => Some(frame::masked(TEXT, b"3")),
            _ => None,
        }
    }
}
