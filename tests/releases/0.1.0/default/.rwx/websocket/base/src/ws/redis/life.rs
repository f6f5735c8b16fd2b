//! The life of the bus: connect, subscribe, serve until something breaks, start over, for ever.

use redis::RedisResult;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join4;
use tokio::time::{self, Instant};

use super::super::bus::{Exclude, Target};
use super::super::hub::Hub;
use super::super::messages::ServerMessage;
use super::super::redis::Bus;
use super::super::sync::lock;
use super::link::Link;
use super::presence::Keeper;
use super::subscriber::Subscriber;

/// The first pause before a new attempt; each after it is longer.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A link that held for so long was a good one: the next attempt comes soon.
const GOOD_LINK: Duration = Duration::from_secs(10);

/// Keeps the bus up. Any of `seeds` may lead to the other nodes of a cluster.
pub(super) async fn run(hub: Hub, mut seeds: Vec<String>) {
    let Some(bus) = &hub.inner.bus else {
        return;
    };
    let mut pause = FIRST_PAUSE;
    for attempt in 0.. {
        let start = Instant::now();
        seeds.rotate_left(usize::from(attempt > 0));
        let cleanup = Cleanup { hub: &hub, bus };
        let Err(error) = serve(&hub, bus, &mut seeds, attempt == 0).await;
        let was_up = bus.outbox.is_open();
        if was_up || attempt == 0 {
            tracing::warn!(%error, "the bus is down: messages stay on this instance");
        }
        drop(cleanup);
        if was_up && start.elapsed() > GOOD_LINK {
            pause = FIRST_PAUSE;
        }
        // Not all instances at the same time.
        let share = 0.5 + hub.inner.ids.next().jitter() / 2.0;
        time::sleep(pause.mul_f64(share)).await;
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

/// Clears what a link leaves behind, also where the task is ended.
struct Cleanup<'a> {
    hub: &'a Hub,
    bus: &'a Bus,
}

impl Drop for Cleanup<'_> {
    fn drop(&mut self) {
        self.bus.wanted.close();
        // What hears Redis for the link has the hub, so without this neither would go.
        *lock(&self.bus.link) = None;
        let (_, lost) = self.bus.outbox.close();
        self.hub.count(|stats| {
            stats.bus_up = 0;
            stats.bus_instances = 0;
            stats.bus_dropped += lost;
        });
    }
}

/// Connects by the first of `seeds`, which is given what other nodes there are, and serves until
/// something breaks.
async fn serve(
    hub: &Hub,
    bus: &Bus,
    seeds: &mut Vec<String>,
    is_first: bool,
) -> RedisResult<Infallible> {
    let seed = seeds.first().cloned().unwrap_or_default();
    let (link, listener) = Link::open(hub, bus, &seed).await?;
    for url in link.urls() {
        if !seeds.iter().any(|seed| seed == url) {
            seeds.push(url.to_owned());
        }
    }
    let link = Arc::new(link);
    let mut subscriber = Subscriber::start(hub, bus, &link).await?;
    let mut keeper = Keeper::new(hub, bus, &link);
    keeper.start().await?;
    begin(hub, bus, &link);
    hub.count(|stats| {
        stats.bus_up = 1;
        stats.bus_reconnects += usize::from(!is_first);
    });
    tracing::info!("the bus is up");
    let publishing = publish(hub, bus, &link);
    let watching = link.watch(hub, bus, listener);
    let (never, ..) = try_join4(watching, subscriber.run(), publishing, keeper.run()).await?;
    Ok(never)
}

/// Opens the bus and has the clients ask for what other instances sent before.
fn begin(hub: &Hub, bus: &Bus, link: &Arc<Link>) {
    // First, as an answer to a client that asks waits for nothing while the bus is closed.
    *lock(&bus.link) = Some(Arc::clone(link));
    bus.outbox.open();
    hub.deliver_message(&Target::Everyone, &ServerMessage::Resync, Exclude::Nobody);
}

async fn publish(hub: &Hub, bus: &Bus, link: &Link) -> RedisResult<Infallible> {
    loop {
        let batch = bus.outbox.take().await;
        link.send_out(&batch).await?;
        let published = bus.outbox.published();
        hub.count(|stats| stats.bus_published += published);
    }
}
