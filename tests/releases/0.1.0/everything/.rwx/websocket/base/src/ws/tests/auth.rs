//! Who may connect: each way to show it, and what happens without.

use std::time::Duration;

use serde_json::Value;

use super::super::tickets::LIFETIME;
use super::super::upgrade::ROUTE;
use super::super::{Auth, Hub, Identity, Tokens, WsConfig};
use super::Server;

const TOKEN: &str = "a-token-that-is-long-enough";

fn config(auth: Auth) -> WsConfig {
    let tokens = Tokens::parse(&format!("ann:{TOKEN},bob:another-token-of-bob")).unwrap();
    WsConfig {
        auth,
        tokens,
        ..WsConfig::default()
    }
}

#[tokio::test]
async fn without_authentication_a_client_names_itself_or_is_named() {
    let server = Server::start(config(Auth::None));
    assert_eq!(server.connect("ann").await.welcome["client_id"], "ann");
    let (one, two) = (
        server.open("", &[]).await.ok().unwrap(),
        server.open("", &[]).await.ok().unwrap(),
    );
    assert_eq!(one.welcome["client_id"].as_str().unwrap().len(), 32);
    assert_ne!(one.welcome["client_id"], two.welcome["client_id"]);
    assert_eq!(server.try_connect(&"x".repeat(129)).await.err(), Some(401));
}

#[tokio::test]
async fn a_bearer_token_comes_in_a_header_or_beside_the_protocol_and_is_never_sent_back() {
    let server = Server::start(config(Auth::Bearer));
    let header = format!("Bearer {TOKEN}");
    let client = server
        .open("", &[("authorization", &header)])
        .await
        .ok()
        .unwrap();
    assert_eq!(client.welcome["client_id"], "ann");

    let protocols = format!("ws.v1, bearer.{TOKEN}");
    let client = server
        .open("", &[("sec-websocket-protocol", &protocols)])
        .await
        .ok()
        .unwrap();
    assert_eq!(client.welcome["client_id"], "ann");
    assert_eq!(client.protocol.unwrap(), "ws.v1");
}

#[tokio::test]
async fn a_cookie_holds_a_token() {
    let server = Server::start(config(Auth::Cookie));
    let cookies = format!("theme=dark; ws_token={TOKEN}; other=1");
    let client = server.open("", &[("cookie", &cookies)]).await.ok().unwrap();
    assert_eq!(client.welcome["client_id"], "ann");
}

#[tokio::test]
async fn nobody_connects_without_the_right_token() {
    for auth in [Auth::Bearer, Auth::Cookie, Auth::Ticket] {
        let server = Server::start(config(auth));
        let almost = format!("Bearer {}x", TOKEN.strip_suffix('h').unwrap());
        let cookie = format!("not_ws_token={TOKEN}");
        assert_eq!(server.open("", &[]).await.err(), Some(401));
        assert_eq!(server.open("?ticket=guess", &[]).await.err(), Some(401));
        assert_eq!(
            server.open("", &[("authorization", &almost)]).await.err(),
            Some(401)
        );
        assert_eq!(
            server.open("", &[("cookie", &cookie)]).await.err(),
            Some(401)
        );
        assert_eq!(server.open("/ann", &[]).await.err(), Some(404));
    }
}

#[tokio::test]
async fn a_ticket_works_once() {
    let server = Server::start(config(Auth::Ticket));
    let header = format!("authorization: Bearer {TOKEN}\r\n");
    let answer = server
        .http("POST", &format!("{ROUTE}/ticket"), &header)
        .await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("cache-control: no-store"), "{head}");
    let body: Value = serde_json::from_str(body).unwrap();
    let path = format!("?ticket={}", body["ticket"].as_str().unwrap());

    let client = server.open(&path, &[]).await.ok().unwrap();
    assert_eq!(client.welcome["client_id"], "ann");
    assert_eq!(server.open(&path, &[]).await.err(), Some(401));
    let refused = server.http("POST", &format!("{ROUTE}/ticket"), "").await;
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    assert_eq!(server.hub.stats().refused, 2);
}

#[tokio::test]
async fn a_ticket_works_only_for_its_time() {
    let hub = Hub::start(config(Auth::Ticket));
    for (lifetime, client_id) in [(LIFETIME, Some("ann")), (Duration::ZERO, None)] {
        let issued = hub.issue_ticket(Identity::new("ann"), lifetime).await;
        let identity = hub.redeem_ticket(&issued.unwrap()).await;
        assert_eq!(identity, client_id.map(Identity::new));
    }
}

#[tokio::test]
async fn secrets_are_not_shown() {
    let config = WsConfig {
        redis_url: super::super::RedisUrl::parse("redis://:a-password@127.0.0.1:1"),
        ..config(Auth::Ticket)
    };
    let hub = Hub::start(config);
    let ticket = hub.issue_ticket(Identity::new("ann"), LIFETIME).await;
    let ticket = ticket.unwrap();
    let shown = format!("{hub:?} {:?}", hub.config());
    assert!(shown.contains("auth: Ticket"), "{shown}");
    for secret in [TOKEN, "another", "a-password", &ticket] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
