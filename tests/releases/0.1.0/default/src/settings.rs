//! Settings: read from the environment once, at start.

use std::{env, fmt::Display, net::IpAddr, str::FromStr};

use anyhow::anyhow;

/// All settings of the service.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `HOST`: the address to listen on.
    pub host: IpAddr,
    /// `PORT`: the port to listen on.
    pub port: u16,
    /// `RUST_LOG`: what is logged.
    pub rust_log: String,
    /// The WebSocket layer, from the `WS_…` variables.
    pub ws: crate::ws::WsConfig,
}

impl Settings {
    /// Reads the environment, and `.env` where there is one.
    ///
    /// # Errors
    /// When `.env` is malformed or a variable has a value that it cannot have.
    pub fn from_env() -> anyhow::Result<Self> {
        match dotenvy::dotenv() {
            Err(error) if !error.not_found() => return Err(error.into()),
            _ => {}
        }
        Ok(Self {
            host: var("HOST", "127.0.0.1")?,
            port: var("PORT", "3000")?,
            rust_log: var("RUST_LOG", "info")?,
            ws: crate::ws::WsConfig::from_env()?,
        })
    }
}

/// The variable `name`, or `default` where it is not set or empty.
fn var<T>(name: &str, default: &str) -> anyhow::Result<T>
where
    T: FromStr<Err: Display>,
{
    let value = env::var(name).unwrap_or_default();
    let value = if value.is_empty() { default } else { &value };
    value
        .parse()
        .map_err(|error| anyhow!("{name}={value} is not valid: {error}"))
}
