//! Who may connect, and who may join which room. Yours to change.
//!
//! `WS_AUTH` says how a client shows who it is: `none` (it does not), `bearer` (a token), `cookie`
//! (a token that the browser keeps) or `ticket` (a one-use ticket, which a page gets for its token
//! from `POST /ws/ticket`). Whose a token is, [`verify_token`] says: replace its body by a
//! question to your sessions, or a check of your JWTs.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::config::Auth;
use super::credentials::Credentials;
use super::hub::Hub;
use super::ids;
use super::refusal::Refusal;

/// The cookie that holds the token, where `WS_AUTH` is `cookie` or `ticket`.
const COOKIE: &str = "ws_token";

/// The longest client id that is accepted from a path, in bytes.
const MAX_CLIENT_ID: usize = 128;

/// Who a client is. Add what your handlers need to know: a name, a role, a tenant.
///
/// A ticket keeps all of it in Redis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The name by which the hub knows the client: the same for all its tabs and devices.
    #[serde(with = "super::tickets::shared_text")]
    pub client_id: Arc<str>,
}

impl Identity {
    /// An identity with nothing but a name.
    pub fn new(client_id: impl Into<Arc<str>>) -> Self {
        let client_id = client_id.into();
        Self { client_id }
    }
}

/// Finds out who wants to connect, before the upgrade.
///
/// # Errors
/// The credentials are missing or wrong: the request is refused.
pub async fn authenticate(hub: &Hub, credentials: Credentials<'_>) -> Result<Identity, Refusal> {
    let identity = match hub.config().auth {
        Auth::None => Some(anyone(credentials)?),
        Auth::Bearer => verify_token(hub, credentials.bearer()).await,
        Auth::Cookie => verify_token(hub, credentials.cookie(COOKIE)).await,
        Auth::Ticket => match credentials.query("ticket") {
            Some(ticket) => hub.redeem_ticket(ticket).await,
            None => None,
        },
    };
    identity.ok_or(Refusal::Unauthenticated)
}

/// Finds out who asks for a ticket.
///
/// # Errors
/// The credentials are missing or wrong: there is no ticket.
pub async fn authenticate_ticket_request(
    hub: &Hub,
    credentials: Credentials<'_>,
) -> Result<Identity, Refusal> {
    let token = credentials.bearer().or(credentials.cookie(COOKIE));
    let identity = verify_token(hub, token).await;
    identity.ok_or(Refusal::Unauthenticated)
}

/// Whose a token is. Out of the box, what `WS_TOKENS` says.
#[allow(clippy::unused_async)] // yours may wait, as for a database
pub async fn verify_token(hub: &Hub, token: Option<&str>) -> Option<Identity> {
    hub.config().tokens.client_of(token?).map(Identity::new)
}

/// Whether a client may join a room that it asks for. What your own code does on the hub does not
/// pass here.
///
/// Out of the box every room is open to everyone who may connect. A rule could be:
///
/// ```text
/// // a room as `user:ann` belongs to one client
/// match room.strip_prefix("user:") {
///     Some(owner) => owner == &*identity.client_id,
///     None => true,
/// }
/// ```
#[allow(clippy::unused_async)] // yours may wait, as for a database
pub async fn authorize_join(identity: &Identity, room: &str) -> bool {
    let _ = (identity, room);
    true
}

/// The client that the path names, or a new one that nobody can guess.
fn anyone(credentials: Credentials<'_>) -> Result<Identity, Refusal> {
    let Some(client_id) = credentials.client_id else {
        return ids::secret().map(Identity::new);
    };
    if client_id.len() > MAX_CLIENT_ID || client_id.contains(char::is_control) {
        return Err(Refusal::Unauthenticated);
    }
    Ok(Identity::new(client_id))
}
