//! The hub: a handle to every connection, for handlers, background tasks and services alike.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock};

use hyper::upgrade::Upgraded;

use super::auth::Identity;
use super::bus::Target;
use super::config::{Auth, WsConfig};
use super::connection::Connection;
use super::frame::Close;
use super::handler;
use super::ids::ConnectionIds;
use super::limits::{Limits, Permits};
use super::redis::{Bus, Event};
use super::refusal::Refusal;
use super::registry::Registry;
use super::session::Session;
use super::stats::Stats;
use super::sync::lock;
use super::tickets::Tickets;
use super::transport::Transport;

/// A handle to all connections. Clones are cheap and share everything: keep one in the state of
/// your handlers, in tasks, in services. Only the `async` methods wait: the others may be called
/// anywhere.
///
/// Delivery is at most once: a connection that is closed, or reads too slowly, misses what was sent
/// to it.
#[derive(Clone)]
pub struct Hub {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    config: WsConfig,
    pub(super) ids: ConnectionIds,
    pub(super) registry: Registry,
    pub(super) limits: Limits,
    pub(super) tickets: Tickets,
    counted: Mutex<Stats>,
    pub(super) draining: OnceLock<()>,
    pub(super) bus: Option<Bus>,
}

/// A place for one connection, with its owner; dropping it gives the place back.
#[derive(Debug)]
pub struct Admission {
    identity: Identity,
    permits: Permits,
}

impl Hub {
    /// Starts the layer. Call it inside the Tokio runtime.
    pub fn start(config: WsConfig) -> Self {
        warn_about(&config);
        let ids = ConnectionIds::new();
        let bus = || Bus::new(ids.next().to_string(), config.redis_prefix.clone());
        let bus = config.redis_url.as_ref().map(|_| bus());
        let inner = Inner {
            bus,
            limits: Limits::new(&config),
            registry: Registry::default(),
            ids,
            tickets: Tickets::default(),
            counted: Mutex::default(),
            draining: OnceLock::new(),
            config,
        };
        let inner = Arc::new(inner);
        let hub = Self { inner };
        hub.start_bus();
        hub
    }

    /// The settings that the layer was started with.
    pub fn config(&self) -> &WsConfig {
        &self.inner.config
    }

    /// Takes a place for a connection that is about to be made.
    ///
    /// # Errors
    /// No place is left in all, for this address or for this client, or the server is about to end.
    pub fn admit(&self, identity: Identity, address: Option<IpAddr>) -> Result<Admission, Refusal> {
        if self.inner.draining.get().is_some() {
            return Err(Refusal::Draining);
        }
        let permits = self.inner.limits.acquire(&identity.client_id, address)?;
        Ok(Admission { identity, permits })
    }

    /// Registers a socket on which the handshake is done. Dropping the connection takes it out
    /// again, whatever happened to it.
    pub fn connect(&self, socket: Upgraded, admission: Admission) -> Connection {
        let id = self.inner.ids.next();
        let transport = Transport::new(socket, self.config());
        let token = self.issue_resume_token();
        let session = Session::new(id, admission.identity, transport, token);
        session.send(&handler::welcome(&session));
        self.inner.registry.insert(&session);
        self.count(|stats| stats.accepted += 1);
        self.client_changed(session.client_id());
        Connection::new(self.clone(), session, admission.permits)
    }

    /// Closes all connections of a client, on every instance; says how many there were here. While
    /// `bus_up` in [`Hub::stats`] is 0, those of other instances stay: nobody tells them later.
    pub fn disconnect(&self, client_id: &str, close: &Close) -> usize {
        self.relay(&Target::Client(client_id), Event::close(close));
        self.disconnect_here(client_id, close)
    }

    pub(super) fn disconnect_here(&self, client_id: &str, close: &Close) -> usize {
        let sessions = self.sessions(client_id);
        for session in &sessions {
            session.close(close.clone());
        }
        sessions.len()
    }

    /// The numbers of this moment.
    pub fn stats(&self) -> Stats {
        Stats {
            connections: self.connection_count(),
            clients: self.inner.registry.client_count(),
            rooms: self.inner.registry.room_count(),
            ..*lock(&self.inner.counted)
        }
    }

    pub(super) fn count(&self, add: impl FnOnce(&mut Stats)) {
        add(&mut lock(&self.inner.counted));
    }

    pub(super) fn refuse(&self, refusal: Refusal, address: Option<IpAddr>) -> Refusal {
        self.count(|stats| stats.refused += 1);
        let status = refusal.status().as_u16();
        tracing::info!(status, %refusal, ?address, "a request was refused");
        refusal
    }
}

/// Shows nothing of what is in it, which is large, and has secrets.
impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

fn warn_about(config: &WsConfig) {
    if config.auth == Auth::None {
        tracing::warn!("WS_AUTH is none: anyone may connect, under any client id");
    }
}
