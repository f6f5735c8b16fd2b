//! What a request to connect carries to show who sends it, and the tokens of `WS_TOKENS`.

use axum::http::request::Parts;

use std::fmt;

/// The protocol that a browser names beside its token, and that the answer names alone: a token is
/// never sent back.
pub(super) const PROTOCOL: &str = "ws.v1";

/// What a request says about who sends it.
#[derive(Debug, Clone, Copy)]
pub struct Credentials<'a> {
    pub(super) parts: &'a Parts,
    /// The client id in the path; anyone can write any.
    pub client_id: Option<&'a str>,
}

impl<'a> Credentials<'a> {
    /// The token in `Authorization: Bearer …`, or from a browser, which cannot set that, in
    /// `new WebSocket(url, ["ws.v1", "bearer." + token])`.
    pub fn bearer(&self) -> Option<&'a str> {
        let header = self
            .header("authorization")
            .find_map(|value| value.strip_prefix("Bearer "));
        let mut protocols = self
            .header("sec-websocket-protocol")
            .flat_map(|value| value.split(','));
        header.or_else(|| protocols.find_map(|protocol| protocol.trim().strip_prefix("bearer.")))
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&'a str> {
        find(
            self.header("cookie").flat_map(|value| value.split(';')),
            name,
        )
    }

    /// The value of a parameter of the query, as it stands there.
    pub fn query(&self, name: &str) -> Option<&'a str> {
        find(self.parts.uri.query()?.split('&'), name)
    }

    /// A header of the request, once for each time it is there.
    pub fn header(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let values = self.parts.headers.get_all(name).iter();
        values.filter_map(|value| value.to_str().ok())
    }
}

fn find<'a>(mut pairs: impl Iterator<Item = &'a str>, name: &str) -> Option<&'a str> {
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Tokens and the clients that they stand for: enough for programs and a start. People sign in
/// elsewhere, and `auth.rs` asks there.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Tokens(Vec<(String, String)>);

impl Tokens {
    /// Reads `client:token,client:token`; a token has at least 16 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let entries = text.split(',').map(|entry| {
            let (client_id, token) = entry.trim().split_once(':')?;
            let is_long = token.len() >= 16 && !client_id.is_empty();
            is_long.then(|| (client_id.to_owned(), token.to_owned()))
        });
        entries.collect::<Option<_>>().map(Self)
    }

    /// The client that a token stands for. Takes the same time for any wrong token of the same
    /// length.
    pub fn client_of(&self, token: &str) -> Option<&str> {
        let is_same = |other: &str| {
            let pairs = token.bytes().zip(other.bytes());
            token.len() == other.len() && pairs.fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
        };
        let known = self.0.iter().find(|(_, other)| is_same(other));
        known.map(|(client_id, _)| client_id.as_str())
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens({} secret)", self.0.len())
    }
}
