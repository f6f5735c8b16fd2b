//! Keeps in Redis who is connected here and who is in which room here, and forgets instances that
//! do not show themselves any more. Who came as the first of all instances, or went as the last, is
//! told to the room when Redis has said so.

use redis::RedisResult;

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{self, Instant};

use super::super::bus::{Exclude, Target};
use super::super::handler;
use super::super::hub::Hub;
use super::super::messages::ServerMessage;
use super::super::redis::Bus;
use super::super::sync::lock;
use super::channel;
use super::connect::breaks_link;
use super::link::Link;
use super::notes::Notes;
use super::store::{self, Change, Entry, Store};

/// How often an instance shows that it is alive.
const BEAT_INTERVAL: Duration = Duration::from_secs(5);

/// When more clients of a room come or go together, with an instance, the room is told to ask who is
/// there instead of one by one.
const MANY: usize = 16;

/// What of presence outlives a link.
pub(super) struct Presence {
    /// What the keys start with.
    prefix: String,
    pub(super) notes: Notes<Entry>,
    /// Where it is kept, while there is a link.
    pub(super) store: Mutex<Option<Store>>,
    /// The name that this instance has there. It takes a new one when what it wrote may be gone.
    id: Mutex<Option<String>>,
}

impl Presence {
    pub(super) fn new(prefix: &str) -> Self {
        Self {
            prefix: format!("{prefix}:presence"),
            notes: Notes::default(),
            store: Mutex::default(),
            id: Mutex::default(),
        }
    }

    /// The key of a room or a client.
    pub(super) fn key(&self, target: &Target<'_>) -> String {
        channel::name(&self.prefix, target)
    }

    /// The key of the instances and their beats.
    pub(super) fn instances(&self) -> String {
        store::instances(&self.prefix)
    }

    /// Whom a key is about.
    fn target<'a>(&self, key: &'a str) -> Option<Target<'a>> {
        channel::target(&self.prefix, key)
    }

    /// Removes this instance.
    pub(super) async fn end(&self) -> RedisResult<()> {
        let (store, id) = (lock(&self.store).take(), lock(&self.id).take());
        if let (Some(store), Some(id)) = (store, id) {
            store.forget(&id).await?;
        }
        Ok(())
    }
}

pub(super) struct Keeper<'a> {
    hub: &'a Hub,
    bus: &'a Bus,
    store: Store,
    id: String,
    /// The name before this one, until all is written under this one.
    old: Option<String>,
    /// Not all is written under this name: everyone here is noted, whether new or not.
    is_new: bool,
    /// Redis takes no writes, so nothing is kept until it does.
    is_refused: bool,
    /// What is being written.
    turn: HashSet<Entry>,
    next_beat: Instant,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(hub: &'a Hub, bus: &'a Bus, link: &Arc<Link>) -> Self {
        Self {
            hub,
            bus,
            store: Store::new(link, &bus.presence.prefix),
            id: String::new(),
            old: None,
            is_new: false,
            is_refused: false,
            turn: HashSet::new(),
            next_beat: Instant::now(),
        }
    }

    /// Notes who is here. From then on, who asks for the members of a room waits for that to be
    /// written, which `run` does.
    pub(super) async fn start(&mut self) -> RedisResult<()> {
        let begun = self.begin().await;
        self.go_on(begun)
    }

    pub(super) async fn run(&mut self) -> RedisResult<Infallible> {
        loop {
            let written = self.write().await;
            self.go_on(written)?;
        }
    }

    /// Writes what is noted by now, or is the next to be.
    async fn write(&mut self) -> RedisResult<()> {
        if self.is_new {
            self.settle(MANY).await?;
            self.is_new = false;
            self.is_refused = false;
            return match self.old.take() {
                Some(old) => self.forget(&old).await,
                None => Ok(()),
            };
        }
        let noted = time::timeout_at(self.next_beat, self.bus.presence.notes.noted());
        if noted.await.is_ok() {
            self.settle(usize::MAX).await?;
        }
        if self.next_beat <= Instant::now() {
            self.beat().await?;
        }
        Ok(())
    }

    /// Lets only what breaks the link end it: messages go through without presence.
    fn go_on(&mut self, written: RedisResult<()>) -> RedisResult<()> {
        match written {
            Err(error) if breaks_link(&error) => return Err(error),
            Err(error) => {
                if !self.is_refused {
                    tracing::warn!(%error, "Redis does not keep who is connected here");
                }
                self.is_refused = true;
                self.stop();
            }
            Ok(()) => {}
        }
        Ok(())
    }

    /// Takes a new name, under which everyone is to be written; then the old one is forgotten.
    async fn begin(&mut self) -> RedisResult<()> {
        let presence = &self.bus.presence;
        self.id = self.hub.inner.ids.next().to_string();
        self.show(true).await?;
        self.old = lock(&presence.id).replace(self.id.clone());
        self.is_new = true;
        *lock(&presence.store) = Some(self.store.clone());
        presence.notes.open();
        self.hub.inner.registry.for_each_member(|target, client| {
            let key = presence.key(target);
            presence.notes.note((key, client.to_owned()));
        });
        Ok(())
    }

    async fn beat(&mut self) -> RedisResult<()> {
        if self.is_refused {
            return self.begin().await;
        }
        let dead = self.show(false).await?;
        // Unless it was forgotten because this instance ends.
        let goes_on = lock(&self.bus.presence.id).is_some();
        if dead.contains(&self.id) && goes_on {
            tracing::warn!("Redis has lost who is connected here: it is told again");
            return self.begin().await;
        }
        for id in &dead {
            tracing::warn!(id, "an instance is gone: its clients are forgotten");
            self.forget(id).await?;
        }
        Ok(())
    }

    /// Shows that this instance is alive; says which ones are not.
    async fn show(&mut self, is_new: bool) -> RedisResult<Vec<String>> {
        self.next_beat = Instant::now() + BEAT_INTERVAL;
        let connections = self.hub.connection_count();
        let (others, dead) = self.store.beat(&self.id, connections, is_new).await?;
        self.hub.count(|stats| stats.bus_instances = others + 1);
        Ok(dead)
    }

    async fn forget(&self, id: &str) -> RedisResult<()> {
        let left = self.store.forget(id).await?;
        self.tell(left, MANY, handler::on_leave);
        Ok(())
    }

    /// Writes what was noted as it is now.
    async fn settle(&mut self, many: usize) -> RedisResult<()> {
        let notes = &self.bus.presence.notes;
        let (turn, count) = notes.take();
        self.turn = turn;
        let is_here = |(key, client): &&Entry| match self.bus.presence.target(key) {
            Some(Target::Room(room)) => self.hub.is_member(room, client),
            _ => self.hub.is_connected(client),
        };
        let (here, gone): (Vec<_>, Vec<_>) = self.turn.iter().partition(is_here);
        let joined = self.store.join(&self.id, &here).await?;
        let keys = gone.iter().map(|(key, _)| key.as_str());
        let empty: Vec<&str> = keys.filter(|key| !self.has_any(key)).collect();
        let left = self.store.leave(&self.id, &gone, &empty).await?;
        self.turn.clear();
        self.tell(joined, many, handler::on_join);
        self.tell(left, many, handler::on_leave);
        notes.settle(count);
        Ok(())
    }

    /// Whether anyone of this instance is at a key.
    fn has_any(&self, key: &str) -> bool {
        let target = self.bus.presence.target(key);
        target.is_some_and(|target| self.hub.has_any(&target))
    }

    /// Tells rooms who came as the first or went as the last; where these are more than `many`, to
    /// ask who is there.
    fn tell(&self, changes: Vec<Change>, many: usize, event: fn(&Hub, &str, &str)) {
        for (key, clients) in changes {
            let Some(Target::Room(room)) = self.bus.presence.target(&key) else {
                continue;
            };
            if clients.len() > many {
                let resync = ServerMessage::Resync;
                self.hub.broadcast_to_room(room, &resync, Exclude::Nobody);
                continue;
            }
            for client_id in &clients {
                event(self.hub, room, client_id);
            }
        }
    }

    /// Keeps nothing any more. Redis will not say who came first or went last, so each instance
    /// tells what it knows; who was noted only to be written anew has not come.
    fn stop(&mut self) {
        *lock(&self.bus.presence.store) = None;
        let rest = self.bus.presence.notes.close();
        for entry in self.turn.drain().chain(rest) {
            let (key, client) = &entry;
            let Some(Target::Room(room)) = self.bus.presence.target(key) else {
                continue;
            };
            if !(self.is_new && self.hub.is_member(room, client)) {
                self.hub.tell_room(room, client);
            }
        }
        self.is_new = false;
    }
}

impl Drop for Keeper<'_> {
    fn drop(&mut self) {
        self.stop();
    }
}
