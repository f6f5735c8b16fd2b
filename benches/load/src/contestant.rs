//! The servers that are compared, as processes.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::dialect::Dialect;

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the generated server is told: all its limits are on, and too high for one busy client and
/// one address.
const RAISED: [(&str, &str); 4] = [
    ("WS_AUTH", "none"),
    ("WS_RATE_LIMIT", "1000000"),
    ("WS_RATE_BURST", "1000000"),
    ("WS_MAX_CONNECTIONS_PER_IP", "10000"),
];

/// A program that is compared.
#[derive(Debug)]
pub struct Contestant {
    /// What its column is called.
    pub name: &'static str,
    dialect: Dialect,
    program: PathBuf,
}

/// The columns: the limit, the generated server, and those that it must be ahead of.
pub fn contestants(folder: &Path, generated: &Path) -> [Contestant; 4] {
    [
        Contestant { name: "limit", dialect: Dialect::Plain, program: folder.join("limit") },
        Contestant { name: "generated", dialect: Dialect::Json, program: generated.to_owned() },
        Contestant { name: "naive port", dialect: Dialect::Original, program: folder.join("naive") },
        Contestant { name: "socketioxide", dialect: Dialect::SocketIo, program: folder.join("socketio") },
    ]
}

/// A program that runs and listens; it ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    dialect: Dialect,
    address: SocketAddr,
    process: Child,
}

impl Contestant {
    /// Starts the program on a free port and waits until it listens.
    ///
    /// # Errors
    /// It cannot be started, ends, or does not listen in time.
    pub fn start(&self) -> Result<Server> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut command = Command::new(&self.program);
        command.env("PORT", address.port().to_string()).envs(RAISED).stdin(Stdio::null()).stdout(Stdio::null());
        let process = command.spawn().with_context(|| format!("cannot start {}", self.program.display()))?;
        let mut server = Server { dialect: self.dialect, address, process };
        server.wait().with_context(|| format!("{} is not there", self.program.display()))?;
        Ok(server)
    }
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How it is spoken to.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    fn wait(&mut self) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        while TcpStream::connect(self.address).is_err() {
            if let Some(status) = self.process.try_wait()? {
                bail!("it has ended: {status}");
            }
            if Instant::now() > end {
                bail!("it does not listen");
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
