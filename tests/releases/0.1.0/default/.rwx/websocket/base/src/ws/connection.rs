//! The life of one connection: read a message, have it handled, keep the socket written meanwhile,
//! end well.

use std::pin::pin;
use std::time::Duration;

use tungstenite::Utf8Bytes;

use super::bus::Target;
use super::driver::Driver;
use super::frame::Close;
use super::handler;
use super::hub::Hub;
use super::limits::Permits;
use super::request::{self, Answer};
use super::session::Session;
use super::turn;

/// How long a client has to take what is still queued and to answer the close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// After so many messages of one client the others on its thread get their turn.
const MESSAGES_PER_TURN: u32 = 32;

/// A connected client; dropping it disconnects.
#[derive(Debug)]
pub struct Connection {
    hub: Hub,
    session: Session,
    driver: Driver,
    _permits: Permits,
}

impl Connection {
    pub(super) fn new(hub: Hub, session: Session, permits: Permits) -> Self {
        let driver = Driver::new(session.clone(), hub.config());
        Self {
            hub,
            session,
            driver,
            _permits: permits,
        }
    }

    /// The handle by which others send to this connection.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Serves the client until it is gone.
    pub async fn run(mut self) {
        turn::take_turns(pin!(self.serve())).await;
    }

    async fn serve(&mut self) {
        let greeting = async {
            self.hub.subscribed().await;
            handler::on_connect(&self.hub, &self.session).await;
        };
        self.driver.drive(pin!(greeting)).await;
        let mut turn = 0..MESSAGES_PER_TURN;
        while let Some(text) = self.driver.recv().await {
            self.handle(text).await;
            if turn.next().is_none() {
                turn = 0..MESSAGES_PER_TURN;
                self.driver.drive(pin!(tokio::task::yield_now())).await;
            }
        }
        self.end().await;
    }

    async fn handle(&mut self, text: Utf8Bytes) {
        self.hub.count(|stats| stats.received += 1);
        let (id, message) = request::decode(&text);
        // The text is a part of the read buffer, which lives as long as it does.
        drop(text);
        let result = match message {
            Ok(message) => {
                let handling = handler::on_message(&self.hub, &self.session, message);
                self.driver.drive(pin!(handling)).await
            }
            Err(error) => Err(error),
        };
        if let Some(answer) = Answer::new(id, result) {
            self.session.send(&answer);
        }
    }

    async fn end(&mut self) {
        let close = self.session.transport().end().unwrap_or(Close::NORMAL);
        self.hub.count(|stats| stats.count_close(&close));
        tracing::debug!(code = close.code, reason = %close.reason, "ended");
        self.disconnect();
        // A client that does not answer in time is dropped all the same.
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, self.driver.finish()).await;
    }

    fn disconnect(&self) {
        if let Some(rooms) = self.hub.inner.registry.remove(&self.session) {
            let client_id = self.session.client_id();
            self.hub.expire_rooms(&self.session);
            self.hub.client_changed(client_id);
            for room in &rooms {
                self.hub.changed(&Target::Room(room));
                self.hub.member_changed(room, client_id);
            }
            handler::on_disconnect(&self.hub, &self.session);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.disconnect();
        self.session.transport().abort();
    }
}
