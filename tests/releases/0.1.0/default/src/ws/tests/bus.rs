//! An instance whose Redis is not there: it goes on alone.

use serde_json::json;

use super::super::{Exclude, RedisUrl, WsConfig};
use super::Server;

#[tokio::test]
async fn without_its_redis_an_instance_goes_on_alone() {
    let config = WsConfig {
        // Nothing listens there.
        redis_url: RedisUrl::parse("redis://127.0.0.1:1"),
        ..WsConfig::default()
    };
    let server = Server::start(config);
    let mut ann = server.connect("ann").await;
    ann.join("lobby").await;
    let news = json!({"type": "news"});
    let count = server
        .hub
        .broadcast_to_room("lobby", &news, Exclude::Nobody);
    assert_eq!(count, 1);
    ann.receive("news").await;
    assert_eq!(server.hub.join_room_everywhere("ann", "hall"), 1);
    assert!(server.hub.room_size("hall") == 1);
    assert_eq!(server.hub.room_size_everywhere("hall").await, None);
    assert_eq!(server.hub.is_connected_everywhere("ann").await, None);
    let stats = server.hub.stats();
    assert_eq!((stats.bus_up, stats.bus_published), (0, 0));
    assert!(stats.bus_dropped > 0);
}

#[tokio::test]
async fn without_a_redis_an_instance_is_everywhere() {
    let server = Server::start(WsConfig::default());
    let mut ann = server.connect("ann").await;
    ann.join("lobby").await;
    let hub = &server.hub;
    let members = hub.room_members_everywhere("lobby", 10).await;
    assert_eq!(members, Some(vec!["ann".to_owned()]));
    assert_eq!(hub.room_size_everywhere("lobby").await, Some(1));
    assert_eq!(hub.is_connected_everywhere("bob").await, Some(false));
    assert_eq!(hub.connection_count_everywhere().await, Some(1));
}
