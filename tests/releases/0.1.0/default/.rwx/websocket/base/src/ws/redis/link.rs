//! The link to Redis: to each node one connection to publish on and one that is subscribed.

use redis::aio::MultiplexedConnection;
use redis::{Cmd, FromRedisValue, Pipeline, PushInfo, PushKind, RedisResult, ToRedisArgs};

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use futures_util::future::{try_join, try_join_all};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::{self, Instant};

use super::super::hub::Hub;
use super::super::redis::Bus;
use super::cluster::{self, Shard};
use super::connect::{broken, connect, in_time};
use super::envelope::{self, Event};
use super::outbox::Outgoing;
use super::{channel, receive};

/// How often a link shows that it is alive.
const PROBE_INTERVAL: Duration = Duration::from_secs(5);

/// What is asked of Redis for a channel; a cluster has it with an `S` before.
pub(super) const PUBLISH: &str = "PUBLISH";
pub(super) const SUBSCRIBE: &str = "SUBSCRIBE";
pub(super) const UNSUBSCRIBE: &str = "UNSUBSCRIBE";

/// All connections; they are whole together, or given up together.
pub(super) struct Link {
    nodes: Vec<Node>,
    /// The URL that the link was made by.
    url: String,
    is_cluster: bool,
}

struct Node {
    shard: Shard,
    publisher: MultiplexedConnection,
    subscriber: MultiplexedConnection,
    probe: String,
}

/// What happens on a link unasked.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum News {
    /// A probe has come back.
    Echo,
    /// A connection is lost.
    Lost,
}

/// Where the connections of a link tell their news.
pub(super) type Listener = UnboundedReceiver<News>;

impl Link {
    pub(super) async fn open(hub: &Hub, bus: &Bus, url: &str) -> RedisResult<(Self, Listener)> {
        let mut shards = cluster::shards(url, &mut connect(url, drop).await?).await?;
        let is_cluster = !shards.is_empty();
        if !is_cluster {
            shards.push(Shard::whole(url));
        }
        let (tell, listener) = mpsc::unbounded_channel();
        let nodes = shards
            .into_iter()
            .map(|shard| Node::open(hub, bus, shard, &tell));
        let link = Self {
            nodes: try_join_all(nodes).await?,
            url: url.to_owned(),
            is_cluster,
        };
        link.send(SUBSCRIBE, link.probes(None)).await?;
        Ok((link, listener))
    }

    pub(super) fn urls(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|node| node.shard.url.as_str())
    }

    /// The channel of each node's probes, with the same envelope.
    fn probes<'a>(
        &'a self,
        envelope: Option<&'a str>,
    ) -> impl Iterator<Item = (&'a str, Option<&'a str>)> + Clone {
        self.nodes
            .iter()
            .map(move |node| (node.probe.as_str(), envelope))
    }

    /// Sends a command for each channel to the node that has it, and waits for the answers.
    pub(super) async fn send<'a>(
        &self,
        command: &str,
        arguments: impl Iterator<Item = (&'a str, Option<&'a str>)> + Clone,
    ) -> RedisResult<()> {
        let name = self.name(command);
        let commands = arguments.map(|(channel, envelope)| {
            let mut command = redis::cmd(&name);
            command.arg(channel).arg(envelope);
            (channel, command)
        });
        let connection = if command == PUBLISH {
            Node::publisher
        } else {
            Node::subscriber
        };
        let batches = self.batches(connection, commands);
        answers::<()>(batches).await?;
        Ok(())
    }

    /// Sends commands, each to the node that has its key; the answers come with the keys.
    pub(super) async fn query<'a, T: FromRedisValue>(
        &self,
        commands: Vec<(&'a str, Cmd)>,
    ) -> RedisResult<Vec<(&'a str, T)>> {
        answers(self.batches(Node::publisher, commands.into_iter())).await
    }

    /// Sends what was in the outbox, each to the node that has its channel or key.
    pub(super) async fn send_out(&self, batch: &VecDeque<Outgoing>) -> RedisResult<()> {
        let publish = self.name(PUBLISH);
        let command = |out: &Outgoing| match out.kind.script() {
            None => {
                let mut command = redis::cmd(&publish);
                command.arg(&out.key).arg(&out.args);
                command
            }
            Some(script) => {
                let mut command = eval(script, &out.key, &out.args);
                command.arg(&publish);
                command
            }
        };
        let commands = batch.iter().map(|out| (out.key.as_str(), command(out)));
        answers::<()>(self.batches(Node::publisher, commands)).await?;
        Ok(())
    }

    /// Sends one command to the node that has its key.
    pub(super) async fn ask<T: FromRedisValue>(&self, key: &str, command: Cmd) -> RedisResult<T> {
        let answers = self.query(vec![(key, command)]).await?;
        let answer = answers.into_iter().next().map(|(_, answer)| answer);
        answer.ok_or_else(|| broken("no node has the key"))
    }

    /// A command for channels, as this Redis has it.
    fn name(&self, command: &str) -> String {
        let prefix = if self.is_cluster { "S" } else { "" };
        format!("{prefix}{command}")
    }

    /// What goes to each node: the commands whose keys it has.
    fn batches<'a>(
        &self,
        connection: fn(&Node) -> &MultiplexedConnection,
        commands: impl Iterator<Item = (&'a str, Cmd)>,
    ) -> Vec<Batch<'a>> {
        let batch = |node| Batch {
            connection: connection(node).clone(),
            keys: Vec::new(),
            pipeline: Pipeline::new(),
        };
        let mut batches: Vec<_> = self.nodes.iter().map(batch).collect();
        for (key, command) in commands {
            let node = self.nodes.iter().position(|node| node.shard.has(key));
            if let Some(batch) = node.and_then(|node| batches.get_mut(node)) {
                batch.keys.push(key);
                batch.pipeline.add_command(command);
            }
        }
        batches.retain(|batch| !batch.keys.is_empty());
        batches
    }

    /// Probes every node now and then; returns when the link is not whole any more.
    pub(super) async fn watch(
        &self,
        hub: &Hub,
        bus: &Bus,
        mut listener: Listener,
    ) -> RedisResult<Infallible> {
        let probe = envelope::encode::<()>(&bus.instance, Event::Probe);
        loop {
            let news = time::timeout(PROBE_INTERVAL, listener.recv()).await;
            if matches!(news, Ok(Some(News::Lost) | None)) {
                return Err(broken("the connection is lost"));
            }
            let start = Instant::now();
            self.send(PUBLISH, self.probes(probe.as_deref())).await?;
            for _ in &self.nodes {
                let echo = async { Ok(listener.recv().await) };
                if in_time(echo).await? != Some(News::Echo) {
                    return Err(broken("the connection is lost"));
                }
            }
            let lag = usize::try_from(start.elapsed().as_millis()).unwrap_or(usize::MAX);
            hub.count(|stats| stats.bus_lag_ms = lag);
            self.check_slots().await?;
        }
    }

    /// Sees to it that every slot of a cluster is where it was.
    async fn check_slots(&self) -> RedisResult<()> {
        if let Some(node) = self.nodes.first().filter(|_| self.is_cluster) {
            let shards = cluster::shards(&self.url, &mut node.publisher.clone()).await?;
            if !shards.iter().eq(self.nodes.iter().map(|node| &node.shard)) {
                return Err(broken("the slots of the cluster have moved"));
            }
        }
        Ok(())
    }
}

/// Commands for one node.
struct Batch<'a> {
    connection: MultiplexedConnection,
    keys: Vec<&'a str>,
    pipeline: Pipeline,
}

impl<'a> Batch<'a> {
    async fn send<T: FromRedisValue>(mut self) -> RedisResult<Vec<(&'a str, T)>> {
        let answers: Vec<T> = self.pipeline.query_async(&mut self.connection).await?;
        Ok(self.keys.into_iter().zip(answers).collect())
    }
}

async fn answers<T: FromRedisValue>(batches: Vec<Batch<'_>>) -> RedisResult<Vec<(&str, T)>> {
    let answers = batches.into_iter().map(Batch::send);
    let answers = in_time(try_join_all(answers)).await?;
    Ok(answers.into_iter().flatten().collect())
}

impl Node {
    async fn open(
        hub: &Hub,
        bus: &Bus,
        shard: Shard,
        tell: &UnboundedSender<News>,
    ) -> RedisResult<Self> {
        let (hub, tell) = (hub.clone(), tell.clone());
        let hear = move |push: PushInfo| {
            let news = match push.kind {
                PushKind::Disconnection => Some(News::Lost),
                PushKind::Message | PushKind::SMessage => receive::receive(&hub, &push.data),
                _ => None,
            };
            // Nobody listens any more to a link that is given up.
            let _ = news.map(|news| tell.send(news));
        };
        let publisher = connect(&shard.url, hear.clone());
        let (publisher, subscriber) = try_join(publisher, connect(&shard.url, hear)).await?;
        let mut probes = (0..).map(|number| channel::probe(&bus.prefix, &bus.instance, number));
        let probe = probes.find(|probe| shard.has(probe)).unwrap_or_default();
        Ok(Self {
            shard,
            publisher,
            subscriber,
            probe,
        })
    }

    fn publisher(&self) -> &MultiplexedConnection {
        &self.publisher
    }

    fn subscriber(&self) -> &MultiplexedConnection {
        &self.subscriber
    }
}

/// Has Redis run a script about a key.
pub(super) fn eval(script: &str, key: &str, args: impl ToRedisArgs) -> Cmd {
    let mut command = redis::cmd("EVAL");
    command.arg(script).arg(1).arg(key).arg(args);
    command
}
