//! The socket under the protocol, and the frames that it has not taken yet, with a bound.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice};
use std::iter;
use std::pin::Pin;
use std::task::{self, Context, Poll, Waker};

use futures_util::task::noop_waker;
use hyper::rt::{Read as _, ReadBuf, Write as _};
use hyper::upgrade::Upgraded;
use tokio::time::Instant;

use super::config::WsConfig;
use super::frame::Frame;

/// The most frames that one system call writes.
const FRAMES_PER_WRITE: usize = 16;

pub(super) struct Wire {
    io: Upgraded,
    /// The connection's own task: the one that the socket wakes, whoever wrote to it.
    task: Waker,
    queue: VecDeque<Frame>,
    /// How much of the first frame the socket has taken.
    taken: usize,
    queued_bytes: usize,
    max_frames: usize,
    max_bytes: usize,
    /// When the socket last took something, while it holds frames back.
    pub(super) blocked_since: Option<Instant>,
    /// Something has come from the client, a part of a message perhaps.
    pub(super) has_heard: bool,
}

impl Wire {
    pub(super) fn new(io: Upgraded, config: &WsConfig) -> Self {
        Self {
            io,
            task: noop_waker(),
            queue: VecDeque::new(),
            taken: 0,
            queued_bytes: 0,
            max_frames: config.queue_messages,
            max_bytes: config.queue_bytes,
            blocked_since: None,
            has_heard: false,
        }
    }

    /// Makes `cx` the task that the socket wakes.
    pub(super) fn register(&mut self, cx: &Context<'_>) {
        self.task.clone_from(cx.waker());
    }

    pub(super) fn wake(&self) {
        self.task.wake_by_ref();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether a frame of `len` bytes is too much for the queue. An empty one takes any.
    pub(super) fn is_full_for(&self, len: usize) -> bool {
        let bytes = self.queued_bytes + len;
        let is_over = self.queue.len() >= self.max_frames || bytes > self.max_bytes;
        is_over && !self.is_empty()
    }

    pub(super) fn push(&mut self, frame: Frame) {
        self.queued_bytes += frame.bytes().len();
        self.queue.push_back(frame);
    }

    /// Forgets the queue, but for a frame that the socket has taken a part of.
    pub(super) fn drop_queue(&mut self) {
        self.queue.truncate(usize::from(self.taken > 0));
        self.queue.shrink_to_fit();
        self.queued_bytes = self.queue.iter().map(|frame| frame.bytes().len()).sum();
    }

    /// Writes the queue as far as the socket takes it.
    pub(super) fn poll_write(&mut self) -> Poll<io::Result<()>> {
        if self.is_empty() {
            return Poll::Ready(Ok(()));
        }
        while let Some(first) = self.queue.front() {
            let mut cx = Context::from_waker(&self.task);
            let rest = first.bytes().get(self.taken..).unwrap_or_default();
            let io = Pin::new(&mut self.io);
            let written = if self.queue.len() == 1 {
                io.poll_write(&mut cx, rest)
            } else {
                io.poll_write_vectored(&mut cx, &slices(rest, &self.queue))
            };
            if written.is_pending() {
                self.blocked_since.get_or_insert_with(Instant::now);
            }
            match task::ready!(written)? {
                0 => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
                count => self.take(count),
            }
        }
        self.blocked_since = None;
        let mut cx = Context::from_waker(&self.task);
        Pin::new(&mut self.io).poll_flush(&mut cx)
    }

    /// Takes what the socket has taken out of the queue.
    fn take(&mut self, count: usize) {
        self.blocked_since = self.blocked_since.map(|_| Instant::now());
        self.taken += count;
        while let Some(first) = self.queue.front().map(|frame| frame.bytes().len()) {
            if self.taken < first {
                return;
            }
            self.taken -= first;
            self.queued_bytes -= first;
            self.queue.pop_front();
        }
    }
}

/// What is left of the first frame, and the frames after it.
fn slices<'a>(rest: &'a [u8], queue: &'a VecDeque<Frame>) -> [IoSlice<'a>; FRAMES_PER_WRITE] {
    let mut slices = [IoSlice::new(&[]); FRAMES_PER_WRITE];
    let others = queue.iter().skip(1).map(Frame::bytes);
    for (slice, bytes) in slices.iter_mut().zip(iter::once(rest).chain(others)) {
        *slice = IoSlice::new(bytes);
    }
    slices
}

/// The protocol reads from here, without waiting.
impl io::Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(buffer);
        let mut cx = Context::from_waker(&self.task);
        match Pin::new(&mut self.io).poll_read(&mut cx, buffer.unfilled()) {
            Poll::Ready(read) => read?,
            Poll::Pending => return Err(ErrorKind::WouldBlock.into()),
        }
        let count = buffer.filled().len();
        self.has_heard |= count > 0;
        Ok(count)
    }
}

/// The protocol writes its own frames, which are pongs and closes, to here: one call, one frame.
impl io::Write for Wire {
    fn write(&mut self, frame: &[u8]) -> io::Result<usize> {
        // A client that does not read its pongs needs no more of them.
        if !self.is_full_for(frame.len()) {
            self.push(Frame::encoded(frame));
        }
        Ok(frame.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
