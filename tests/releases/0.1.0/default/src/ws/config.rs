//! The settings of this layer, and the variables of the environment that they come from.

use std::time::Duration;

use super::address::Network;
use super::credentials::Tokens;
use super::env::{ConfigError, Env};
use super::origin;
use super::redis::RedisUrl;

/// The settings. [`WsConfig::from_env`] reads the environment; the defaults stand at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WsConfig {
    /// `WS_REDIS_URL`: the Redis that connects instances, or nodes of a cluster with commas between;
    /// none: this instance is alone.
    pub redis_url: Option<RedisUrl>,
    /// `WS_REDIS_PREFIX`: what the names of this program's channels in Redis start with.
    pub redis_prefix: String,
    /// `WS_RESUME_TTL`: the seconds that a client has to connect again and get its rooms back by
    /// its token; 0: there are no tokens.
    pub resume_ttl: Duration,
    /// `WS_HEARTBEAT_INTERVAL`: the seconds from one ping to the next.
    pub heartbeat_interval: Duration,
    /// `WS_HEARTBEAT_TIMEOUT`: the seconds that a client has to answer a ping. One that sends
    /// nothing for the interval and this time together is closed (4009).
    pub heartbeat_timeout: Duration,
    /// `WS_AUTH`: how a client shows who it is: none, bearer, cookie or ticket.
    pub auth: Auth,
    /// `WS_TOKENS`: the tokens that `verify_token` knows, as `client:token,client:token`.
    pub tokens: Tokens,
    /// `WS_ALLOWED_ORIGINS`: the pages that may connect, as `https://app.example.com`,
    /// `https://*.example.com` or `*` for all. Empty: those of the host that they connect to.
    pub allowed_origins: Vec<String>,
    /// `WS_TRUSTED_PROXIES`: the proxies whose `X-Forwarded-For` is believed, as `10.0.0.0/8`. The
    /// clients of any other proxy count as one address.
    pub trusted_proxies: Vec<Network>,
    /// `WS_MAX_CONNECTIONS`: connections to this instance. One more is refused (503).
    pub max_connections: usize,
    /// `WS_MAX_CONNECTIONS_PER_IP`: connections from one address. One more is refused (429).
    pub max_connections_per_ip: usize,
    /// `WS_MAX_CONNECTIONS_PER_CLIENT`: tabs and devices of a client. One more is refused (429).
    pub max_connections_per_client: usize,
    /// `WS_MAX_MESSAGE_BYTES`: the longest message of a client. A longer one closes (1009).
    pub max_message_bytes: usize,
    /// `WS_MAX_ROOMS`: the rooms of one connection. One more is answered with an error.
    pub max_rooms: usize,
    /// `WS_TYPING`: whether others see that somebody is typing: off or on.
    pub typing: bool,
    /// `WS_RATE_LIMIT`: messages a second of one connection; 0 sets no limit. More closes (4029).
    pub rate_limit: u32,
    /// `WS_RATE_BURST`: messages that it may send at once; 0 sets no limit.
    pub rate_burst: u32,
    /// `WS_QUEUE_MESSAGES`: messages that wait for a slow reader. One more closes (4008).
    pub queue_messages: usize,
    /// `WS_QUEUE_BYTES`: the bytes that these may have together. More closes (4008).
    pub queue_bytes: usize,
    /// `WS_WRITE_TIMEOUT`: the seconds after which a connection that takes nothing is dropped.
    pub write_timeout: Duration,
    /// `WS_DRAIN_SECONDS`: the seconds over which a shutdown spreads its closes.
    pub drain: Duration,
    /// `WS_METRICS`: whether `/ws/metrics` and `/ws/health` answer: off or on. They answer
    /// anyone who reaches them.
    pub metrics: bool,
}

/// How a client shows who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// It does not: it is who it says in `/ws/{client_id}`, or somebody new. The last part of
    /// another route, as `metrics`, is no client id.
    None,
    /// By a token in a header.
    Bearer,
    /// By a token in a cookie.
    Cookie,
    /// By a ticket that it got for its token.
    Ticket,
}

impl Default for WsConfig {
    fn default() -> Self {
        Self::read(&mut Env::new(&|_| None))
    }
}

impl WsConfig {
    /// Reads the environment. A variable that is not set, or is empty, means the default.
    ///
    /// # Errors
    /// A variable holds a value that is not allowed.
    pub fn from_env() -> Result<Self, ConfigError> {
        let text = |value: std::ffi::OsString| value.to_string_lossy().into_owned();
        Self::from_lookup(&|name| std::env::var_os(name).map(text))
    }

    /// Reads the environment; at a wrong value prints what is wrong and ends the program with exit
    /// code 1. For places that cannot use `?`.
    #[allow(clippy::exit, clippy::print_stderr)] // to end with a message is its purpose
    pub fn from_env_or_exit() -> Self {
        Self::from_env().unwrap_or_else(|error| {
            eprintln!("error: {error}");
            std::process::exit(1)
        })
    }

    pub(super) fn from_lookup(
        lookup: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let mut env = Env::new(lookup);
        let config = Self::read(&mut env);
        env.error.map_or(Ok(config), Err)
    }

    /// The settings, each with its default.
    fn read(env: &mut Env<'_>) -> Self {
        let auths = "none, bearer, cookie or ticket";
        let tokens = "client:token,client:token, tokens of 16 bytes or more";
        let origins = "origins with commas between, as https://app.example.com or \
            https://*.example.com, or *";
        let origin = |entry: &str| origin::is_valid(entry).then(|| entry.to_owned());
        let proxies = "addresses or networks with commas between, as 127.0.0.1,10.0.0.0/8";
        let redis_url = "a URL as redis://:password@127.0.0.1:6379 (TLS, with rediss://, takes \
            `rwx infra add websocket --set tls=true`)";
        let switch = |value: &str| ["off", "on"].contains(&value).then_some(value == "on");
        Self {
            redis_url: env.secret("WS_REDIS_URL", redis_url, RedisUrl::parse),
            redis_prefix: env
                .text("WS_REDIS_PREFIX")
                .unwrap_or_else(|| "app:ws".to_owned()),
            resume_ttl: env.seconds_or_off("WS_RESUME_TTL", 60),
            heartbeat_interval: env.seconds("WS_HEARTBEAT_INTERVAL", 30),
            heartbeat_timeout: env.seconds("WS_HEARTBEAT_TIMEOUT", 20),
            auth: env
                .parse("WS_AUTH", auths, Auth::parse)
                .unwrap_or(Auth::None),
            tokens: env
                .secret("WS_TOKENS", tokens, Tokens::parse)
                .unwrap_or_default(),
            allowed_origins: env.list("WS_ALLOWED_ORIGINS", origins, origin),
            trusted_proxies: env.list("WS_TRUSTED_PROXIES", proxies, Network::parse),
            max_connections: env.count("WS_MAX_CONNECTIONS", 10_000),
            max_connections_per_ip: env.count("WS_MAX_CONNECTIONS_PER_IP", 200),
            max_connections_per_client: env.count("WS_MAX_CONNECTIONS_PER_CLIENT", 16),
            max_message_bytes: env.count("WS_MAX_MESSAGE_BYTES", 64 * 1024),
            max_rooms: env.count("WS_MAX_ROOMS", 128),
            typing: env.parse("WS_TYPING", "off or on", switch).unwrap_or(true),
            rate_limit: env.rate("WS_RATE_LIMIT", 20),
            rate_burst: env.rate("WS_RATE_BURST", 40),
            queue_messages: env.count("WS_QUEUE_MESSAGES", 256),
            queue_bytes: env.count("WS_QUEUE_BYTES", 1024 * 1024),
            write_timeout: env.seconds("WS_WRITE_TIMEOUT", 10),
            drain: env.seconds("WS_DRAIN_SECONDS", 8),
            metrics: env
                .parse("WS_METRICS", "off or on", switch)
                .unwrap_or(false),
        }
    }
}

impl Auth {
    /// What `WS_AUTH` calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Bearer => "bearer",
            Self::Cookie => "cookie",
            Self::Ticket => "ticket",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let all = [Self::None, Self::Bearer, Self::Cookie, Self::Ticket];
        all.into_iter().find(|auth| auth.name() == text)
    }
}
