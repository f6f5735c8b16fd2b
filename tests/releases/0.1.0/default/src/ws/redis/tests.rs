//! What needs no Redis: names, slots, envelopes and the queue. Instances that share a Redis are
//! tested where this layer comes from.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use redis::Value;

use serde_json::json;

use super::super::bus::{Exclude, Target};
use super::super::frame::Close;
use super::channel;
use super::cluster::{self, Shard};
use super::envelope::{self, Event, Message};
use super::outbox::{Kind, Outbox, Outgoing};

#[test]
fn a_channel_names_whom_it_is_for() {
    for (target, name) in [
        (Target::Everyone, "app:ws:all"),
        (Target::Room("all"), "app:ws:room:all"),
        (Target::Room("a:b {c}"), "app:ws:room:a:b {c}"),
        (Target::Client("ann"), "app:ws:client:ann"),
    ] {
        assert_eq!(channel::name("app:ws", &target), name);
        let read = channel::target("app:ws", name);
        assert_eq!(format!("{read:?}"), format!("Some({target:?})"));
    }
    let foreign = ["app:ws", "app:ws:instance:1:0", "app:wsroom:a", "app2:all"];
    for name in foreign {
        assert!(channel::target("app:ws", name).is_none(), "{name}");
    }
}

#[test]
fn an_envelope_comes_out_as_it_went_in() {
    let payload = json!({"type": "notification", "text": "\u{fc}\n\""});
    let message = Message::new(&payload, Exclude::Client("a\"b"));
    let text = envelope::encode("here", Event::Message(message)).unwrap();
    let envelope = envelope::decode(text.as_bytes()).unwrap();
    assert_eq!(envelope.from, "here");
    let Event::Message(message) = envelope.event else {
        panic!("another event: {text}");
    };
    assert_eq!(message.payload.get(), payload.to_string());
    assert_eq!(message.exclude(), Exclude::Client("a\"b"));

    let text = envelope::encode::<()>("here", Event::close(&Close::KICKED)).unwrap();
    let envelope = envelope::decode(text.as_bytes()).unwrap();
    assert!(matches!(envelope.event, Event::Close { code: 4003, .. }));
}

#[test]
fn what_is_no_envelope_is_not_taken() {
    let good = r#"{"v":1,"from":"x","event":{"message":{"payload":1}}}"#;
    assert!(envelope::decode(good.as_bytes()).is_some());
    let padding = " ".repeat(envelope::MAX_BYTES);
    for bad in [
        "",
        "garbage",
        "{}",
        "null",
        r#"{"v":2,"from":"x","event":{"message":{"payload":1}}}"#,
        r#"{"v":1,"from":"x","event":{"message":{}}}"#,
        r#"{"v":1,"from":"x","event":{"explode":{}}}"#,
        &good.replace("1}}}", "1}}"),
        &format!("{good}{padding}"),
    ] {
        assert!(envelope::decode(bad.as_bytes()).is_none(), "{bad:.60}");
    }
    let latin = good.replace("\"x\"", "\"\u{e9}\"").into_bytes();
    let latin: Vec<u8> = latin.into_iter().filter(|byte| *byte != 0xc3).collect();
    assert!(envelope::decode(&latin).is_none());
}

#[test]
fn a_channel_is_with_the_shard_that_has_its_slot() {
    // From the specification of Redis Cluster: CRC-16 of "123456789" is 0x31C3.
    let shard = |slot: u16| Shard {
        slots: vec![slot..=slot],
        ..Shard::whole("redis://a")
    };
    for (channel, slot) in [("123456789", 0x31C3), ("x{123456789}y{z}", 0x31C3), ("", 0)] {
        assert!(shard(slot).has(channel), "{channel}");
        assert!(!shard(slot + 1).has(channel), "{channel}");
    }
    assert!(Shard::whole("redis://a").has("anything"));
}

#[test]
fn the_masters_of_a_cluster_are_reached_as_the_first_node_is() {
    let text = |text: &str| Value::BulkString(text.as_bytes().to_vec());
    let entry = |first, last, host, port| {
        let master = Value::Array(vec![text(host), Value::Int(port), text("id")]);
        Value::Array(vec![Value::Int(first), Value::Int(last), master])
    };
    let answer = Value::Array(vec![
        entry(0, 99, "10.0.0.1", 7000),
        entry(100, 16_383, "fe80::1", 7001),
        entry(200, 299, "", 7002),
    ]);
    let shards = cluster::read_shards("rediss://me:secret@seed:6379/0?x=1", &answer);
    let urls: Vec<&str> = shards.iter().map(|shard| shard.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "rediss://me:secret@10.0.0.1:7000/0?x=1",
            "rediss://me:secret@[fe80::1]:7001/0?x=1",
            "rediss://me:secret@seed:7002/0?x=1",
        ]
    );
    assert_eq!(shards[0].slots, [0..=99]);
}

#[tokio::test]
async fn the_outbox_is_bounded_and_takes_nothing_while_it_is_closed() {
    let outbox = Outbox::default();
    let outgoing = |bytes| Outgoing {
        kind: Kind::Publish,
        key: "channel".to_owned(),
        args: vec!["x".repeat(bytes)],
    };
    let push = |bytes: usize| outbox.push(outgoing(bytes));
    assert!(!push(1));
    outbox.open();
    assert!(push(1) && push(2));
    assert!(!push(envelope::MAX_BYTES + 1));
    let taken = outbox.take().await;
    assert_eq!((taken.len(), outbox.published()), (2, 2));
    assert!((0..4).all(|_| push(envelope::MAX_BYTES)));
    assert!(!push(1));
    let (unsent, lost) = outbox.close();
    assert_eq!((unsent.len(), lost), (4, 4));
    assert!(!push(1));
}
