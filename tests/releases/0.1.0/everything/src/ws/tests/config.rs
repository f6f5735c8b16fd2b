//! The environment.

use std::time::Duration;

use super::super::RedisUrl;
use super::super::WsConfig;

fn read(variable: &str, value: &str) -> Result<WsConfig, String> {
    let lookup = |name: &str| (name == variable).then(|| value.to_owned());
    WsConfig::from_lookup(&lookup).map_err(|error| error.to_string())
}

#[test]
fn what_is_unset_or_empty_is_the_default() {
    assert_eq!(read("", ""), Ok(WsConfig::default()));
    assert_eq!(read("WS_HEARTBEAT_INTERVAL", ""), Ok(WsConfig::default()));
    assert_eq!(read("WS_MAX_ROOMS", "  "), Ok(WsConfig::default()));
}

#[test]
fn values_are_read() {
    let config = read("WS_HEARTBEAT_INTERVAL", "0.5").unwrap();
    assert_eq!(config.heartbeat_interval, Duration::from_millis(500));
    assert_eq!(read("WS_MAX_ROOMS", " 3 ").unwrap().max_rooms, 3);
    assert_eq!(read("WS_RATE_LIMIT", "0").unwrap().rate_limit, 0);
}

#[test]
fn a_wrong_value_is_named_with_its_variable_and_what_is_allowed() {
    for (variable, value, allowed) in [
        (
            "WS_HEARTBEAT_INTERVAL",
            "abc",
            "a number of seconds from 0.001 to 86400",
        ),
        (
            "WS_HEARTBEAT_INTERVAL",
            "0",
            "a number of seconds from 0.001 to 86400",
        ),
        (
            "WS_HEARTBEAT_TIMEOUT",
            "-1",
            "a number of seconds from 0.001 to 86400",
        ),
        (
            "WS_WRITE_TIMEOUT",
            "NaN",
            "a number of seconds from 0.001 to 86400",
        ),
        (
            "WS_WRITE_TIMEOUT",
            "inf",
            "a number of seconds from 0.001 to 86400",
        ),
        ("WS_MAX_ROOMS", "0", "a whole number from 1 to 1000000000"),
        (
            "WS_QUEUE_BYTES",
            "1.5",
            "a whole number from 1 to 1000000000",
        ),
        (
            "WS_RATE_LIMIT",
            "-1",
            "a whole number from 0 (no limit) to 1000000",
        ),
    ] {
        assert_eq!(
            read(variable, value),
            Err(format!("{variable} is {value:?}: it must be {allowed}"))
        );
    }
}

#[test]
fn what_is_no_url_of_a_redis_is_refused_and_not_repeated() {
    for good in [
        "redis://127.0.0.1:6379",
        "redis://:password@db:6379/1,redis://db2",
    ] {
        let config = read("WS_REDIS_URL", good).unwrap();
        assert_eq!(config.redis_url, RedisUrl::parse(good));
        assert!(!format!("{config:?}").contains("password"));
    }
    for bad in ["127.0.0.1:6379", "http://:password@db", "redis://db,"] {
        let error = read("WS_REDIS_URL", bad).unwrap_err();
        assert!(error.starts_with("WS_REDIS_URL is \"a secret\""), "{error}");
    }
}

#[test]
fn lists_are_read_entry_by_entry() {
    let config = read(
        "WS_ALLOWED_ORIGINS",
        "https://a.example, https://*.b.example",
    )
    .unwrap();
    assert_eq!(
        config.allowed_origins,
        ["https://a.example", "https://*.b.example"]
    );
    assert_eq!(
        read("WS_TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8,::1")
            .unwrap()
            .trusted_proxies
            .len(),
        3
    );
    for (variable, value) in [
        ("WS_ALLOWED_ORIGINS", "a.example"),
        ("WS_ALLOWED_ORIGINS", "https://a.example/"),
        ("WS_ALLOWED_ORIGINS", "https://a.example,"),
        ("WS_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("WS_TRUSTED_PROXIES", "localhost"),
    ] {
        assert!(
            read(variable, value).unwrap_err().starts_with(variable),
            "{value}"
        );
    }
}

#[test]
fn an_error_repeats_no_secret() {
    let error = read("WS_TOKENS", "ann:too-short").unwrap_err();
    assert!(
        error.starts_with("WS_TOKENS") && !error.contains("short"),
        "{error}"
    );
}
