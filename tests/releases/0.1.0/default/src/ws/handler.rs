//! What a message does. Yours to change.
//!
//! The layer calls [`welcome`] and [`on_connect`] once, [`on_message`] for each message, one
//! after the other, and [`on_disconnect`] at the end, however the connection ends; [`on_join`] and
//! [`on_leave`] when a client comes into a room or goes from it. They reach everyone through the
//! [`Hub`].

use futures_util::future::join;

use super::auth;
use super::bus::Exclude;
use super::hub::Hub;
use super::messages::{ClientMessage, Joined, MessageError, ServerMessage};
use super::resume::ResumeToken;
use super::session::Session;

/// Of a room with more clients than this, `joined` names only so many. Where one instance has more of
/// them, it tells nobody who comes and goes: that would be a message to each for each.
const LARGE_ROOM: usize = 1000;

/// What one message is answered with: `Ok(Some(message))` goes to its connection with the `id` of the
/// request, an error as an `error` with that `id`. `Ok(None)` answers nothing, so that pages use
/// `send` for it: their `request` waits for an answer.
type Answer = Result<Option<ServerMessage>, MessageError>;

/// The first message on a connection: nothing that is sent to the client can come before it.
pub fn welcome(session: &Session) -> ServerMessage {
    ServerMessage::Welcome {
        client_id: session.client_id().to_owned(),
        connection_id: session.id().to_string(),
        resume: session.resume_token().cloned(),
    }
}

/// A client has connected and is welcomed: the place to put it into rooms, or to send what it has
/// missed.
#[allow(clippy::unused_async)] // yours may wait, as for a database
pub async fn on_connect(hub: &Hub, session: &Session) {
    tracing::info!(client_id = session.client_id(), "connected");
    if session.identity().is_admin {
        if let Err(error) = hub.join_room(session, "admins") {
            tracing::warn!(%error, "an admin is not in the room of the admins");
        }
    }
}

/// A client has sent a message. Its next one is read when this is done; other clients do not wait.
///
/// # Errors
/// An error goes back to the client as an `error` message; the connection goes on.
pub async fn on_message(hub: &Hub, session: &Session, message: ClientMessage) -> Answer {
    match message {
        ClientMessage::JoinRoom { room } => join_room(hub, session, room).await,
        ClientMessage::Resume { token } => resume(hub, session, &token).await,
        ClientMessage::LeaveRoom { room } => Ok(Some(leave_room(hub, session, room))),
        ClientMessage::Message { room, text } => say(hub, session, room, text),
        ClientMessage::Typing { room } => typing(hub, session, room),
        ClientMessage::Ping => Ok(Some(ServerMessage::Pong)),
        ClientMessage::Pong => Ok(None),
    }
}

/// A connection has ended; its client may have others. This may run while a task is cancelled, so
/// it cannot wait for anything.
pub fn on_disconnect(_hub: &Hub, session: &Session) {
    tracing::debug!(client_id = session.client_id(), "disconnected");
}

/// A client has come into a room: its first connection on any instance has, whoever put it there.
pub fn on_join(hub: &Hub, room: &str, client_id: &str) {
    let joined = ServerMessage::UserJoined {
        room: room.to_owned(),
        user_id: client_id.to_owned(),
    };
    announce_membership(hub, room, client_id, &joined);
}

/// A client has left a room: its last connection on any instance has.
pub fn on_leave(hub: &Hub, room: &str, client_id: &str) {
    let left = ServerMessage::UserLeft {
        room: room.to_owned(),
        user_id: client_id.to_owned(),
    };
    announce_membership(hub, room, client_id, &left);
}

async fn join_room(hub: &Hub, session: &Session, room: String) -> Answer {
    let joined = enter(hub, session, room).await?;
    Ok(Some(ServerMessage::Joined(joined)))
}

/// Joins the rooms of a lost connection again, but for those that it may not enter any more.
async fn resume(hub: &Hub, session: &Session, token: &ResumeToken) -> Answer {
    let names = hub.redeem_resume_token(session.client_id(), token).await;
    let error = || MessageError::new("not_resumed", "the token is not valid any more");
    let mut rooms = Vec::new();
    for room in names.ok_or_else(error)? {
        rooms.extend(enter(hub, session, room).await.ok());
    }
    Ok(Some(ServerMessage::Resumed { rooms }))
}

async fn enter(hub: &Hub, session: &Session, room: String) -> Result<Joined, MessageError> {
    if !auth::authorize_join(session.identity(), &room).await {
        return Err(MessageError::new("forbidden", "you may not join this room"));
    }
    hub.join_room(session, &room)?;
    hub.subscribed().await;
    let (members, count) = members(hub, &room).await;
    Ok(Joined {
        room,
        members,
        count,
    })
}

/// Who is in a room, and how many: on all instances or, without Redis, on this one.
async fn members(hub: &Hub, room: &str) -> (Vec<String>, usize) {
    let members = hub.room_members_everywhere(room, LARGE_ROOM);
    let (members, count) = join(members, hub.room_size_everywhere(room)).await;
    let here = || (hub.room_members(room, LARGE_ROOM), hub.room_size(room));
    members.zip(count).unwrap_or_else(here)
}

fn leave_room(hub: &Hub, session: &Session, room: String) -> ServerMessage {
    hub.leave_room(session, &room);
    ServerMessage::Left { room }
}

/// Tells the other clients in a room who has come or gone, unless it is a large one. For messages of
/// your own there is `hub.broadcast_to_room`.
fn announce_membership(hub: &Hub, room: &str, client_id: &str, message: &ServerMessage) {
    if hub.room_size(room) <= LARGE_ROOM {
        hub.broadcast_to_room(room, message, Exclude::Client(client_id));
    }
}

/// Everyone in the room hears it, the sender too: its own copy is the answer to its request.
fn say(hub: &Hub, session: &Session, room: Option<String>, text: String) -> Answer {
    let message = ServerMessage::Message {
        room: room.clone(),
        from: session.client_id().to_owned(),
        text,
    };
    // Other tabs of the sender hear it too; `Exclude::Client` would leave them out.
    let others = Exclude::Connection(session.id());
    if let Some(room) = room {
        check_member(session, &room)?;
        hub.broadcast_to_room(&room, &message, others);
    } else {
        hub.broadcast(&message, others);
    }
    Ok(Some(message))
}

/// Fails unless this connection has joined the room; another tab of its client does not count.
fn check_member(session: &Session, room: &str) -> Result<(), MessageError> {
    let error = MessageError::new("not_in_room", "join the room first");
    session.is_in(room).then_some(()).ok_or(error)
}

/// Tells the others in a room that somebody is typing, where that is on.
fn typing(hub: &Hub, session: &Session, room: String) -> Answer {
    check_member(session, &room)?;
    if hub.config().typing {
        let message = ServerMessage::Typing {
            room: room.clone(),
            from: session.client_id().to_owned(),
        };
        hub.broadcast_to_room(&room, &message, Exclude::Client(session.client_id()));
    }
    Ok(None)
}
