//! Tests of this layer with real sockets: a server on a free port and clients of another library.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod auth;
mod bus;
mod config;
mod delivery;
mod drain;
mod heartbeat;
mod history;
mod input;
mod lifecycle;
mod limits;
mod origin;
mod pages;
mod patterns;
mod resume;
mod rooms;
mod stats;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Request};
use axum::routing::any;
use axum::serve;

use axum::Router;

use std::future;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::Message;

use super::upgrade::{self, ROUTE};
use super::{Connection, Hub, Identity, WsConfig};

/// How long anything may take before a test fails: far more than it needs, as the machine may be
/// busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// The name and the value of a header.
type Header<'a> = (&'static str, &'a str);

/// A server on a port of its own.
struct Server {
    hub: Hub,
    address: SocketAddr,
}

impl Server {
    fn start(config: WsConfig) -> Self {
        Self::start_with(config, upgrade::router)
    }

    /// Starts a program that has the layer in it.
    fn start_with(config: WsConfig, app: impl FnOnce(Hub) -> Router) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        // A small buffer, so that it soon shows when a client does not read.
        socket.set_send_buffer_size(8 * 1024).unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let listener = socket.listen(1024).unwrap();
        let address = listener.local_addr().unwrap();
        let hub = Hub::start(config);
        let app = app(hub.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move {
            serve(listener, app).await.unwrap();
        });
        Self { hub, address }
    }

    /// Connects and reads the welcome.
    async fn connect(&self, client_id: &str) -> Client {
        self.try_connect(client_id)
            .await
            .expect("the connection is accepted")
    }

    /// Connects; the status of the refusal otherwise.
    async fn try_connect(&self, client_id: &str) -> Result<Client, u16> {
        self.open(&format!("/{client_id}"), &[]).await
    }

    /// Asks for a connection at a path below the route, with headers.
    async fn open(&self, path: &str, headers: &[Header<'_>]) -> Result<Client, u16> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        self.upgrade(stream, path, headers).await
    }

    async fn upgrade(
        &self,
        stream: TcpStream,
        path: &str,
        headers: &[Header<'_>],
    ) -> Result<Client, u16> {
        let url = format!("ws://{}{ROUTE}{path}", self.address);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, response)) => {
                let protocol = response.headers().get("sec-websocket-protocol").cloned();
                let mut client = Client {
                    socket,
                    protocol,
                    welcome: Value::Null,
                };
                client.welcome = client.receive("welcome").await;
                Ok(client)
            }
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no answer: {error}"),
        }
    }

    /// What the server answers to a plain request, head and body.
    async fn http(&self, method: &str, path: &str, header: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{header}");
        let request = head + "content-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// Waits until the hub has so many connections.
    async fn wait_for_connections(&self, count: usize) {
        wait_until(|| self.hub.connection_count() == count).await;
    }
}

/// An app that serves its clients in a way of its own.
fn serving(hub: Hub, serve: fn(Hub, Connection)) -> Router {
    let upgrade = move |request: Request| async move {
        let (mut parts, _) = request.into_parts();
        let socket = upgrade::take_socket(&mut parts).unwrap();
        tokio::spawn(async move {
            let admission = hub.admit(Identity::new("ann"), None).unwrap();
            let connection = hub.connect(socket.await.unwrap(), admission);
            serve(hub, connection);
        });
        let handshake = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
        handshake.unwrap().on_upgrade(|_| future::ready(()))
    };
    Router::new().route(&format!("{ROUTE}/ann"), any(upgrade))
}

/// A client that has been welcomed.
struct Client {
    socket: tokio_tungstenite::WebSocketStream<TcpStream>,
    protocol: Option<HeaderValue>,
    welcome: Value,
}

impl Client {
    async fn send(&mut self, message: Value) {
        self.send_raw(Message::text(message.to_string())).await;
    }

    async fn send_raw(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// The next message, which must be of this type.
    async fn receive(&mut self, kind: &str) -> Value {
        let message = self.next().await;
        assert_eq!(message["type"], kind, "{message}");
        message
    }

    async fn next(&mut self) -> Value {
        match self.next_frame().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("not a text: {other:?}"),
        }
    }

    /// The code of the close frame, past everything that comes before it.
    async fn close_code(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.next_frame().await {
                return frame.expect("a close frame has a code").code.into();
            }
        }
    }

    /// Shows that nothing was sent to this client: the answer to a ping is the next thing it gets.
    async fn receives_nothing(&mut self) {
        self.send(serde_json::json!({"type": "ping"})).await;
        self.receive("pong").await;
    }

    async fn join(&mut self, room: &str) -> Value {
        self.send(serde_json::json!({"type": "join_room", "room": room}))
            .await;
        self.receive("joined").await
    }

    async fn next_frame(&mut self) -> Message {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next()).await;
            match next
                .expect("a message in time")
                .expect("a message before the end")
            {
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                Ok(message) => return message,
                Err(error) => panic!("the connection broke: {error}"),
            }
        }
    }
}

/// Waits for something that another task brings about.
async fn wait_until(is_true: impl Fn() -> bool) {
    let waiting = async {
        while !is_true() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .expect("it comes about in time");
}
