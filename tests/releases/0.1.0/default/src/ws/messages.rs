//! The typed messages: what a client may say, and what the server says. Yours to change.
//!
//! Each message is a JSON object in a text frame; its `type` is the name of the variant in
//! `snake_case`. To add a message of your own, add a variant to [`ClientMessage`], for which the
//! compiler then asks in `handler.rs`, and one to [`ServerMessage`] if others hear of it; the
//! same in `client.d.ts` for pages. A test looks like those in `tests/rooms.rs`.

// A field whose name says what it is needs no line about it.
#![allow(missing_docs)]

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::resume::ResumeToken;

/// A message from a client, as in `{"type": "join_room", "room": "lobby"}`.
///
/// Any of them may have an `id`, a string or a number, which comes back on its answer. The layer
/// takes it and `type` out, so that no field can be called like that.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    /// Asks to be let into a room; `authorize_join` decides.
    JoinRoom { room: String },
    /// Asks, right after connecting, for the rooms of the connection that the client lost. The
    /// token is from the `welcome` of that.
    Resume { token: ResumeToken },
    /// Leaves a room.
    LeaveRoom { room: String },
    /// Says something to everyone in a room that the client is in or, without a room, to everyone.
    Message { room: Option<String>, text: String },
    /// The user is typing; the others in the room see it.
    Typing { room: String },
    /// Asks for a `pong`. Browsers cannot send the ping of the protocol.
    Ping,
    /// Does nothing: any frame shows that the client is alive.
    Pong,
}

/// A message from the server, as in `{"type": "joined", "room": "lobby", "members": ["ann"],
/// "count": 1}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// The first message on every connection.
    Welcome {
        client_id: String,
        connection_id: String,
        /// What `resume` takes on the next connection, to get the rooms of this one back.
        #[serde(skip_serializing_if = "Option::is_none")]
        resume: Option<ResumeToken>,
    },
    /// The answer to `join_room`.
    Joined(Joined),
    /// The answer to `resume`: the rooms that the client is in again.
    Resumed { rooms: Vec<Joined> },
    /// The answer to `leave_room`.
    Left { room: String },
    /// What somebody said.
    Message {
        /// The room it was said in; without one it went to everyone.
        #[serde(skip_serializing_if = "Option::is_none")]
        room: Option<String>,
        from: String,
        text: String,
    },
    /// Somebody is typing in a room that the receiver is in.
    Typing { room: String, from: String },
    /// Somebody has come into a room that the receiver is in.
    UserJoined { room: String, user_id: String },
    /// Somebody has gone from a room that the receiver is in.
    UserLeft { room: String, user_id: String },
    /// News from the program itself, with any fields but `type` and `id`.
    Notification(Map<String, Value>),
    /// What the client asked for was not done.
    Error(MessageError),
    /// The answer to `ping`.
    Pong,
    /// Messages of other instances, or who came and went, may have been missed: the client asks
    /// again for what matters.
    Resync,
}

/// A room that the client is in now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Joined {
    pub room: String,
    /// The clients in it, the new one among them; a thousand of a larger room.
    pub members: Vec<String>,
    /// How many clients are in it.
    pub count: usize,
}

/// Why a message of a client was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageError {
    /// A word for programs, as `invalid_room`.
    pub code: &'static str,
    /// A line for people.
    pub message: String,
}

impl MessageError {
    /// An error with a code for programs and a message for people.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, message }
    }
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MessageError {}
