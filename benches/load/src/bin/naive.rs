//! The naive port of the original to axum: its manager with concurrent maps, a task and a channel a
//! connection that writes and flushes each message, a message encoded for each receiver, a
//! heartbeat task a connection. Its rate limiter is left out, in its favour.

use std::collections::HashSet;
use std::env;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::any;
use axum::serve::ListenerExt as _;
use dashmap::DashMap;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

const HEARTBEAT: Duration = Duration::from_secs(30);

#[derive(Debug, Default)]
struct Manager {
    connections: DashMap<String, UnboundedSender<Message>>,
    rooms: DashMap<String, HashSet<String>>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let port: u16 = env::var("PORT")?.parse()?;
    let app = Router::new().route("/ws/{client_id}", any(upgrade)).with_state(Arc::<Manager>::default());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?.tap_io(load::send_at_once);
    Ok(axum::serve(listener, app).await?)
}

async fn upgrade(
    State(manager): State<Arc<Manager>>,
    Path(client_id): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(move |socket| serve(manager, client_id, socket))
}

async fn serve(manager: Arc<Manager>, client_id: String, socket: WebSocket) {
    let (sink, mut stream) = socket.split();
    let (sender, receiver) = mpsc::unbounded_channel();
    manager.connections.insert(client_id.clone(), sender);
    let writer = tokio::spawn(write(receiver, sink));
    let heartbeat = tokio::spawn(beat(Arc::clone(&manager), client_id.clone()));
    manager.send_personal(&client_id, &json!({"type": "welcome", "client_id": client_id}));
    while let Some(Ok(message)) = stream.next().await {
        if let Message::Text(text) = message
            && let Ok(message) = serde_json::from_str(&text)
        {
            manager.handle(&client_id, &message);
        }
    }
    heartbeat.abort();
    manager.disconnect(&client_id);
    writer.abort();
}

async fn write(
    mut receiver: UnboundedReceiver<Message>,
    mut sink: futures_util::stream::SplitSink<WebSocket, Message>,
) {
    while let Some(message) = receiver.recv().await {
        if sink.send(message).await.is_err() {
            return;
        }
    }
}

async fn beat(manager: Arc<Manager>, client_id: String) {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        manager.send_personal(&client_id, &json!({"type": "ping"}));
    }
}

impl Manager {
    fn handle(&self, client_id: &str, message: &Value) {
        let room = message["room"].as_str();
        match (message["type"].as_str(), room) {
            (Some("join_room"), Some(room)) => self.join_room(client_id, room),
            (Some("message"), room) => {
                let mut said = json!({"type": "message", "from": client_id, "text": message["text"]});
                match room {
                    Some(room) => {
                        said["room"] = room.into();
                        self.broadcast_to_room(room, &said);
                    }
                    None => self.broadcast(&said),
                }
            }
            (Some("ping"), _) => self.send_personal(client_id, &json!({"type": "pong", "id": message["id"]})),
            _ => {}
        }
    }

    fn join_room(&self, client_id: &str, room: &str) {
        self.rooms.entry(room.to_owned()).or_default().insert(client_id.to_owned());
        self.send_personal(client_id, &json!({"type": "joined", "room": room}));
    }

    fn disconnect(&self, client_id: &str) {
        self.connections.remove(client_id);
        for mut room in self.rooms.iter_mut() {
            room.remove(client_id);
        }
    }

    fn send_personal(&self, client_id: &str, message: &Value) {
        if let Some(connection) = self.connections.get(client_id) {
            send(&connection, message);
        }
    }

    fn broadcast(&self, message: &Value) {
        for connection in &self.connections {
            send(&connection, message);
        }
    }

    fn broadcast_to_room(&self, room: &str, message: &Value) {
        let members = self.rooms.get(room).map(|members| members.clone());
        for client_id in members.iter().flatten() {
            self.send_personal(client_id, message);
        }
    }
}

fn send(connection: &UnboundedSender<Message>, message: &Value) {
    // A connection that ends takes no message, and is removed by its own task.
    let _ = connection.send(Message::text(message.to_string()));
}
