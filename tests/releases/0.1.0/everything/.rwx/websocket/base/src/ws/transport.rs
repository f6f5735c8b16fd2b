//! The write path of one connection, and the protocol it speaks.
//!
//! Whoever sends puts its frame into the queue, and writes the queue at the end of its own turn,
//! with one non-blocking system call (see `turn`). What the socket does not take then is left to
//! the connection's own task, which the socket wakes. So a broadcast costs no channel and wakes no
//! task, and a client that stops reading delays nobody.

use std::io::{self, ErrorKind, Read as _};
use std::mem;
use std::task::{self, Context, Poll};

use hyper::upgrade::Upgraded;
use tokio::time::Instant;
use tungstenite::protocol::{Role, WebSocketConfig};
use tungstenite::{Error, Message, WebSocket};

use super::config::WsConfig;
use super::frame::{Close, Frame};
use super::wire::Wire;

/// How much one read takes from a socket, in bytes; every idle connection pays for it.
const READ_BUFFER: usize = 4096;

#[derive(Default)]
enum State {
    #[default]
    Open,
    /// Takes no more messages: what is queued is written, then the close frame.
    Closing(Close),
    /// The client has closed: nothing can be sent to it any more.
    Left,
    Dead,
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// The connection takes no more.
    Refused,
    /// It will be written by somebody who has that duty already.
    Queued,
    /// It is queued, and the sender has the duty to call [`Transport::write`] or
    /// [`Transport::wake`].
    Due,
}

/// A socket, and what is to be written to it.
pub(super) struct Transport {
    socket: Option<WebSocket<Wire>>,
    state: State,
    /// Somebody has the duty to write the queue.
    is_due: bool,
}

impl Transport {
    pub(super) fn new(io: Upgraded, config: &WsConfig) -> Self {
        let limits = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(config.max_message_bytes))
            .max_frame_size(Some(config.max_message_bytes));
        let wire = Wire::new(io, config);
        Self {
            socket: Some(WebSocket::from_raw_socket(wire, Role::Server, Some(limits))),
            state: State::Open,
            is_due: false,
        }
    }

    /// Queues a frame.
    pub(super) fn send(&mut self, frame: &Frame) -> Sent {
        let len = frame.bytes().len();
        if self.wire().is_some_and(|wire| wire.is_full_for(len)) {
            self.write();
        }
        let is_open = self.is_open();
        let Some(wire) = self.wire().filter(|_| is_open) else {
            return Sent::Refused;
        };
        if wire.is_full_for(len) {
            wire.drop_queue();
            self.close(Close::SLOW_CONSUMER);
            return Sent::Refused;
        }
        wire.push(frame.clone());
        let is_blocked = wire.blocked_since.is_some();
        if is_blocked || mem::replace(&mut self.is_due, true) {
            Sent::Queued
        } else {
            Sent::Due
        }
    }

    /// Writes the queue as far as the socket takes it; its own task goes on with the rest.
    pub(super) fn write(&mut self) {
        let written = self.poll_write();
        if matches!(written, Poll::Ready(Err(_))) {
            self.state = State::Dead;
        }
        if !matches!(written, Poll::Ready(Ok(()))) {
            self.wake();
        }
    }

    /// Has the connection's own task write the queue.
    pub(super) fn wake(&self) {
        if let Some(socket) = &self.socket {
            socket.get_ref().wake();
        }
    }

    /// Ends the connection: what is queued is still written, then `close`. The first close stands.
    pub(super) fn close(&mut self, close: Close) {
        if self.is_open() {
            self.state = State::Closing(close);
            self.wake();
        }
    }

    /// Drops the socket at once.
    pub(super) fn abort(&mut self) {
        self.wake();
        self.state = State::Dead;
        self.socket = None;
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    /// Why the connection ends, if it is not the client that ends it.
    pub(super) fn end(&self) -> Option<Close> {
        match &self.state {
            State::Open | State::Left => None,
            State::Closing(close) => Some(close.clone()),
            State::Dead => Some(Close::ABNORMAL),
        }
    }

    /// When the socket last took something, while it holds frames back.
    pub(super) fn blocked_since(&self) -> Option<Instant> {
        self.socket.as_ref()?.get_ref().blocked_since
    }

    /// Makes `cx` the connection's own task, to be woken by the socket, a close and a duty to write.
    pub(super) fn register(&mut self, cx: &Context<'_>) {
        if let Some(wire) = self.wire() {
            wire.register(cx);
        }
    }

    /// Writes the queue as far as the socket takes it; the socket wakes the connection's task.
    pub(super) fn poll_write(&mut self) -> Poll<io::Result<()>> {
        self.is_due = false;
        match self.wire() {
            Some(wire) => wire.poll_write(),
            None => Poll::Ready(Ok(())),
        }
    }

    /// Queues a ping, unless something is queued: a client that takes nothing cannot answer.
    pub(super) fn ping(&mut self) {
        let is_open = self.is_open();
        if let Some(wire) = self.wire().filter(|wire| is_open && wire.is_empty()) {
            wire.push(Frame::ping());
        }
    }

    /// Whether anything has come from the client since the last call.
    pub(super) fn has_heard(&mut self) -> bool {
        let wire = self.wire();
        wire.is_some_and(|wire| mem::take(&mut wire.has_heard))
    }

    /// The next message of the client; `None` at the end.
    pub(super) fn poll_read(&mut self) -> Poll<Option<Result<Message, Error>>> {
        let is_open = self.is_open();
        let Some(socket) = self.socket.as_mut().filter(|_| is_open) else {
            return Poll::Ready(None);
        };
        let read = read(socket);
        if let Poll::Ready(Some(Ok(Message::Close(_)))) = read {
            self.state = State::Left;
        }
        read
    }

    /// Writes what is queued and the close frame.
    pub(super) fn poll_goodbye(&mut self, cx: &Context<'_>) -> Poll<io::Result<()>> {
        self.register(cx);
        task::ready!(self.poll_write())?;
        let state = mem::replace(&mut self.state, State::Dead);
        if let (State::Closing(close), Some(socket)) = (state, &mut self.socket) {
            // A socket that fails here fails when it is read, too.
            let _ = socket.close(Some(close.to_frame()));
        }
        self.poll_write()
    }

    /// Waits for the client's close frame.
    pub(super) fn poll_answer(&mut self, cx: &Context<'_>) -> Poll<io::Result<()>> {
        self.register(cx);
        let Some(socket) = &mut self.socket else {
            return Poll::Ready(Ok(()));
        };
        let mut last = read(socket);
        while matches!(last, Poll::Ready(Some(Ok(_)))) {
            last = read(socket);
        }
        task::ready!(self.poll_write())?;
        last.map(|_| Ok(()))
    }

    /// Drops what the client sends until it ends. After a message that is too big the protocol
    /// cannot be read any more.
    pub(super) fn poll_discard(&mut self, cx: &Context<'_>) -> Poll<()> {
        self.register(cx);
        let mut buffer = [0; READ_BUFFER];
        while let Some(wire) = self.wire() {
            match wire.read(&mut buffer) {
                Ok(1..) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Poll::Pending,
                Ok(0) | Err(_) => break,
            }
        }
        Poll::Ready(())
    }

    fn wire(&mut self) -> Option<&mut Wire> {
        self.socket.as_mut().map(WebSocket::get_mut)
    }
}

fn read(socket: &mut WebSocket<Wire>) -> Poll<Option<Result<Message, Error>>> {
    match socket.read() {
        Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
        Err(Error::ConnectionClosed | Error::AlreadyClosed) => Poll::Ready(None),
        read => Poll::Ready(Some(read)),
    }
}
