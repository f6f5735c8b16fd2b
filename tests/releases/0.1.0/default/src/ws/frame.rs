//! What the server puts on a socket: messages, encoded once for all their receivers, and closes.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;
use tungstenite::protocol::frame::coding::{Data, OpCode};
use tungstenite::protocol::frame::{self, CloseFrame};

/// One frame as it goes over the wire; a clone shares the bytes.
#[derive(Debug, Clone)]
pub(super) struct Frame(Arc<[u8]>);

impl Frame {
    /// Encodes a message as JSON text.
    ///
    /// A message that JSON cannot express (a map whose keys are no strings) is a mistake in its
    /// type: it is logged, and reaches nobody.
    pub(super) fn encode<M: Serialize + ?Sized>(message: &M) -> Option<Self> {
        let encoded = serde_json::to_vec(message).map_err(|error| {
            let kind = std::any::type_name::<M>();
            tracing::error!(%error, kind, "a message cannot be encoded as JSON");
        });
        encoded.ok().map(Self::text)
    }

    /// A text frame of JSON that is encoded already.
    pub(super) fn text(json: Vec<u8>) -> Self {
        Self::format(frame::Frame::message(json, OpCode::Data(Data::Text), true))
    }

    pub(super) fn ping() -> Self {
        Self::format(frame::Frame::ping(Vec::new()))
    }

    /// A frame that is encoded already.
    pub(super) fn encoded(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn format(frame: frame::Frame) -> Self {
        let mut bytes = Vec::with_capacity(frame.len());
        // Writing into memory does not fail.
        let _ = frame.format(&mut bytes);
        Self(bytes.into())
    }
}

/// The codes after which a client may connect again.
const RECONNECT: [u16; 8] = [1001, 1006, 1011, 1012, 1013, 4008, 4009, 4029];

/// A close code and a reason that a person can read.
///
/// A client may connect again after 1001, 1006, 1011, 1012, 1013, 4008, 4009 and 4029. The other
/// codes are final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    /// The code of RFC 6455, or one of 4000 to 4999.
    pub code: u16,
    /// The reason, at most 123 bytes long: what is longer is cut off.
    pub reason: Cow<'static, str>,
}

impl Close {
    /// The work is done (1000, final).
    pub const NORMAL: Self = Self::fixed(1000, "closed");
    /// The client broke the protocol (1002, final).
    pub const PROTOCOL_ERROR: Self = Self::fixed(1002, "protocol error");
    /// The connection broke (1006): connect again. It is never sent, as there is nobody to read it.
    pub(super) const ABNORMAL: Self = Self::fixed(1006, "connection lost");
    /// The client sent more than `WS_MAX_MESSAGE_BYTES` at once (1009, final).
    pub const MESSAGE_TOO_BIG: Self = Self::fixed(1009, "message too big");
    /// The server restarts (1012): connect again.
    pub const SERVICE_RESTART: Self = Self::fixed(1012, "service restart");
    /// The client was sent away (4003, final).
    pub const KICKED: Self = Self::fixed(4003, "kicked");
    /// The client read too slowly and its queue ran over (4008): connect again.
    pub const SLOW_CONSUMER: Self = Self::fixed(4008, "slow consumer");
    /// The client was silent for too long (4009): connect again.
    pub const HEARTBEAT_TIMEOUT: Self = Self::fixed(4009, "heartbeat timeout");
    /// The client sent more than `WS_RATE_LIMIT` allows (4029): connect again, later.
    pub const RATE_LIMITED: Self = Self::fixed(4029, "rate limit exceeded");

    /// A close with a code of your own, 4000 to 4999, and its reason.
    pub fn new(code: u16, reason: impl Into<Cow<'static, str>>) -> Self {
        let reason = reason.into();
        Self { code, reason }
    }

    /// Whether the client may not come back.
    pub(super) fn is_final(&self) -> bool {
        !RECONNECT.contains(&self.code)
    }

    const fn fixed(code: u16, reason: &'static str) -> Self {
        let reason = Cow::Borrowed(reason);
        Self { code, reason }
    }

    pub(super) fn to_frame(&self) -> CloseFrame {
        let reason = truncate(&self.reason).to_owned().into();
        let code = self.code.into();
        CloseFrame { code, reason }
    }
}

/// The longest start of `reason` that fits a control frame: 125 bytes, two of them for the code.
fn truncate(reason: &str) -> &str {
    let fits = |end: &usize| reason.is_char_boundary(*end);
    let end = (0..=reason.len().min(123)).rev().find(fits);
    end.and_then(|end| reason.get(..end)).unwrap_or_default()
}
