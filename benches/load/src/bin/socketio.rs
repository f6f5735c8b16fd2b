//! socketioxide on axum, used as its documentation shows.

use std::env;
use std::net::Ipv4Addr;

use anyhow::Result;
use axum::Router;
use axum::serve::ListenerExt as _;
use socketioxide::SocketIo;
use socketioxide::extract::{Data, SocketRef};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<()> {
    let port: u16 = env::var("PORT")?.parse()?;
    let (layer, io) = SocketIo::new_layer();
    io.ns("/", connect);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?.tap_io(load::send_at_once);
    Ok(axum::serve(listener, Router::new().layer(layer)).await?)
}

// Sending fails where a client is gone or reads too slowly: the load client notices what does not
// arrive.
async fn connect(socket: SocketRef) {
    socket.on("join", async |socket: SocketRef, Data(room): Data<String>| {
        socket.join(room.clone());
        let _ = socket.emit("joined", &room);
    });
    socket.on("message", async |io: SocketIo, Data(text): Data<String>| {
        let _ = io.emit("message", &text).await;
    });
    socket.on("room", async |io: SocketIo, Data((room, text)): Data<(String, String)>| {
        let _ = io.to(room).emit("message", &text).await;
    });
    socket.on("echo", async |socket: SocketRef, Data(text): Data<String>| {
        let _ = socket.emit("echo", &text);
    });
    // The client has its answer before this function runs: only now are its events heard.
    let _ = socket.emit("ready", "");
}
