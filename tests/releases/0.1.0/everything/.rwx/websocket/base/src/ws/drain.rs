//! The end: `axum::serve` does not wait for open sockets, so the layer sends them away itself.

use std::time::Duration;

use tokio::time::{self, Instant};

use super::frame::Close;
use super::hub::Hub;

/// The part of the deadline in which connections are told to go; the rest is for their goodbye.
const TELLING: f64 = 0.8;

/// The part that is kept for the bus, however long the goodbyes take.
const BUS: f64 = 0.1;

impl Hub {
    /// Refuses new connections (503) and closes all others (1012), spread over `WS_DRAIN_SECONDS`
    /// so that the other instances are not stormed. Returns when all are gone, at the latest
    /// after `deadline`.
    ///
    /// Call it when `axum::serve` has returned. Where that may not be, as it waits for each request
    /// and some never end (server-sent events), call it in the future of the signal:
    ///
    /// ```text
    /// let stopping = async move { signal.await; hub.shutdown(Duration::from_secs(10)).await };
    /// let serving = axum::serve(listener, app).with_graceful_shutdown(stopping);
    /// serving.await?; // waits for those requests still; the clients are gone by then
    /// ```
    pub async fn shutdown(&self, deadline: Duration) {
        self.inner.draining.get_or_init(|| ());
        let sessions = self.inner.registry.everyone();
        tracing::info!(connections = sessions.len(), "draining");
        let start = Instant::now();
        let spread = self.config().drain.min(deadline.mul_f64(TELLING));
        let pause = spread / u32::try_from(sessions.len()).unwrap_or(u32::MAX).max(1);
        let mut next = start;
        for session in sessions {
            session.close(Close::SERVICE_RESTART);
            next += pause;
            time::sleep_until(next).await;
        }
        let goodbye = deadline.mul_f64(1.0 - BUS).saturating_sub(start.elapsed());
        let ended = time::timeout(goodbye, self.wait_until_empty()).await;
        if ended.is_err() {
            let connections = self.inner.limits.taken();
            tracing::warn!(connections, "some connections did not end in time");
        }
        let rest = deadline.saturating_sub(start.elapsed());
        self.stop_bus(rest).await;
    }

    async fn wait_until_empty(&self) {
        while self.inner.limits.taken() > 0 {
            // Those that were being admitted when the others were told.
            for session in self.inner.registry.everyone() {
                session.close(Close::SERVICE_RESTART);
            }
            time::sleep(Duration::from_millis(10)).await;
        }
    }
}
