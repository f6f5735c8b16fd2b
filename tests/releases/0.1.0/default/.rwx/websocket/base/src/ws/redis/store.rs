//! Where presence is in Redis, and what changes it there. Each command touches one key, so the keys
//! may be on any nodes of a cluster.

use redis::{Cmd, RedisResult};

use std::collections::BTreeMap;
use std::sync::Arc;

use super::link::{self, Link};

/// How many commands are sent before the answers are waited for, and how many clients one has.
const BATCH: usize = 500;

/// The seconds after which an instance that did not show itself is taken for dead.
const EXPIRY: u64 = 15;

/// Says that an instance (`ARGV[2]`) has these clients (the rest), or has them no more: all that it
/// had, if none is named. Answers with those who came as the first or went as the last.
const CHANGE: &str = "
local mark, clients, changed = ARGV[2] .. ' ', {}, {}
for at = 3, #ARGV do clients[at - 2] = ARGV[at] end
if #clients == 0 then clients = redis.call('HKEYS', KEYS[1]) end
for _, client in ipairs(clients) do
  local before = redis.call('HGET', KEYS[1], client) or ''
  local first, last = string.find(before, mark, 1, true)
  local after = before
  if ARGV[1] == 'join' and not first then
    after = before .. mark
  elseif ARGV[1] == 'leave' and first then
    after = string.sub(before, 1, first - 1) .. string.sub(before, last + 1)
  end
  if after == '' then
    redis.call('HDEL', KEYS[1], client)
  elseif after ~= before then
    redis.call('HSET', KEYS[1], client, after)
  end
  if (after == '') ~= (before == '') then table.insert(changed, client) end
end
return changed";

/// Notes that an instance (`ARGV[1]`) is alive and how many connections it has (`ARGV[2]`). Answers
/// with the number of others that are, and with those that are not; itself too if it was forgotten
/// and is not new.
const BEAT: &str = "
local now, known = tonumber(redis.call('TIME')[1]), ARGV[4] == 'new'
local others, dead = 0, {}
local all = redis.call('HGETALL', KEYS[1])
for at = 1, #all, 2 do
  local seen = tonumber(string.match(all[at + 1], '^%d+') or 0)
  local is_alive = now - seen <= tonumber(ARGV[3])
  if all[at] == ARGV[1] then
    known = known or is_alive
  elseif is_alive then
    others = others + 1
  else
    table.insert(dead, all[at])
  end
end
if known then
  redis.call('HSET', KEYS[1], ARGV[1], now .. ' ' .. ARGV[2])
else
  table.insert(dead, ARGV[1])
end
return {others, dead}";

/// The presence key of a room or a client, and a client of it.
pub(super) type Entry = (String, String);

/// A key, and the clients who came there as the first or went as the last.
pub(super) type Change = (String, Vec<String>);

#[derive(Clone)]
pub(super) struct Store {
    pub(super) link: Arc<Link>,
    prefix: String,
}

impl Store {
    pub(super) fn new(link: &Arc<Link>, prefix: &str) -> Self {
        Self {
            link: Arc::clone(link),
            prefix: prefix.to_owned(),
        }
    }

    /// The key of the keys that have clients of an instance.
    fn index(&self, id: &str) -> String {
        format!("{}:instance:{id}", self.prefix)
    }

    /// Shows that an instance is alive; says how many others are, and which ones are not.
    pub(super) async fn beat(
        &self,
        id: &str,
        connections: usize,
        is_new: bool,
    ) -> RedisResult<(usize, Vec<String>)> {
        let key = instances(&self.prefix);
        let age = if is_new { "new" } else { "known" };
        let command = link::eval(BEAT, &key, (id, connections, EXPIRY, age));
        self.link.ask(&key, command).await
    }

    /// Writes that an instance has these clients.
    pub(super) async fn join(&self, id: &str, entries: &[&Entry]) -> RedisResult<Vec<Change>> {
        let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
        // First, so that an instance that dies leaves nothing that cannot be found.
        self.write_index("SADD", id, &keys).await?;
        self.change("join", id, entries).await
    }

    /// Writes that an instance does not have these clients any more, and nobody at the keys `empty`.
    pub(super) async fn leave(
        &self,
        id: &str,
        entries: &[&Entry],
        empty: &[&str],
    ) -> RedisResult<Vec<Change>> {
        let changes = self.change("leave", id, entries).await?;
        self.write_index("SREM", id, empty).await?;
        Ok(changes)
    }

    /// Removes an instance and all that it had.
    pub(super) async fn forget(&self, id: &str) -> RedisResult<Vec<Change>> {
        let index = self.index(id);
        let keys: Vec<String> = self.link.ask(&index, command("SMEMBERS", &index)).await?;
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let command_of = |key: &&str| change("leave", id, key, &[]);
        let commands = keys.iter().map(|key| (*key, command_of(key))).collect();
        let changes = self.run(commands).await?;
        self.write_index("SREM", id, &keys).await?;
        let all = instances(&self.prefix);
        let mut command = command("HDEL", &all);
        command.arg(id);
        self.link.ask::<()>(&all, command).await?;
        Ok(changes)
    }

    async fn change(&self, verb: &str, id: &str, entries: &[&Entry]) -> RedisResult<Vec<Change>> {
        let mut clients_of = BTreeMap::<&str, Vec<&str>>::new();
        for (key, client) in entries {
            clients_of.entry(key).or_default().push(client);
        }
        let commands = clients_of.iter().flat_map(|(key, clients)| {
            let chunks = clients.chunks(BATCH);
            chunks.map(move |clients| (*key, change(verb, id, key, clients)))
        });
        self.run(commands.collect()).await
    }

    async fn run(&self, commands: Vec<(&str, Cmd)>) -> RedisResult<Vec<Change>> {
        let mut commands = commands.into_iter();
        let mut changes = Vec::new();
        while commands.len() > 0 {
            let batch = commands.by_ref().take(BATCH).collect();
            for (key, clients) in self.link.query::<Vec<String>>(batch).await? {
                if !clients.is_empty() {
                    changes.push((key.to_owned(), clients));
                }
            }
        }
        Ok(changes)
    }

    async fn write_index(&self, verb: &str, id: &str, keys: &[&str]) -> RedisResult<()> {
        let index = self.index(id);
        for keys in keys.chunks(BATCH) {
            let mut command = command(verb, &index);
            command.arg(keys);
            self.link.ask::<()>(&index, command).await?;
        }
        Ok(())
    }
}

/// The key of the instances and their beats.
pub(super) fn instances(prefix: &str) -> String {
    format!("{prefix}:instances")
}

pub(super) fn command(name: &str, key: &str) -> Cmd {
    let mut command = redis::cmd(name);
    command.arg(key);
    command
}

fn change(verb: &str, id: &str, key: &str, clients: &[&str]) -> Cmd {
    link::eval(CHANGE, key, (verb, id, clients))
}
