//! All clients of one server, served by one thread.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use mio::{Events, Interest, Poll, Token};

use crate::client::{Client, Newcomer};
use crate::dialect::Dialect;
use crate::scenario::Scenario;

/// How many clients are let in together: their answers wait for each other, and no listener turns
/// one away.
const BATCH: usize = 100;

/// How long a message may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The connected clients, and how many messages they have received.
#[derive(Debug)]
pub struct Swarm {
    poll: Poll,
    events: Events,
    clients: Vec<Client>,
    buffer: Vec<u8>,
    received: u64,
}

impl Swarm {
    /// Connects the clients of a scenario.
    ///
    /// # Errors
    /// The server refuses one, or does not answer.
    pub fn connect(server: SocketAddr, dialect: Dialect, scenario: &Scenario) -> Result<Self> {
        let mut swarm = Self {
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            clients: Vec::new(),
            buffer: vec![0; 64 * 1024],
            received: 0,
        };
        while swarm.clients.len() < scenario.clients {
            let first = swarm.clients.len();
            let batch = first..scenario.clients.min(first + BATCH);
            for client in admit(server, dialect, scenario, batch)? {
                swarm.watch(client)?;
            }
        }
        Ok(swarm)
    }

    /// How many messages the clients have received together.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Has a client send a frame.
    ///
    /// # Errors
    /// The server does not take it.
    pub fn send(&mut self, client: usize, frame: &[u8]) -> Result<()> {
        self.clients[client].send(frame)
    }

    /// Reads until `count` messages have been received in all, or until `end`.
    ///
    /// # Errors
    /// A connection ends, or nothing comes for ten seconds.
    pub fn receive(&mut self, count: u64, end: Option<Instant>) -> Result<()> {
        let mut last = Instant::now();
        while self.received < count && end.is_none_or(|end| Instant::now() < end) {
            let before = self.received;
            let wait = end.map_or(PATIENCE, |end| end.saturating_duration_since(Instant::now()).min(PATIENCE));
            self.poll.poll(&mut self.events, Some(wait))?;
            for event in &self.events {
                self.received += self.clients[event.token().0].read(&mut self.buffer)?;
            }
            if self.received > before {
                last = Instant::now();
            }
            ensure!(last.elapsed() < PATIENCE, "messages got lost: {} came of {count}", self.received);
        }
        Ok(())
    }

    fn watch(&mut self, mut client: Client) -> Result<()> {
        let token = Token(self.clients.len());
        self.poll.registry().register(client.stream(), token, Interest::READABLE)?;
        self.clients.push(client);
        Ok(())
    }
}

/// Connects some clients side by side.
fn admit(
    server: SocketAddr,
    dialect: Dialect,
    scenario: &Scenario,
    numbers: std::ops::Range<usize>,
) -> Result<Vec<Client>> {
    let mut newcomers = Vec::new();
    for client in numbers {
        let room = scenario.room(client);
        let newcomer = Newcomer::connect(server, dialect, &dialect.path(client, room))?;
        newcomers.push((newcomer, dialect.entry(scenario.audience, room)));
    }
    for (newcomer, _) in &mut newcomers {
        newcomer.upgrade()?;
    }
    let steps = newcomers.first().map_or(0, |(_, steps)| steps.len());
    for step in 0..steps {
        for (newcomer, steps) in &mut newcomers {
            newcomer.ask(&steps[step])?;
        }
        for (newcomer, steps) in &mut newcomers {
            newcomer.wait(&steps[step])?;
        }
    }
    newcomers.into_iter().map(|(newcomer, _)| newcomer.enter()).collect()
}
