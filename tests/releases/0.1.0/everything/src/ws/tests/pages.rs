//! What browsers load.

use super::super::config::{Auth, WsConfig};
use super::super::upgrade::ROUTE;
use super::Server;

/// The value of a header of an answer; empty if it is not there.
fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let mut lines = answer.lines().take_while(|line| !line.is_empty());
    let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    value.unwrap_or_default()
}

#[tokio::test]
async fn the_client_is_sent_once_and_again_when_it_has_changed() {
    let server = Server::start(WsConfig::default());
    let path = format!("{ROUTE}/client.js");
    let answer = server.http("GET", &path, "").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(header(&answer, "content-type").starts_with("text/javascript"));
    assert!(answer.ends_with(include_str!("../client.js")));
    let known = format!("if-none-match: {}\r\n", header(&answer, "etag"));
    let unchanged = server.http("GET", &path, &known).await;
    assert!(unchanged.starts_with("HTTP/1.1 304"), "{unchanged}");
    let other = server.http("GET", &path, "if-none-match: \"x\"\r\n").await;
    assert!(other.starts_with("HTTP/1.1 200"), "{other}");
}

#[tokio::test]
async fn the_demo_runs_only_its_own_script_and_knows_how_to_sign_in() {
    let auth = Auth::Ticket;
    let config = WsConfig {
        auth,
        ..WsConfig::default()
    };
    let server = Server::start(config);
    let answer = server.http("GET", &format!("{ROUTE}/demo"), "").await;
    let policy = header(&answer, "content-security-policy");
    let (_, nonce) = policy.split_once("script-src 'self' 'nonce-").unwrap();
    let (nonce, _) = nonce.split_once('\'').unwrap();
    assert_eq!(nonce.len(), 32);
    assert!(answer.contains(&format!("<script type=\"module\" nonce=\"{nonce}\">")));
    assert!(answer.contains("data-auth=\"ticket\""));
    let again = server.http("GET", &format!("{ROUTE}/demo"), "").await;
    assert!(!again.contains(nonce), "a nonce is used once");
}
