//! From the text of a client to a typed request, and the answer back with the request's id.

use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::{Map, Value};

use super::messages::{ClientMessage, MessageError, ServerMessage};

#[derive(Debug, Serialize)]
pub(super) struct Answer {
    #[serde(flatten)]
    message: ServerMessage,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: RequestId,
}

pub(super) type RequestId = Option<Value>;

impl Answer {
    /// The answer to a request; `None` if there is nothing to say.
    pub(super) fn new(
        id: RequestId,
        result: Result<Option<ServerMessage>, MessageError>,
    ) -> Option<Self> {
        let message = result.unwrap_or_else(|error| Some(ServerMessage::Error(error)))?;
        Some(Self { message, id })
    }
}

/// Reads a request. The id is found in one that is wrong, too, if it is an object.
pub(super) fn decode(text: &str) -> (RequestId, Result<ClientMessage, MessageError>) {
    let mut request: Map<String, Value> = match serde_json::from_str(text) {
        Ok(request) => request,
        Err(error) => return (None, Err(unreadable(&error))),
    };
    let id = request.remove("id").filter(|id| !id.is_null());
    // Serde would take a number for the place of a variant in its enum.
    if !request.get("type").is_some_and(Value::is_string) {
        return (id, Err(invalid("`type` must be there, and be a string")));
    }
    let message = ClientMessage::deserialize(Value::Object(request));
    (id, message.map_err(|error| invalid(error.to_string())))
}

fn unreadable(error: &serde_json::Error) -> MessageError {
    match error.classify() {
        Category::Data => invalid("a message is a JSON object"),
        Category::Syntax | Category::Eof | Category::Io => {
            MessageError::new("invalid_json", error.to_string())
        }
    }
}

fn invalid(message: impl Into<String>) -> MessageError {
    MessageError::new("invalid_message", message)
}
