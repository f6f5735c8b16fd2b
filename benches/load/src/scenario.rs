//! What the servers have to do: the rows of the table.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::contestant::Server;
use crate::dialect::Audience;
use crate::process;
use crate::swarm::Swarm;

/// How long a server works before it is measured.
const WARM_UP: Duration = Duration::from_millis(300);

/// A row: clients, what they send, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// What the row is called.
    pub name: &'static str,
    /// How many clients there are.
    pub clients: usize,
    /// How many of them hear each message.
    pub room_size: usize,
    /// Who is to hear a message.
    pub audience: Audience,
    /// What is measured.
    pub measure: Measure,
    /// What the generated server must not pass: a ratio to the limit or, for idle connections,
    /// bytes a connection.
    pub bound: Option<f64>,
}

/// What is measured in a row.
#[derive(Debug, Clone, Copy)]
pub enum Measure {
    /// CPU while the first client sends, `in_flight` messages ahead of those that everyone has
    /// received.
    Broadcast {
        /// How many messages are on their way.
        in_flight: u64,
    },
    /// CPU while the first client sends one message after each `pause`.
    Paced {
        /// The time from one message to the next.
        pause: Duration,
    },
    /// CPU while each client sends a message as soon as all have been received.
    Everybody,
    /// Memory of connections that do nothing.
    Idle,
}

/// The rows of the table.
pub const SCENARIOS: [Scenario; 6] = [
    Scenario {
        name: "1,000 receivers, one message in flight",
        clients: 1000,
        room_size: 1000,
        audience: Audience::Everyone,
        measure: Measure::Broadcast { in_flight: 1 },
        bound: Some(1.5),
    },
    Scenario {
        name: "1,000 receivers, sixteen in flight",
        clients: 1000,
        room_size: 1000,
        audience: Audience::Everyone,
        measure: Measure::Broadcast { in_flight: 16 },
        bound: Some(1.75),
    },
    Scenario {
        name: "1,000 rooms of 5, everybody sends",
        clients: 5000,
        room_size: 5,
        audience: Audience::Room,
        measure: Measure::Everybody,
        bound: Some(1.65),
    },
    Scenario {
        name: "echo, 1,000 clients",
        clients: 1000,
        room_size: 1,
        audience: Audience::Sender,
        measure: Measure::Everybody,
        bound: None,
    },
    Scenario {
        name: "20 messages a second to 1,000",
        clients: 1000,
        room_size: 1000,
        audience: Audience::Everyone,
        measure: Measure::Paced { pause: Duration::from_millis(50) },
        bound: Some(1.6),
    },
    Scenario {
        name: "bytes a connection, 5,000 idle",
        clients: 5000,
        room_size: 1,
        audience: Audience::Sender,
        measure: Measure::Idle,
        bound: Some(10_000.0),
    },
];

impl Scenario {
    /// The room of a client.
    pub fn room(&self, client: usize) -> usize {
        client / self.room_size
    }

    /// Whether the row is about memory.
    pub fn is_idle(&self) -> bool {
        matches!(self.measure, Measure::Idle)
    }

    /// Runs it: CPU seconds per million deliveries or, for idle connections, bytes a connection.
    ///
    /// # Errors
    /// The server refuses, loses or ends something.
    pub fn run(&self, server: &Server, duration: Duration) -> Result<f64> {
        let before = process::resident_bytes(server.pid())?;
        let mut swarm = Swarm::connect(server.address(), server.dialect(), self)?;
        if self.is_idle() {
            // What was set aside for the handshakes is given back by now.
            std::thread::sleep(WARM_UP);
            return Ok((process::resident_bytes(server.pid())? - before) / self.clients as f64);
        }
        let messages = self.messages(server);
        self.work(&mut swarm, &messages, WARM_UP)?;
        let (cpu, received) = (process::cpu_seconds(server.pid())?, swarm.received());
        self.work(&mut swarm, &messages, duration)?;
        let cpu = process::cpu_seconds(server.pid())? - cpu;
        Ok(cpu * 1e6 / (swarm.received() - received) as f64)
    }

    /// The message of each client that sends.
    fn messages(&self, server: &Server) -> Vec<Vec<u8>> {
        let senders = if matches!(self.measure, Measure::Everybody) { self.clients } else { 1 };
        (0..senders).map(|client| server.dialect().message(self.audience, self.room(client))).collect()
    }

    /// Has messages sent for some time, then waits until all are received.
    fn work(&self, swarm: &mut Swarm, messages: &[Vec<u8>], duration: Duration) -> Result<()> {
        let end = Instant::now() + duration;
        let wave = (messages.len() * self.room_size) as u64;
        let mut expected = swarm.received();
        let mut next = Instant::now();
        while Instant::now() < end {
            for (client, message) in messages.iter().enumerate() {
                swarm.send(client, message)?;
            }
            expected += wave;
            match self.measure {
                Measure::Broadcast { in_flight } => {
                    swarm.receive(expected.saturating_sub((in_flight - 1) * wave), None)?
                }
                Measure::Paced { pause } => {
                    next += pause;
                    swarm.receive(u64::MAX, Some(next))?;
                }
                Measure::Everybody | Measure::Idle => swarm.receive(expected, None)?,
            }
        }
        swarm.receive(expected, None)
    }
}
