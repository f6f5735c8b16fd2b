//! Keeps a link subscribed to what is wanted here, and to nothing else.

use redis::RedisResult;

use std::collections::HashSet;
use std::convert::Infallible;

use super::super::bus::Target;
use super::super::hub::Hub;
use super::super::redis::Bus;
use super::channel;
use super::link::{Link, SUBSCRIBE, UNSUBSCRIBE};

/// How many channels are asked for before the answers are waited for.
const BATCH: usize = 1_000;

pub(super) struct Subscriber<'a> {
    hub: &'a Hub,
    bus: &'a Bus,
    link: &'a Link,
    active: HashSet<String>,
}

impl<'a> Subscriber<'a> {
    /// Subscribes to all that is wanted.
    pub(super) async fn start(hub: &'a Hub, bus: &'a Bus, link: &'a Link) -> RedisResult<Self> {
        let active = HashSet::new();
        let mut subscriber = Self {
            hub,
            bus,
            link,
            active,
        };
        bus.wanted.open();
        hub.changed(&Target::Everyone);
        let registry = &hub.inner.registry;
        registry.for_each_member(|target, _| hub.changed(target));
        subscriber.settle().await?;
        Ok(subscriber)
    }

    pub(super) async fn run(&mut self) -> RedisResult<Infallible> {
        loop {
            self.bus.wanted.noted().await;
            self.settle().await?;
        }
    }

    /// Makes the channels that were noted what they should be now.
    async fn settle(&mut self) -> RedisResult<()> {
        let (channels, notes) = self.bus.wanted.take();
        let (wanted, unwanted): (Vec<_>, Vec<_>) = channels
            .into_iter()
            .filter(|channel| self.is_wanted(channel) != self.active.contains(channel))
            .partition(|channel| !self.active.contains(channel));
        for (command, channels) in [(SUBSCRIBE, &wanted), (UNSUBSCRIBE, &unwanted)] {
            for channels in channels.chunks(BATCH) {
                let channels = channels.iter().map(|channel| (channel.as_str(), None));
                self.link.send(command, channels).await?;
            }
        }
        for channel in &unwanted {
            self.active.remove(channel);
        }
        self.active.extend(wanted);
        self.bus.wanted.settle(notes);
        Ok(())
    }

    fn is_wanted(&self, channel: &str) -> bool {
        let target = channel::target(&self.bus.prefix, channel);
        target.is_some_and(|target| self.hub.has_any(&target))
    }
}
