//! Which pages may connect.

use super::super::WsConfig;
use super::Server;

/// The status for a page of this origin; 101 is a connection.
async fn status(server: &Server, origin: &str) -> u16 {
    server
        .open("/ann", &[("origin", origin)])
        .await
        .err()
        .unwrap_or(101)
}

#[tokio::test]
async fn without_a_list_a_page_of_the_same_host_may_connect() {
    let server = Server::start(WsConfig::default());
    let host = server.address;
    assert_eq!(status(&server, &format!("http://{host}")).await, 101);
    for foreign in [
        "http://evil.example",
        "null",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
    ] {
        assert_eq!(status(&server, foreign).await, 403, "{foreign}");
    }
    assert!(server.try_connect("not-a-browser").await.is_ok());
}

#[tokio::test]
async fn a_port_that_the_scheme_implies_makes_no_difference() {
    let server = Server::start(WsConfig::default());
    for (origin, host) in [
        ("https://app.example", "app.example:443"),
        ("http://APP.example:80", "app.example"),
        ("https://app.example", "app.example"),
    ] {
        let client = server
            .open("/ann", &[("origin", origin), ("host", host)])
            .await;
        assert!(client.is_ok(), "{origin} {host}");
    }
}

#[tokio::test]
async fn a_list_names_origins_and_subdomains() {
    let allowed_origins = vec![
        "https://app.example".to_owned(),
        "https://*.team.example:8443".to_owned(),
    ];
    let server = Server::start(WsConfig {
        allowed_origins,
        ..WsConfig::default()
    });
    let own = format!("http://{}", server.address);
    for (origin, expected) in [
        ("https://app.example", 101),
        ("https://APP.example", 101),
        ("https://a.team.example:8443", 101),
        ("https://a.b.team.example:8443", 101),
        ("https://team.example:8443", 403),
        ("https://.team.example:8443", 403),
        ("https://evilteam.example:8443", 403),
        ("https://a.team.example", 403),
        ("http://app.example", 403),
        ("https://app.example.evil", 403),
        ("null", 403),
        (own.as_str(), 403),
    ] {
        assert_eq!(status(&server, origin).await, expected, "{origin}");
    }
}

#[tokio::test]
async fn a_star_allows_every_page() {
    let server = Server::start(WsConfig {
        allowed_origins: vec!["*".to_owned()],
        ..WsConfig::default()
    });
    assert_eq!(status(&server, "https://anywhere.example").await, 101);
}
