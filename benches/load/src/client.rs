//! One client: a socket, from the handshake to its last message.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use crate::dialect::{Dialect, MARK, Step};
use crate::frame::{self, CLOSE, FrameReader, TEXT};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A client of a server.
#[derive(Debug)]
pub struct Client {
    dialect: Dialect,
    stream: mio::net::TcpStream,
    reader: FrameReader,
}

/// A client that is not let in yet, with a socket that waits.
#[derive(Debug)]
pub struct Newcomer {
    dialect: Dialect,
    stream: TcpStream,
    reader: FrameReader,
}

impl Newcomer {
    /// Connects and asks for the upgrade.
    ///
    /// # Errors
    /// The server does not accept.
    pub fn connect(server: SocketAddr, dialect: Dialect, path: &str) -> Result<Self> {
        let mut stream = TcpStream::connect(server).context("cannot connect")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes())?;
        Ok(Self { dialect, stream, reader: FrameReader::default() })
    }

    /// Waits until the upgrade is granted.
    ///
    /// # Errors
    /// It is refused, or the server is silent.
    pub fn upgrade(&mut self) -> Result<()> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            self.stream.read_exact(&mut byte).context("no answer to the handshake")?;
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head);
        ensure!(head.starts_with("HTTP/1.1 101"), "the handshake was refused: {}", head.lines().next().unwrap_or(""));
        Ok(())
    }

    /// Sends what a step of the entry says.
    ///
    /// # Errors
    /// The server is gone.
    pub fn ask(&mut self, (text, _): &Step) -> Result<()> {
        if let Some(text) = text {
            self.stream.write_all(&frame::masked(TEXT, text.as_bytes()))?;
        }
        Ok(())
    }

    /// Waits for the answer to a step of the entry.
    ///
    /// # Errors
    /// The server is silent.
    pub fn wait(&mut self, (_, marker): &Step) -> Result<()> {
        let mut buffer = [0; 4096];
        let mut is_there = false;
        while !is_there {
            let count = self.stream.read(&mut buffer).with_context(|| format!("no {marker} from the server"))?;
            ensure!(count > 0, "the server closed instead of sending {marker}");
            self.reader.feed(&buffer[..count], |_, payload| {
                is_there |= payload.windows(marker.len()).any(|window| window == marker.as_bytes());
            });
        }
        Ok(())
    }

    /// The client with a socket that does not wait any more.
    ///
    /// # Errors
    /// The socket is gone.
    pub fn enter(self) -> Result<Client> {
        self.stream.set_nonblocking(true)?;
        let stream = mio::net::TcpStream::from_std(self.stream);
        Ok(Client { dialect: self.dialect, stream, reader: self.reader })
    }
}

impl Client {
    /// Sends a frame.
    ///
    /// # Errors
    /// The server does not read, or is gone.
    pub fn send(&mut self, frame: &[u8]) -> Result<()> {
        self.stream.write_all(frame).context("a server does not take a message")
    }

    /// The socket, to be watched.
    pub fn stream(&mut self) -> &mut mio::net::TcpStream {
        &mut self.stream
    }

    /// Reads once; says how many of the counted messages were in it.
    ///
    /// # Errors
    /// The server has closed the connection.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<u64> {
        let count = match self.stream.read(buffer) {
            Ok(0) => bail!("the server closed a connection"),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(0),
            Err(error) => return Err(error).context("a connection failed"),
        };
        let mut messages = 0;
        let (mut closed, mut answers) = (None, Vec::new());
        self.reader.feed(&buffer[..count], |opcode, payload| match opcode {
            TEXT if payload.contains(&MARK) => messages += 1,
            CLOSE => closed = Some(String::from_utf8_lossy(payload).into_owned()),
            _ => answers.extend(self.dialect.answer(opcode, payload)),
        });
        for answer in answers {
            self.send(&answer)?;
        }
        closed.map_or(Ok(messages), |reason| bail!("the server closed a connection: {reason}"))
    }
}
