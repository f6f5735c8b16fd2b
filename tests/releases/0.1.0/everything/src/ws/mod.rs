//! The WebSocket layer: rooms, broadcasts and personal messages over connections that are watched
//! and bounded.
//!
//! Three files are yours to change: `handler.rs` (what a message does), `messages.rs` (the typed
//! messages) and `auth.rs` (who may connect, and who may join which room). The others are the
//! engine; after an upgrade of rwx, `rwx infra add` renews them and keeps what you changed.
//!
//! ```text
//! let hub = ws::Hub::start(ws::WsConfig::from_env()?);
//! let app = app.merge(ws::router(hub.clone()));
//! ```
//!
//! At the end `hub.shutdown` sends the clients away; it says where to call it in a service with
//! requests that never end.
//!
//! `tests/patterns.rs` shows how to notify from a background task, feed a dashboard, and broadcast
//! from an endpoint.
//!
//! A request travels through the files in this order: `upgrade` (checks, then the upgrade),
//! `connection` (its life), `driver` (reading and the clock), `request` (JSON to types), `handler`,
//! `hub`, `bus` (who receives), `transport` (writing), `turn` (when), `wire` (the bounded queue).
//! What is sent also goes to the other instances: `redis` says how.
//!
//! Pages connect by `client.js`, which `client.d.ts` describes and `demo.html` shows at work.

// A program uses the part of this interface that it needs; what it does not call is there for the
// next line it writes.
#![allow(dead_code, unreachable_pub, unused_imports)]
// Most of its methods do something, and also return a count that may be ignored.
#![allow(clippy::must_use_candidate)]

mod address;
mod auth;
mod bus;
mod compat;
mod config;
mod connection;
mod credentials;
mod drain;
mod driver;
mod env;
mod frame;
mod handler;
mod heartbeat;
mod history;
mod hub;
mod ids;
mod limits;
mod messages;
mod origin;
mod pages;
mod redis;
mod refusal;
mod registry;
mod request;
mod resume;
mod rooms;
mod session;
mod stats;
mod sync;
#[cfg(test)]
mod tests;
mod tickets;
mod transport;
mod turn;
mod upgrade;
mod wire;

pub use self::redis::RedisUrl;
pub use address::Network;
pub use auth::Identity;
pub use bus::Exclude;
pub use config::{Auth, WsConfig};
pub use connection::Connection;
pub use credentials::{Credentials, Tokens};
pub use env::ConfigError;
pub use frame::Close;
pub use history::{Recalled, Seq};
pub use hub::{Admission, Hub};
pub use ids::ConnectionId;
pub use messages::{ClientMessage, Joined, MessageError, ServerMessage};
pub use refusal::Refusal;
pub use resume::ResumeToken;
pub use session::Session;
pub use stats::Stats;
pub use upgrade::router;
