//! The bus between instances: what is sent on one of them reaches the receivers on the others,
//! through Redis.
//!
//! Channels, below `WS_REDIS_PREFIX` (here `P`). An instance subscribes to one only while somebody
//! on it wants it:
//!
//! ```text
//! P:all              to everyone; while anyone is connected here
//! P:room:ROOM        to those in a room; while somebody here is in it
//! P:client:CLIENT    to, or about, one client; while it is connected here
//! P:instance:ID:N    probes of one instance; always (N tells the nodes of a cluster apart)
//! ```
//!
//! Keys, below the same prefix; each has a time after which it is gone:
//!
//! ```text
//! P:resume:TOKEN:CLIENT    a set: the rooms of a connection
//! P:ticket:TICKET          a string: the identity of who may connect with it
//! P:room:ROOM              a stream: the history of a room
//! ```
//!
//! What travels is the JSON of an `envelope`: a version, the instance that it is from, and an
//! event; an instance passes over what it sent itself. Any program may publish such a text:
//!
//! ```text
//! PUBLISH P:room:lobby {"v": 1, "from": "", "event": {"message": {"payload": {"type": "notification"}}}}
//! ```
//!
//! Presence, in keys of its own. An instance gives itself an `ID` for each time that it connects, and
//! shows every few seconds that it is alive:
//!
//! ```text
//! P:presence:room:ROOM      hash: who is in a room, and on which instances
//! P:presence:client:CLIENT  hash: the same for who is connected
//! P:presence:instances      hash: when each instance was last seen, and its connections
//! P:presence:instance:ID    set: which of the first two have clients of an instance
//! ```
//!
//! One Redis has `PUBLISH` and `SUBSCRIBE`; a cluster the sharded `SPUBLISH` and `SSUBSCRIBE`, where
//! a channel is with the node that has its slot. Needed are Redis 6.2, and 7 for a cluster.
//!
//! Files: `channel` (names), `envelope`, `connect` and `cluster` (how Redis is reached), `link` (all
//! connections), `life` (connect, serve, start over), `outbox` (what waits to be published),
//! `notes` (what may have changed), `subscriber` (what to subscribe to), `receive` (what arrives),
//! `presence` (who is here), `store` (its keys and scripts), `everywhere` (its questions), `script`
//! (rooms that a client gets back, tickets), `stream` (the history of rooms).

mod channel;
mod cluster;
mod connect;
mod envelope;
mod everywhere;
mod life;
mod link;
mod notes;
mod outbox;
mod presence;
mod receive;
mod script;
mod store;
mod stream;
mod subscriber;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Serialize;
use tokio::task::JoinHandle;
use tokio::time;

use super::bus::{Exclude, Target};
use super::hub::Hub;
use super::sync::lock;
pub use connect::RedisUrl;
pub(super) use envelope::Event;
use envelope::Message;
use link::Link;
use notes::Notes;
use outbox::{Kind, Outbox, Outgoing};
use presence::Presence;
pub(super) use script::{ADD, REMOVE};

/// How long [`Hub::subscribed`] waits at most for the others to see who is here.
const PRESENCE_PATIENCE: Duration = Duration::from_secs(1);

/// This instance's end of the bus.
pub(super) struct Bus {
    /// The name of this instance, different from that of any other.
    pub(super) instance: String,
    prefix: String,
    outbox: Outbox,
    wanted: Notes<String>,
    presence: Presence,
    /// The link, while there is one.
    link: Mutex<Option<Arc<Link>>>,
    /// Whether the clients know that they may have missed something before this link.
    is_told: Mutex<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Bus {
    pub(super) fn new(instance: String, prefix: String) -> Self {
        Self {
            presence: Presence::new(&prefix),
            instance,
            prefix,
            outbox: Outbox::default(),
            wanted: Notes::default(),
            link: Mutex::default(),
            is_told: Mutex::default(),
            task: Mutex::default(),
        }
    }
}

impl Hub {
    /// Starts what connects to Redis and stays connected; that Redis is down is no error.
    pub(super) fn start_bus(&self) {
        if let (Some(bus), Some(url)) = (&self.inner.bus, &self.config().redis_url) {
            let task = tokio::spawn(life::run(self.clone(), url.seeds()));
            *lock(&bus.task) = Some(task);
        }
    }

    /// Publishes what waits, for at most `patience`, and ends the bus.
    pub(super) async fn stop_bus(&self, patience: Duration) {
        if let Some(bus) = &self.inner.bus {
            // What does not get out in time is lost, as on a link that breaks.
            let ending = async {
                bus.presence.notes.settled().await;
                bus.outbox.wait_until_empty().await;
                bus.presence.end().await
            };
            let _ = time::timeout(patience, ending).await;
            let task = lock(&bus.task).take();
            if let Some(task) = task {
                task.abort();
                // It fails because it was aborted.
                let _ = task.await;
            }
        }
    }

    /// Sends an event to the other instances.
    pub(super) fn relay<P: Serialize>(&self, target: &Target<'_>, event: Event<'_, P>) {
        let Some(bus) = &self.inner.bus else {
            return;
        };
        let channel = channel::name(&bus.prefix, target);
        let envelope = envelope::encode(&bus.instance, event);
        let is_taken = envelope.is_some_and(|envelope| {
            bus.outbox.push(Outgoing {
                kind: Kind::Publish,
                key: channel,
                args: vec![envelope],
            })
        });
        self.count(|stats| stats.bus_dropped += usize::from(!is_taken));
    }

    /// Sends a message to its receivers on the other instances.
    pub(super) fn relay_message<M>(&self, target: &Target<'_>, message: &M, exclude: Exclude<'_>)
    where
        M: Serialize + ?Sized,
    {
        self.relay(target, Event::Message(Message::new(message, exclude)));
    }

    /// Notes that who is connected, or who is in a room, has changed: the channel may be wanted now
    /// or not any more.
    pub(super) fn changed(&self, target: &Target<'_>) {
        if let Some(bus) = &self.inner.bus {
            bus.wanted.note(channel::name(&bus.prefix, target));
        }
    }

    /// Notes that a client has come or gone.
    pub(super) fn client_changed(&self, client_id: &str) {
        self.changed(&Target::Client(client_id));
        self.changed(&Target::Everyone);
        self.note_presence(&Target::Client(client_id), client_id);
    }

    /// Notes that a client may have come into a room, or gone; `false` while nobody keeps it.
    pub(super) fn note_member(&self, room: &str, client_id: &str) -> bool {
        self.note_presence(&Target::Room(room), client_id)
    }

    fn note_presence(&self, target: &Target<'_>, client_id: &str) -> bool {
        let presence = self.inner.bus.as_ref().map(|bus| &bus.presence);
        presence.is_some_and(|presence| {
            let entry = (presence.key(target), client_id.to_owned());
            presence.notes.note(entry)
        })
    }

    /// Waits until what is sent from now on by other instances arrives here, to a room that was
    /// just joined for one, and until the others can see who is here. Does not wait while the bus is
    /// down.
    pub async fn subscribed(&self) {
        if let Some(bus) = self.inner.bus.as_ref().filter(|bus| bus.outbox.is_open()) {
            // Without a limit of its own: what is missed before this is in no history. A link that
            // is too slow is given up, which ends the wait.
            bus.wanted.settled().await;
            let shown = bus.presence.notes.settled();
            let _ = time::timeout(PRESENCE_PATIENCE, shown).await;
        }
    }
}
