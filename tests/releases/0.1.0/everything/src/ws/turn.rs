//! A turn is what a connection's task does until it waits. What is sent in a turn is written at its
//! end, so that several messages to one socket cost one system call.

use std::cell::RefCell;
use std::future::{self, Future};
use std::pin::Pin;

use futures_util::FutureExt;

use super::session::Session;

/// So few sockets are written by their own tasks, which have more to write with it when the server
/// is busy; for many, waking their tasks would cost more.
const FEW: usize = 16;

tokio::task_local! {
    static DUE: RefCell<Due>;
}

/// The sessions whose queues this task has the duty to write, however its turn ends.
#[derive(Debug, Default)]
struct Due(Vec<Session>);

impl Drop for Due {
    fn drop(&mut self) {
        if self.0.len() > FEW {
            return write(&self.0);
        }
        for session in &self.0 {
            session.transport().wake();
        }
    }
}

/// Runs the task of a connection, and writes at the end of each turn what it sent.
pub(super) async fn take_turns<T>(mut task: Pin<&mut impl Future<Output = T>>) -> T {
    let turns = future::poll_fn(|cx| {
        let polled = task.as_mut().poll(cx);
        drop(DUE.with(RefCell::take));
        polled
    });
    DUE.scope(RefCell::default(), turns).await
}

/// Has the queues of `sessions` written: at the end of the turn, or at once by a task that takes
/// none.
pub(super) fn write_soon(sessions: Vec<Session>) {
    let mut sessions = Some(sessions);
    let is_in_turn = DUE.try_with(|due| {
        let sessions = sessions.take().unwrap_or_default();
        due.borrow_mut().0.extend(sessions);
    });
    if is_in_turn.is_err() {
        write(&sessions.unwrap_or_default());
    }
}

fn write(sessions: &[Session]) {
    // Tokio has a task yield after 128 writes by refusing the next ones: these cannot wait, so
    // they are not counted.
    let writes = async {
        for session in sessions {
            session.transport().write();
        }
    };
    tokio::task::unconstrained(writes).now_or_never();
}
