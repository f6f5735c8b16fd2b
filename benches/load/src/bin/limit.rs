//! The limit: what the sockets cost. A plain TCP server that writes one frame, encoded before it
//! starts, to each socket of the sender's room for each message, those that come in one turn with
//! one call. It has no queue, no heartbeat and no limits, and reads no message.

use std::collections::HashMap;
use std::env;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context as _, Result, ensure};
use load::dialect::MARK;
use load::frame::{self, FrameReader, TEXT};
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

const LISTENER: Token = Token(usize::MAX);
const HEAD_END: &[u8] = b"\r\n\r\n";
const SWITCH: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

#[derive(Debug)]
struct Socket {
    stream: TcpStream,
    reader: FrameReader,
    /// Empty until the handshake is read.
    room: String,
}

struct Server {
    poll: Poll,
    listener: TcpListener,
    sockets: Vec<Socket>,
    rooms: HashMap<String, Vec<usize>>,
    frame: Vec<u8>,
    /// The messages of this turn, by room.
    said: HashMap<String, usize>,
}

fn main() -> Result<()> {
    let port = env::var("PORT")?.parse()?;
    let mut listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    let poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let frame = frame::unmasked(TEXT, &[MARK; 64]);
    Server { poll, listener, sockets: Vec::new(), rooms: HashMap::new(), frame, said: HashMap::new() }.serve()
}

impl Server {
    fn serve(mut self) -> Result<()> {
        let mut events = Events::with_capacity(1024);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            self.poll.poll(&mut events, None)?;
            for event in &events {
                match event.token() {
                    LISTENER => self.accept()?,
                    Token(socket) => self.read(socket, &mut buffer)?,
                }
            }
            self.deliver()?;
        }
    }

    fn accept(&mut self) -> Result<()> {
        loop {
            let mut stream = match self.listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            stream.set_nodelay(true)?;
            self.poll.registry().register(&mut stream, Token(self.sockets.len()), Interest::READABLE)?;
            self.sockets.push(Socket { stream, reader: FrameReader::default(), room: String::new() });
        }
    }

    fn read(&mut self, socket: usize, buffer: &mut [u8]) -> Result<()> {
        let count = self.sockets[socket].stream.read(buffer).unwrap_or(0);
        if count == 0 {
            return Ok(());
        }
        if self.sockets[socket].room.is_empty() {
            return self.enter(socket, &buffer[..count]);
        }
        let mut messages = 0;
        self.sockets[socket].reader.feed(&buffer[..count], |_, _| messages += 1);
        if messages > 0 {
            *self.said.entry(self.sockets[socket].room.clone()).or_default() += messages;
        }
        Ok(())
    }

    fn enter(&mut self, socket: usize, head: &[u8]) -> Result<()> {
        ensure!(head.ends_with(HEAD_END), "the handshake came in parts");
        let head = String::from_utf8_lossy(head);
        let room = head.split(' ').nth(1).context("the handshake has no path")?.to_owned();
        self.rooms.entry(room.clone()).or_default().push(socket);
        let socket = &mut self.sockets[socket];
        socket.room = room;
        Ok(socket.stream.write_all(SWITCH)?)
    }

    fn deliver(&mut self) -> Result<()> {
        for (room, messages) in self.said.drain() {
            let frames = self.frame.repeat(messages);
            for &receiver in &self.rooms[&room] {
                self.sockets[receiver].stream.write_all(&frames).context("a client does not read")?;
            }
        }
        Ok(())
    }
}
