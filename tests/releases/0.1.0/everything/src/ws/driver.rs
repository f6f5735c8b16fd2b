//! What the task of a connection does while it waits: reads, writes the queue, pings, and watches
//! the clock.

use std::future::{self, Future};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{self, Instant};
use tungstenite::error::ProtocolError;
use tungstenite::{Error, Message, Utf8Bytes};

use super::config::WsConfig;
use super::frame::Close;
use super::heartbeat::Heartbeat;
use super::limits::TokenBucket;
use super::messages::{MessageError, ServerMessage};
use super::session::Session;

/// How long what a client still sends is dropped after its close frame: a socket that is closed with
/// unread input takes the frame back.
const LINGER: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Driver {
    session: Session,
    heartbeat: Heartbeat,
    bucket: TokenBucket,
    write_timeout: Duration,
    has_unread_input: bool,
}

impl Driver {
    pub(super) fn new(session: Session, config: &WsConfig) -> Self {
        Self {
            heartbeat: Heartbeat::new(config, session.id()),
            bucket: TokenBucket::new(config.rate_limit, config.rate_burst),
            write_timeout: config.write_timeout,
            has_unread_input: false,
            session,
        }
    }

    /// The next text of the client; `None` when the connection is to end.
    pub(super) async fn recv(&mut self) -> Option<Utf8Bytes> {
        future::poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// Runs `work` to its end and keeps the socket written meanwhile.
    pub(super) async fn drive<T>(&mut self, mut work: Pin<&mut impl Future<Output = T>>) -> T {
        future::poll_fn(|cx| {
            let polled = work.as_mut().poll(cx);
            if polled.is_pending() {
                self.poll_write_side(cx);
            }
            polled
        })
        .await
    }

    /// Writes what is queued and the close frame, then waits for the client's.
    pub(super) async fn finish(&mut self) {
        // What fails now fails for a connection that ends anyway.
        let _ = future::poll_fn(|cx| self.session.transport().poll_goodbye(cx)).await;
        if self.has_unread_input {
            let rest = future::poll_fn(|cx| self.session.transport().poll_discard(cx));
            let _ = time::timeout(LINGER, rest).await;
        } else {
            let _ = future::poll_fn(|cx| self.session.transport().poll_answer(cx)).await;
        }
    }

    fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<Utf8Bytes>> {
        self.session.transport().register(cx);
        loop {
            let mut transport = self.session.transport();
            let read = transport.poll_read();
            if transport.has_heard() {
                self.heartbeat.seen();
            }
            drop(transport);
            match read {
                Poll::Ready(Some(Ok(message))) => {
                    if let Some(text) = self.accept(message) {
                        return Poll::Ready(Some(text));
                    }
                }
                Poll::Ready(Some(Err(error))) => self.fail(&error),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending if self.heartbeat.is_overdue() => {
                    self.session.close(Close::HEARTBEAT_TIMEOUT);
                }
                Poll::Pending => {
                    self.poll_write_side(cx);
                    return Poll::Pending;
                }
            }
        }
    }

    fn poll_write_side(&mut self, cx: &mut Context<'_>) {
        let mut transport = self.session.transport();
        transport.register(cx);
        loop {
            if self.heartbeat.ping_is_due() {
                transport.ping();
            }
            let has_failed = matches!(transport.poll_write(), Poll::Ready(Err(_)));
            let blocked_since = transport.blocked_since();
            let stuck_at = blocked_since.map(|since| since + self.write_timeout);
            if has_failed || stuck_at.is_some_and(|at| at <= Instant::now()) {
                return transport.abort();
            }
            if !self.heartbeat.poll_timer(stuck_at, cx) {
                return;
            }
        }
    }

    /// Looks at a frame of the client; `Some` if it is a text to be handled.
    fn accept(&mut self, message: Message) -> Option<Utf8Bytes> {
        if matches!(message, Message::Pong(_) | Message::Close(_)) {
            return None;
        }
        if !self.bucket.take() {
            self.refuse("rate_limited", "too many messages");
            self.session.close(Close::RATE_LIMITED);
            return None;
        }
        match message {
            Message::Text(text) => Some(text),
            Message::Binary(_) => {
                self.refuse("unsupported_data", "send JSON as text, not binary frames");
                None
            }
            _ => None,
        }
    }

    fn refuse(&self, code: &'static str, message: &'static str) {
        let error = MessageError::new(code, message);
        self.session.send(&ServerMessage::Error(error));
    }

    /// Ends a connection that cannot be read any further.
    fn fail(&mut self, error: &Error) {
        match error {
            Error::Capacity(_) => {
                self.has_unread_input = true;
                self.session.close(Close::MESSAGE_TOO_BIG);
            }
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) | Error::Io(_) => {
                self.session.transport().abort();
            }
            _ => self.session.close(Close::PROTOCOL_ERROR),
        }
    }
}
