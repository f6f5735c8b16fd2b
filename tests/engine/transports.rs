//! WebSockets over TLS in this process, and over HTTP/2.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use h2::ext::Protocol;
use h2::{RecvStream, SendStream};
use http::{Method, Request, StatusCode, Version};
use rustls_pki_types::{PrivateKeyDer, ServerName};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector, server};

use crate::ws::testing::{self, Server};
use crate::ws::{Close, Context, Exclude, Hub, router};

struct TlsListener {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = server::TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let Ok((stream, address)) = self.listener.accept().await else { continue };
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

fn small_socket() -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(4096).unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket
}

/// A server behind TLS, and what a client needs to trust it.
fn start_tls() -> (Hub, SocketAddr, TlsConnector) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let certificate = made.cert.der().clone();
    let server = ServerConfig::builder().with_no_client_auth();
    let server = server.with_single_cert(vec![certificate.clone()], key).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let client = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();

    let socket = small_socket();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let listener = socket.listen(64).unwrap();
    let address = listener.local_addr().unwrap();
    let hub = Hub::start(testing::config(), Context {});
    let app = router(hub.clone());
    let listener = TlsListener { listener, acceptor: TlsAcceptor::from(Arc::new(server)) };
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (hub, address, TlsConnector::from(Arc::new(client)))
}

#[tokio::test]
async fn over_tls_what_was_sent_arrives_without_anything_more_being_sent() {
    let (hub, address, connector) = start_tls();
    let stream = small_socket().connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = connector.connect(name, stream).await.unwrap();
    let url = format!("wss://localhost:{}/ws/ann", address.port());
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
    let welcome = socket.next().await.unwrap().unwrap();
    assert!(welcome.to_text().unwrap().contains("welcome"));

    for len in [10, 1000, 60_000, 400_000] {
        let news = json!({"type": "news", "padding": "x".repeat(len)});
        assert_eq!(hub.broadcast(&news, Exclude::Nobody), 1);
        // The server has to wait for the client in the midst of it.
        time::sleep(Duration::from_millis(300)).await;
        let next = time::timeout(Duration::from_secs(5), async {
            loop {
                let next = socket.next().await.unwrap().unwrap();
                if next.is_text() {
                    return next;
                }
            }
        });
        let message: Value = serde_json::from_str(next.await.unwrap().to_text().unwrap()).unwrap();
        assert_eq!(message, news);
    }
    hub.disconnect("ann", &Close::KICKED);
    let close = time::timeout(Duration::from_secs(5), socket.next()).await;
    assert!(close.unwrap().unwrap().unwrap().is_close());
}

/// One WebSocket in a stream of HTTP/2.
struct Http2 {
    sender: SendStream<Bytes>,
    receiver: RecvStream,
    buffer: BytesMut,
}

impl Http2 {
    async fn open(
        address: SocketAddr,
        path: &str,
        origin: Option<&str>,
    ) -> Result<Self, StatusCode> {
        let stream = TcpStream::connect(address).await.unwrap();
        let (mut client, connection) = h2::client::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        while !client.is_extended_connect_protocol_enabled() {
            client = client.ready().await.unwrap();
            time::sleep(Duration::from_millis(5)).await;
        }
        let mut request = Request::builder()
            .method(Method::CONNECT)
            .version(Version::HTTP_2)
            .uri(format!("http://{address}/ws{path}"))
            .header("sec-websocket-version", "13")
            .extension(Protocol::from_static("websocket"));
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let request = request.body(()).unwrap();
        let (response, sender) = client.send_request(request, false).unwrap();
        let response = response.await.unwrap();
        if response.status() != StatusCode::OK {
            return Err(response.status());
        }
        let receiver = response.into_body();
        let buffer = BytesMut::new();
        Ok(Self { sender, receiver, buffer })
    }

    fn send(&mut self, text: &str) {
        let len = 0x80 | u8::try_from(text.len()).unwrap();
        let frame = [&[0x81, len, 0, 0, 0, 0][..], text.as_bytes()].concat();
        self.sender.send_data(frame.into(), false).unwrap();
    }

    /// The next frame: its first byte and its payload.
    async fn next(&mut self) -> (u8, Bytes) {
        loop {
            let (start, len) = match self.buffer.get(1) {
                Some(126) if self.buffer.len() >= 4 => {
                    (4, usize::from(u16::from_be_bytes([self.buffer[2], self.buffer[3]])))
                }
                Some(len @ 0..=125) => (2, usize::from(*len)),
                _ => (0, usize::MAX),
            };
            if len != usize::MAX && self.buffer.len() >= start + len {
                let frame = self.buffer.split_to(start + len).freeze();
                return (frame[0], frame.slice(start..));
            }
            let data = time::timeout(Duration::from_secs(5), self.receiver.data()).await;
            let data = data.unwrap().expect("a frame before the end").unwrap();
            self.receiver.flow_control().release_capacity(data.len()).unwrap();
            self.buffer.extend_from_slice(&data);
        }
    }

    async fn receive(&mut self, kind: &str) -> Value {
        loop {
            let (first, payload) = self.next().await;
            let message: Value = serde_json::from_slice(&payload).unwrap_or_default();
            if first == 0x81 && message["type"] == kind {
                return message;
            }
        }
    }
}

#[tokio::test]
async fn over_http_2_clients_join_hear_and_are_closed() {
    let server = Server::start();
    let mut ann = Http2::open(server.address, "/ann", None).await.unwrap();
    assert_eq!(ann.receive("welcome").await["client_id"], "ann");
    ann.send(r#"{"type":"join_room","room":"lobby"}"#);
    assert_eq!(ann.receive("joined").await["members"], json!(["ann"]));
    let news = json!({"type": "news", "padding": "x".repeat(30_000)});
    for _ in 0..20 {
        assert_eq!(server.hub.broadcast_to_room("lobby", &news, Exclude::Nobody), 1);
        assert_eq!(ann.receive("news").await, news);
    }
    server.hub.disconnect("ann", &Close::KICKED);
    let (first, payload) = ann.next().await;
    assert_eq!((first, &payload[..2]), (0x88, &Close::KICKED.code().to_be_bytes()[..]));
    let bob = Http2::open(server.address, "/bob", None).await.unwrap();
    testing::wait_until(|| server.hub.is_connected("bob")).await;
    drop(bob);
    testing::wait_until(|| !server.hub.is_connected("bob")).await;
}

#[tokio::test]
async fn over_http_2_only_a_page_of_the_same_host_and_port_may_connect() {
    let server = Server::start();
    let (address, other) = (server.address, server.address.port() ^ 1);
    let own = format!("http://{address}");
    assert!(Http2::open(address, "/ann", Some(&own)).await.is_ok());
    for foreign in [
        format!("http://127.0.0.1:{other}"),
        "http://127.0.0.1".to_owned(),
        "null".to_owned(),
        "https://evil.example".to_owned(),
    ] {
        let refused = Http2::open(address, "/ann", Some(&foreign)).await;
        assert_eq!(refused.err(), Some(StatusCode::FORBIDDEN), "{foreign}");
    }
}
