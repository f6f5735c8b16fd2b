//! Redis Cluster: which node has which channel.

use redis::aio::MultiplexedConnection;
use redis::{RedisResult, Value};

use std::ops::RangeInclusive;

use super::connect::in_time;
use super::script::array;

/// The number of slots of a cluster.
const SLOTS: u16 = 16_384;

/// A master and the slots that it has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shard {
    pub(super) url: String,
    pub(super) slots: Vec<RangeInclusive<u16>>,
}

impl Shard {
    /// One Redis that has everything.
    pub(super) fn whole(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            slots: vec![0..=SLOTS - 1],
        }
    }

    pub(super) fn has(&self, channel: &str) -> bool {
        let slot = slot(channel);
        self.slots.iter().any(|slots| slots.contains(&slot))
    }
}

/// The shards of the cluster that a node is in, reached as `url` is; none if it is in none.
pub(super) async fn shards(url: &str, node: &mut MultiplexedConnection) -> RedisResult<Vec<Shard>> {
    let mut command = redis::cmd("CLUSTER");
    match in_time(command.arg("SLOTS").query_async(node)).await {
        Ok(answer) => Ok(read_shards(url, &answer)),
        Err(error) if error.is_io_error() || error.code() == Some("LOADING") => Err(error),
        Err(_) => Ok(Vec::new()),
    }
}

pub(super) fn read_shards(url: &str, answer: &Value) -> Vec<Shard> {
    let mut shards: Vec<Shard> = Vec::new();
    for (slots, host, port) in array(answer).iter().filter_map(entry) {
        let url = with_address(url, &host, port);
        match shards.iter_mut().find(|shard| shard.url == url) {
            Some(shard) => shard.slots.push(slots),
            None => shards.push(Shard {
                url,
                slots: vec![slots],
            }),
        }
    }
    shards
}

/// The slots and the master's address of one entry.
fn entry(entry: &Value) -> Option<(RangeInclusive<u16>, String, i64)> {
    let [Value::Int(first), Value::Int(last), master, ..] = array(entry) else {
        return None;
    };
    let [Value::BulkString(host), Value::Int(port), ..] = array(master) else {
        return None;
    };
    let slots = u16::try_from(*first).ok()?..=u16::try_from(*last).ok()?;
    Some((slots, String::from_utf8_lossy(host).into_owned(), *port))
}

/// The URL with another host, where there is one, and another port.
fn with_address(url: &str, host: &str, port: i64) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("redis", url));
    let (authority, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (user, own) = authority.rsplit_once('@').unwrap_or(("", authority));
    let at = if user.is_empty() { "" } else { "@" };
    let own = own.rsplit_once(':').map_or(own, |(host, _)| host);
    match host {
        "" => format!("{scheme}://{user}{at}{own}:{port}{tail}"),
        host if host.contains(':') => format!("{scheme}://{user}{at}[{host}]:{port}{tail}"),
        host => format!("{scheme}://{user}{at}{host}:{port}{tail}"),
    }
}

/// The slot of a channel: CRC-16 of its name, or of what is in its first braces.
fn slot(channel: &str) -> u16 {
    let braced = channel
        .split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'));
    let hashed = braced
        .map(|(tag, _)| tag)
        .filter(|tag| !tag.is_empty())
        .unwrap_or(channel);
    let crc = hashed.bytes().fold(0_u16, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| {
            (crc << 1) ^ if crc & 0x8000 == 0 { 0 } else { 0x1021 }
        })
    });
    crc % SLOTS
}
