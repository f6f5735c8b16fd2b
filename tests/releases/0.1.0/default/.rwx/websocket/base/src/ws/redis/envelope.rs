//! What travels between instances.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::bus::Exclude;
use super::super::frame::Close;
use super::super::ids::ConnectionId;

/// Of the envelope: an instance that speaks another one is not understood.
const VERSION: u32 = 1;

/// The longest envelope that is sent or looked at, in bytes.
pub(super) const MAX_BYTES: usize = 8 * 1024 * 1024;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Envelope<'a, P> {
    v: u32,
    /// The instance that sent it.
    #[serde(borrow)]
    pub(super) from: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) event: Event<'a, P>,
}

/// What the instances tell each other; the channel says whom it is about.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum Event<'a, P = ()> {
    /// A message for the clients.
    Message(#[serde(borrow)] Message<'a, P>),
    /// The connections of a client are to end.
    Close { code: u16, reason: Cow<'a, str> },
    /// The connections of a client are to be in a room.
    Join { room: Cow<'a, str> },
    /// The connections of a client are to leave a room.
    Leave { room: Cow<'a, str> },
    /// An instance asks whether it hears itself.
    Probe,
}

/// The message in JSON, as it is, and who does not receive it.
#[derive(Debug, Serialize, Deserialize)]
pub(in super::super) struct Message<'a, P> {
    pub(super) payload: P,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    except_client: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    except_connection: Option<ConnectionId>,
}

impl<'a, P> Message<'a, P> {
    pub(super) fn new(payload: P, exclude: Exclude<'a>) -> Self {
        let (client, connection) = match exclude {
            Exclude::Nobody => (None, None),
            Exclude::Client(client_id) => (Some(client_id), None),
            Exclude::Connection(id) => (None, Some(id)),
        };
        Self {
            payload,
            except_client: client.map(Cow::Borrowed),
            except_connection: connection,
        }
    }

    pub(super) fn exclude(&self) -> Exclude<'_> {
        let connection = self.except_connection.map(Exclude::Connection);
        let client = self.except_client.as_deref().map(Exclude::Client);
        client.or(connection).unwrap_or(Exclude::Nobody)
    }
}

impl Event<'static> {
    pub(in super::super) fn close(close: &Close) -> Self {
        let Close { code, reason } = close.clone();
        Self::Close { code, reason }
    }
}

/// The text of an envelope; `None` for a message that JSON cannot express.
pub(super) fn encode<P: Serialize>(from: &str, event: Event<'_, P>) -> Option<String> {
    let from = Cow::Borrowed(from);
    let v = VERSION;
    serde_json::to_string(&Envelope { v, from, event }).ok()
}

/// Reads an envelope; `None` if it is none that this version understands.
pub(super) fn decode(bytes: &[u8]) -> Option<Envelope<'_, &RawValue>> {
    let bytes = Some(bytes).filter(|bytes| bytes.len() <= MAX_BYTES)?;
    let envelope: Envelope<'_, &RawValue> = serde_json::from_slice(bytes).ok()?;
    (envelope.v == VERSION).then_some(envelope)
}
