//! The routes, and what happens before a request becomes a WebSocket.

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};

use axum::Router;

use std::future;
use std::net::IpAddr;
use std::sync::Once;

use hyper::upgrade::OnUpgrade;
use tracing::Instrument;

use super::auth;
use super::compat;
use super::config::Auth;
use super::credentials::{Credentials, PROTOCOL};
use super::hub::{Admission, Hub};
use super::refusal::Refusal;
use super::{address, origin, pages, stats, tickets};

pub(super) const ROUTE: &str = "/ws";

/// The routes of the layer, to be merged into a router of any state.
///
/// A layer that the router already has, as for authentication or CORS, does not apply to them: they
/// have their own checks.
pub fn router<S: Clone + Send + Sync + 'static>(hub: Hub) -> Router<S> {
    let mut router = Router::new().route(ROUTE, any(upgrade));
    router = router.merge(pages::routes());
    if hub.config().auth == Auth::None {
        let named = format!("{ROUTE}/{}", compat::CLIENT_ID_SEGMENT);
        router = router.route(&named, any(upgrade));
    }
    if hub.config().auth == Auth::Ticket {
        router = router.route(&format!("{ROUTE}/ticket"), post(give_ticket));
    }
    if hub.config().metrics {
        router = router.merge(stats::routes());
    }
    router.with_state(hub)
}

async fn upgrade(
    State(hub): State<Hub>,
    client_id: Option<Path<String>>,
    request: Request,
) -> Result<Response, Response> {
    let (mut parts, _) = request.into_parts();
    let socket = take_socket(&mut parts);
    let handshake = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let handshake = handshake.map_err(IntoResponse::into_response)?;
    let address = address_of(&hub, &parts);
    let client_id = client_id.as_ref().map(|Path(client_id)| client_id.as_str());
    let credentials = Credentials {
        parts: &parts,
        client_id,
    };
    let admission = admit(&hub, credentials, address).await;
    let refused = |refusal| hub.refuse(refusal, address).into_response();
    let admission = admission.map_err(refused)?;
    if let Some(socket) = socket {
        tokio::spawn(serve(hub, socket, admission));
    }
    let handshake = handshake.protocols([PROTOCOL]);
    Ok(handshake.on_upgrade(|_| future::ready(())))
}

/// Takes the socket that is to come out of a request, and leaves one that never comes: axum answers
/// the handshake, and the layer has the socket to itself.
pub(super) fn take_socket(parts: &mut Parts) -> Option<OnUpgrade> {
    let socket = parts.extensions.remove::<OnUpgrade>()?;
    let none = hyper::upgrade::on(Request::new(()));
    parts.extensions.insert(none);
    Some(socket)
}

async fn serve(hub: Hub, socket: OnUpgrade, admission: Admission) {
    // The client may be gone already.
    let Ok(socket) = socket.await else {
        return;
    };
    let connection = hub.connect(socket, admission);
    let session = connection.session();
    let (client_id, id) = (session.client_id(), session.id());
    let span = tracing::info_span!("ws", client_id, connection_id = %id);
    connection.run().instrument(span).await;
}

async fn admit(
    hub: &Hub,
    credentials: Credentials<'_>,
    address: Option<IpAddr>,
) -> Result<Admission, Refusal> {
    if !origin::is_allowed(credentials.parts, &hub.config().allowed_origins) {
        return Err(Refusal::ForeignOrigin);
    }
    let identity = auth::authenticate(hub, credentials).await?;
    hub.admit(identity, address)
}

async fn give_ticket(State(hub): State<Hub>, parts: Parts) -> Result<impl IntoResponse, Refusal> {
    let address = address_of(&hub, &parts);
    let ticket = issue_ticket(&hub, &parts).await;
    let ticket = ticket.map_err(|refusal| hub.refuse(refusal, address))?;
    let seconds = tickets::LIFETIME.as_secs();
    let body = serde_json::json!({"ticket": ticket, "expires_in": seconds});
    let kind = (CONTENT_TYPE, "application/json");
    Ok(([(CACHE_CONTROL, "no-store"), kind], body.to_string()))
}

async fn issue_ticket(hub: &Hub, parts: &Parts) -> Result<String, Refusal> {
    let client_id = None;
    let credentials = Credentials { parts, client_id };
    let identity = auth::authenticate_ticket_request(hub, credentials).await?;
    hub.issue_ticket(identity, tickets::LIFETIME).await
}

/// The address that a request comes from; says once in the log if it is not that of the client.
fn address_of(hub: &Hub, parts: &Parts) -> Option<IpAddr> {
    static WARNED: Once = Once::new();
    let proxies = &hub.config().trusted_proxies;
    if let Some(warning) = address::warning(parts, proxies) {
        WARNED.call_once(|| tracing::warn!("{warning}"));
    }
    address::of(parts, proxies)
}
