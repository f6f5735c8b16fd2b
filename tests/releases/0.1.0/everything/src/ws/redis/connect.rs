//! One connection to Redis, and how long it may take for anything.

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, PushInfo, RedisError, RedisResult};

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::time;

/// How long Redis may take for anything before the link is given up.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Where Redis is: `redis://:password@127.0.0.1:6379`, or some nodes of a cluster with commas
/// between. It is not shown, as it may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisUrl(String);

impl RedisUrl {
    /// `None` if this is no URL of a Redis.
    pub fn parse(text: &str) -> Option<Self> {
        let is_url = |url: &str| Client::open(url).is_ok();
        text.split(',').all(is_url).then(|| Self(text.to_owned()))
    }

    /// The nodes by which Redis may be reached.
    pub(super) fn seeds(&self) -> Vec<String> {
        self.0.split(',').map(str::to_owned).collect()
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisUrl(a secret)")
    }
}

/// Connects; `hear` gets what Redis says unasked.
pub(super) async fn connect(
    url: &str,
    hear: impl Fn(PushInfo) + Send + Sync + 'static,
) -> RedisResult<MultiplexedConnection> {
    let settings = AsyncConnectionConfig::new();
    let settings = settings
        .set_connection_timeout(None)
        .set_response_timeout(None);
    let settings = settings.set_push_sender(move |push| {
        hear(push);
        Ok::<_, Infallible>(())
    });
    // Only this version of the protocol lets a subscribed connection do anything else.
    let mark = if url.contains('?') { '&' } else { '?' };
    let client = Client::open(format!("{url}{mark}protocol=resp3"))?;
    in_time(client.get_multiplexed_async_connection_with_config(&settings)).await
}

pub(super) async fn in_time<T>(work: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    let done = time::timeout(PATIENCE, work).await;
    done.unwrap_or_else(|_| Err(broken("Redis does not answer")))
}

/// The error of a link that cannot be used any further.
pub(super) fn broken(reason: &'static str) -> RedisError {
    io::Error::new(io::ErrorKind::BrokenPipe, reason).into()
}

/// Whether an error says that a link cannot be used any further. A replica refuses all writes, and
/// the master is elsewhere; Redis 6 gives that no code of its own where a script met it.
pub(super) fn breaks_link(error: &RedisError) -> bool {
    error.is_io_error() || error.to_string().contains("read only replica")
}
