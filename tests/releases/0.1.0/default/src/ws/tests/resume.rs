//! Tokens that give a client its rooms back. What needs a Redis is tested where this layer comes from.

use std::time::Duration;

use serde_json::json;

use super::super::{RedisUrl, ResumeToken, WsConfig};
use super::Server;

#[test]
fn a_token_is_written_to_the_client_and_to_no_log() {
    let token: ResumeToken = serde_json::from_value(json!("a secret")).unwrap();
    assert_eq!(json!(token), "a secret");
    assert_eq!(format!("{token:?}"), "ResumeToken(..)");
}

#[tokio::test]
async fn without_redis_there_is_no_token_and_none_is_taken() {
    let server = Server::start(WsConfig::default());
    let mut ann = server.connect("ann").await;
    assert_eq!(ann.welcome["resume"], json!(null));
    let token = "0".repeat(32);
    ann.send(json!({"type": "resume", "token": token, "id": 7}))
        .await;
    let error = ann.receive("error").await;
    assert_eq!(error["code"], "not_resumed");
    assert_eq!(error["id"], 7);
}

#[tokio::test]
async fn tokens_may_be_off() {
    let config = |resume_ttl| WsConfig {
        // Nothing listens there.
        redis_url: RedisUrl::parse("redis://127.0.0.1:1"),
        resume_ttl,
        ..WsConfig::default()
    };
    let server = Server::start(config(Duration::ZERO));
    let welcome = server.connect("ann").await.welcome;
    assert_eq!(welcome["resume"], json!(null));
    let server = Server::start(config(Duration::from_secs(1)));
    let [one, two] = [server.connect("ann").await, server.connect("ann").await];
    assert_eq!(one.welcome["resume"].as_str().unwrap().len(), 32);
    assert_ne!(one.welcome["resume"], two.welcome["resume"]);
}
