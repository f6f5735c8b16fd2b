//! Handlers that block, never end or panic.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{self, Instant};

use crate::ws::testing::{self, Client, Server};
use crate::ws::{Close, WsConfig};

fn told(text: &str) -> Value {
    json!({"type": "message", "room": "-", "text": text})
}

async fn is_gone(server: &Server, client_id: &str) {
    testing::wait_until(|| !server.hub.is_connected(client_id)).await;
    assert_eq!(server.hub.room_members("lobby", 9).0, Vec::<String>::new());
}

async fn in_lobby(server: &Server, client_id: &str) -> Client {
    let mut client = server.connect(client_id).await;
    client.join("lobby").await;
    client
}

fn quick() -> WsConfig {
    WsConfig { presence_grace: Duration::ZERO, ..testing::config() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_blocks_delays_nobody_else() {
    let server = Server::with(quick());
    let mut others = Vec::new();
    for number in 0..50 {
        others.push(server.connect(&format!("other-{number}")).await);
    }
    let mut ann = in_lobby(&server, "ann").await;
    let start = Instant::now();
    ann.send(told("block")).await;
    // What it has sent before it blocks comes at once, whoever was woken last for it.
    for other in &mut others {
        other.receive("before").await;
    }
    for other in &mut others {
        other.send(json!({"type": "ping"})).await;
        other.receive("pong").await;
    }
    for other in &mut others[..2] {
        other.join("hall").await;
    }
    others[0].receive("presence").await;
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(server.hub.disconnect("ann", &Close::KICKED), 1);
    let code = ann.close_code().await;
    is_gone(&server, "ann").await;
    assert_eq!(code, Close::KICKED.code());
    assert!(start.elapsed() < Duration::from_secs(7), "{:?}", start.elapsed());
}

#[tokio::test]
async fn one_that_never_ends_goes_with_its_client() {
    let server = Server::with(quick());
    let mut ann = in_lobby(&server, "ann").await;
    // More than wait while one is handled.
    for _ in 0..10 {
        ann.send(told("hang")).await;
    }
    drop(ann);
    let start = Instant::now();
    is_gone(&server, "ann").await;
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[tokio::test]
async fn one_that_never_ends_goes_when_its_client_is_kicked() {
    let server = Server::with(quick());
    let mut ann = in_lobby(&server, "ann").await;
    ann.send(told("hang")).await;
    ann.send(json!({"type": "ping"})).await;
    let start = Instant::now();
    server.hub.disconnect("ann", &Close::KICKED);
    assert_eq!(ann.close_code().await, Close::KICKED.code());
    is_gone(&server, "ann").await;
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[tokio::test]
async fn one_that_never_ends_is_given_up_and_its_client_told() {
    let handler_timeout = Duration::from_millis(300);
    let server = Server::with(WsConfig { handler_timeout, ..quick() });
    let mut ann = in_lobby(&server, "ann").await;
    ann.send(told("hang")).await;
    assert_eq!(ann.close_code().await, Close::HANDLER_TIMEOUT.code());
    is_gone(&server, "ann").await;
}

#[tokio::test]
async fn pings_are_answered_and_messages_delivered_while_one_runs() {
    let server = Server::with(quick());
    let mut ann = in_lobby(&server, "ann").await;
    ann.send(told("hang")).await;
    server.hub.send_personal("ann", &json!({"type": "news"}));
    ann.receive("news").await;
    let ping = tokio_tungstenite::tungstenite::Message::Ping(Vec::new().into());
    ann.send_frame(ping).await;
    let pong = time::timeout(Duration::from_secs(5), async {
        use futures_util::StreamExt;
        loop {
            if ann.socket.next().await.unwrap().unwrap().is_pong() {
                break;
            }
        }
    });
    pong.await.unwrap();
}

#[tokio::test]
async fn a_panic_closes_and_is_counted_and_harms_nobody() {
    let server = Server::with(quick());
    let mut bob = server.connect("bob").await;
    let mut ann = in_lobby(&server, "ann").await;
    ann.send(told("panic")).await;
    assert_eq!(ann.close_code().await, Close::HANDLER_PANIC.code());
    is_gone(&server, "ann").await;
    assert_eq!(server.hub.stats().panicked.get(), 1);
    drop(server.connect("disconnect-panic").await);
    testing::wait_until(|| server.hub.stats().panicked.get() == 2).await;
    bob.receives_nothing().await;
}

#[tokio::test]
async fn what_is_sent_on_connect_arrives_however_much_it_is() {
    let server = Server::with(quick());
    let mut client = server.connect("flood").await;
    for number in 0..2500 {
        assert_eq!(client.receive("news").await["number"], number);
    }
}

#[tokio::test]
async fn a_shutdown_waits_for_no_handler_that_never_ends() {
    let server = Server::with(quick());
    let mut ann = in_lobby(&server, "ann").await;
    ann.send(told("hang")).await;
    let start = Instant::now();
    let reading = tokio::spawn(async move { ann.close_code().await });
    server.hub.shutdown(Duration::from_secs(20)).await;
    assert_eq!(reading.await.unwrap(), Close::SERVICE_RESTART.code());
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_panic_in_on_presence_leaves_the_other_rooms_their_presence() {
    let server = Server::with(quick());
    let mut ann = server.connect("ann").await;
    ann.join("panic").await;
    time::sleep(Duration::from_millis(600)).await;
    ann.join("lobby").await;
    assert_eq!(ann.receive("presence").await["room"], "lobby");
    drop(in_lobby(&server, "bob").await);
    while ann.receive("presence").await["left"] != json!(["bob"]) {}
}

#[tokio::test]
async fn a_panic_while_a_message_is_read_closes_as_one_in_a_handler() {
    let server = Server::with(quick());
    let mut ann = in_lobby(&server, "ann").await;
    ann.send(json!({"type": "panic", "field": 1})).await;
    assert_eq!(ann.close_code().await, Close::HANDLER_PANIC.code());
    is_gone(&server, "ann").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_that_blocks_holds_up_no_answer_to_what_came_before() {
    use futures_util::SinkExt;
    let server = Server::with(quick());
    let mut ann = server.connect("ann").await;
    let start = Instant::now();
    for message in [json!({"type": "ping"}), told("block")] {
        let text = message.to_string();
        ann.socket.feed(tokio_tungstenite::tungstenite::Message::text(text)).await.unwrap();
    }
    ann.socket.flush().await.unwrap();
    ann.receive("pong").await;
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_that_blocks_holds_up_nothing_that_it_has_sent() {
    let server = Server::with(quick());
    let mut ann = server.connect("ann").await;
    let start = Instant::now();
    ann.send(told("tell and block")).await;
    ann.receive("before").await;
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(server.hub.disconnect("ann", &Close::KICKED), 1);
    is_gone(&server, "ann").await;
    assert!(start.elapsed() < Duration::from_secs(7), "{:?}", start.elapsed());
}

#[test]
fn one_that_waits_and_then_blocks_delays_nobody_else() {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(4).enable_all().build().unwrap();
    let server = runtime.block_on(async { Server::with(quick()) });
    // Clients in it would keep the server's runtime awake.
    let clients = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    clients.block_on(async {
        let mut ann = server.connect("ann").await;
        let mut bob = server.connect("bob").await;
        time::sleep(Duration::from_millis(100)).await;
        let start = Instant::now();
        ann.send(told("wait and block")).await;
        time::sleep(Duration::from_millis(200)).await;
        bob.send(json!({"type": "ping"})).await;
        bob.receive("pong").await;
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    });
    runtime.shutdown_background();
}

#[tokio::test]
async fn what_comes_after_presence_that_waited_waits_for_no_handler() {
    let config = WsConfig {
        presence_interval: Duration::from_millis(100),
        heartbeat_interval: Duration::from_secs(3000),
        ..quick()
    };
    let server = Server::with(config);
    let mut ann = server.connect("ann").await;
    ann.send(told("join twenty")).await;
    ann.send(told("hang")).await;
    time::sleep(Duration::from_secs(4)).await;
    let start = Instant::now();
    server.hub.send_personal("ann", &json!({"type": "news"}));
    ann.receive("news").await;
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[tokio::test]
async fn presence_that_waits_for_an_answer_overflows_no_queue() {
    let server = Server::with(WsConfig {
        presence_interval: Duration::from_millis(20),
        max_connections_per_client: 100,
        ..quick()
    });
    let mut ann = server.connect("ann").await;
    ann.send(told("join twenty")).await;
    let _bob = server.connect("bob").await;
    let session = server.hub.sessions("bob").remove(0);
    let rooms: Vec<_> = (0..20).map(|number| format!("room {number}")).collect();
    for _ in 0..30 {
        for room in &rooms {
            server.hub.join_room(&session, room).unwrap();
        }
        time::sleep(Duration::from_millis(45)).await;
        for room in &rooms {
            server.hub.leave_room(&session, room).unwrap();
        }
        time::sleep(Duration::from_millis(45)).await;
    }
    // Bob reads nothing; ann reads all.
    let told = time::timeout(Duration::from_secs(5), async {
        loop {
            ann.next().await;
        }
    });
    assert!(told.await.is_err());
    assert!(server.hub.is_connected("ann"));
}

#[tokio::test]
async fn who_comes_while_one_joins_again_is_told_after_the_answer() {
    let server = Server::with(quick());
    let mut ann = in_lobby(&server, "ann").await;
    ann.receive("presence").await;
    ann.send(told("join late")).await;
    // The answer knows of ann alone, and waits.
    ann.receive("before").await;
    let _bob = in_lobby(&server, "bob").await;
    assert_eq!(ann.next().await["count"], 1);
    assert_eq!(ann.receive("presence").await["count"], 2);
}
