//! Places: the one too many is refused, and a place comes back.

use axum::extract::ConnectInfo;
use axum::http::Request;

use std::net::SocketAddr;

use super::super::address::warning;
use super::super::{Network, WsConfig};
use super::Server;

#[tokio::test]
async fn the_eleventh_of_ten_connections_is_refused_until_one_closes() {
    let server = Server::start(WsConfig {
        max_connections: 10,
        ..WsConfig::default()
    });
    let mut clients = Vec::new();
    for _ in 0..10 {
        clients.push(server.connect("ann").await);
    }
    assert_eq!(server.try_connect("bob").await.err(), Some(503));
    drop(clients.pop());
    connects_in_time(&server, "bob").await;
}

#[tokio::test]
async fn one_client_has_a_number_of_connections() {
    let server = Server::start(WsConfig {
        max_connections_per_client: 2,
        ..WsConfig::default()
    });
    let (first, _second) = (server.connect("ann").await, server.connect("ann").await);
    assert_eq!(server.try_connect("ann").await.err(), Some(429));
    let _other = server.connect("bob").await;
    drop(first);
    connects_in_time(&server, "ann").await;
}

/// A place comes back when the server has seen that its connection ended.
async fn connects_in_time(server: &Server, client_id: &str) {
    let trying = async {
        while server.try_connect(client_id).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(super::PATIENCE, trying)
        .await
        .expect("a place comes back");
}

#[tokio::test]
async fn one_address_has_a_number_of_connections() {
    let server = Server::start(WsConfig {
        max_connections_per_ip: 1,
        ..WsConfig::default()
    });
    let _first = server.connect("ann").await;
    let invented = ("x-forwarded-for", "198.51.100.7");
    assert_eq!(server.open("/bob", &[invented]).await.err(), Some(429));
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_address_of_the_client_counts() {
    let trusted_proxies = vec![
        Network::parse("127.0.0.0/8").unwrap(),
        Network::parse("10.0.0.1").unwrap(),
    ];
    let config = WsConfig {
        max_connections_per_ip: 1,
        trusted_proxies,
        ..WsConfig::default()
    };
    let server = Server::start(config);
    let _first = server
        .open("/ann", &[("x-forwarded-for", "198.51.100.7, 10.0.0.1")])
        .await
        .ok()
        .unwrap();
    for (forwarded, status) in [
        ("203.0.113.1, 198.51.100.7", Some(429)),
        ("198.51.100.7, 203.0.113.1", None),
        ("198.51.100.7, 10.0.0.2", None),
        ("2001:db8::1", None),
        ("192.0.2.1, nonsense, 198.51.100.7", Some(429)),
        ("192.0.2.1:4711", None),
    ] {
        let client = server.open("/ann", &[("x-forwarded-for", forwarded)]).await;
        assert_eq!(client.err(), status, "{forwarded}");
    }
    // The addresses of one /64 are one household's; this place is taken until the other one is
    // given back.
    let _sixth = server
        .open("/ann", &[("x-forwarded-for", "2001:db8:0:1::1")])
        .await
        .ok()
        .unwrap();
    let neighbour = server
        .open("/ann", &[("x-forwarded-for", "2001:db8:0:1::2")])
        .await;
    assert_eq!(neighbour.err(), Some(429));
}

#[test]
fn a_warning_says_why_no_limit_counts_the_address_of_the_client() {
    let proxy = SocketAddr::from(([10, 0, 0, 1], 4711));
    let direct = Request::builder().extension(ConnectInfo(proxy));
    let direct = direct.body(()).unwrap().into_parts().0;
    let mut forwarded = direct.clone();
    let client = "198.51.100.7".parse().unwrap();
    forwarded.headers.insert("x-forwarded-for", client);
    let unknown = Request::new(()).into_parts().0;
    let trusted = [Network::parse("10.0.0.0/8").unwrap()];
    for (parts, proxies, named) in [
        (&direct, &[][..], None),
        (&forwarded, &trusted, None),
        (&forwarded, &[], Some("WS_TRUSTED_PROXIES")),
        (&unknown, &[], Some("into_make_service_with_connect_info")),
    ] {
        let warned = warning(parts, proxies);
        assert_eq!(warned.is_some(), named.is_some());
        let text = warned.unwrap_or_default();
        assert!(text.contains(named.unwrap_or_default()), "{text}");
    }
}
