//! What connections and long messages leave in memory. Run one at a time: what others have in
//! memory counts too.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time;
use tokio_tungstenite::tungstenite::Message;

use crate::ws::testing::{self, Client, Server};
use crate::ws::{Exclude, WsConfig};

const MANY: usize = 300;

async fn connected() -> (Server, Vec<Client>) {
    let server = Server::with(WsConfig { max_connections_per_ip: MANY, ..testing::config() });
    let mut clients = Vec::new();
    for number in 0..MANY {
        clients.push(server.connect(&format!("client-{number}")).await);
    }
    (server, clients)
}

/// Counts what is allocated: what the system's allocator keeps of it for later is not ours.
struct Counting;

static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: the system's allocator does all of it.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: what the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        ALLOCATED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: what the caller promises.
        unsafe { System.dealloc(place, layout) }
    }
}

/// What this process has allocated, in bytes.
fn allocated() -> usize {
    ALLOCATED.load(Ordering::Relaxed)
}

/// Waits until what the connections have grown by is less than so many bytes for each.
async fn gives_back(before: usize, limit: usize) {
    let mut grown = usize::MAX;
    for _ in 0..100 {
        time::sleep(Duration::from_millis(100)).await;
        grown = allocated().saturating_sub(before) / MANY;
        if grown < limit {
            return;
        }
    }
    panic!("{grown} bytes a connection");
}

/// Sends a masked text frame without keeping anything of it.
async fn send_raw(client: &mut Client, text: &str) {
    let stream = client.socket.get_mut();
    let head = match u16::try_from(text.len()).unwrap() {
        len @ 0..=125 => vec![0x81, 0x80 | u8::try_from(len).unwrap()],
        len => [&[0x81, 0xFE][..], &len.to_be_bytes()].concat(),
    };
    stream.write_all(&[&head[..], &[0; 4]].concat()).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = [0; 2];
    stream.read_exact(&mut answer).await.unwrap();
    let mut rest = vec![0; answer[1].into()];
    stream.read_exact(&mut rest).await.unwrap();
}

#[tokio::test]
async fn clients_that_have_left_leave_no_memory_behind() {
    let (server, clients) = connected().await;
    drop(clients);
    // What a service sets aside once is not counted.
    while server.hub.connection_count() > 0 {
        time::sleep(Duration::from_millis(10)).await;
    }
    let before = allocated();
    for round in 0..5 {
        let mut clients = Vec::new();
        for number in 0..MANY {
            clients.push(server.connect(&format!("client-{round}-{number}")).await);
        }
        drop(clients);
        gives_back(before, 100).await;
    }
}

#[tokio::test]
async fn a_long_message_leaves_no_memory_behind() {
    let (_server, mut clients) = connected().await;
    let short = json!({"type": "ping"}).to_string();
    let long = json!({"type": "ping", "padding": "x".repeat(63_000)}).to_string();
    for client in &mut clients {
        send_raw(client, &short).await;
    }
    let before = allocated();
    for client in &mut clients {
        send_raw(client, &long).await;
    }
    gives_back(before, 4_000).await;
    for client in &mut clients {
        send_raw(client, &short).await;
    }
}

#[tokio::test]
async fn a_long_broadcast_leaves_no_memory_behind() {
    let (server, mut clients) = connected().await;
    let before = allocated();
    let message = json!({"type": "news", "padding": "x".repeat(300_000)});
    server.hub.broadcast(&message, Exclude::Nobody);
    for client in &mut clients {
        let mut left = 300_000;
        let mut buffer = [0; 4096];
        while left > 0 {
            let stream = client.socket.get_mut();
            left -= stream.read(&mut buffer).await.unwrap().min(left);
        }
    }
    gives_back(before, 4_000).await;
}

#[tokio::test]
async fn what_waits_for_a_handler_takes_no_more_than_it_is_long() {
    let server = Server::with(testing::config());
    let mut client = server.connect("ann").await;
    let before = allocated();
    client.send(json!({"type": "message", "room": "-", "text": "slow"})).await;
    let message = format!(r#"{{"type":"pong","id":[{}{{}}]}}"#, "{\"\":0},".repeat(9300));
    for _ in 0..16 {
        client.send_frame(Message::text(message.clone())).await;
    }
    time::sleep(Duration::from_secs(1)).await;
    let grown = allocated().saturating_sub(before);
    assert!(grown < 16 * 1024 * 1024, "{grown} bytes");
    for _ in 0..16 {
        assert_eq!(client.receive("error").await["code"], "invalid_message");
    }
}
