//! Another program, asked on its standard input: for a while, and for an answer of some size.

use std::io::{Read, Write as _};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::problem::reason;

/// How long a program may take: a file that it opens can be a pipe on which nobody writes.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most bytes that it may say.
const MOST: u64 = 64 << 20;

/// What a program said.
pub(super) struct Answer {
    pub(super) status: ExitStatus,
    pub(super) said: Vec<u8>,
    pub(super) complained: Vec<u8>,
}

/// Runs `command`, gives it its input and waits for what it says.
///
/// # Errors
/// Why it cannot be run, or that it gives no answer.
pub(super) fn ask(mut command: Command, input: Vec<u8>) -> Result<Answer, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child =
        command.spawn().map_err(|error| format!("cannot run {name}: {}", reason(&error)))?;
    let pipes = child.stdin.take().zip(child.stdout.take()).zip(child.stderr.take());
    let ((mut to, mut from), mut error) = pipes.ok_or_else(|| format!("{name} has no streams"))?;
    // It may end before it has read all; then its exit code says why.
    thread::spawn(move || to.write_all(&input));
    let (tell, told) = mpsc::channel();
    let bounded = |pipe: &mut dyn Read| {
        let mut bytes = Vec::new();
        pipe.take(MOST).read_to_end(&mut bytes).map(|_| bytes)
    };
    thread::spawn(move || {
        let heard = bounded(&mut from).and_then(|said| Ok((said, bounded(&mut error)?)));
        tell.send(heard)
    });
    let heard = told.recv_timeout(PATIENCE);
    let Ok(Ok((said, complained))) = heard else {
        // One that has ended meanwhile needs no end.
        let _ = child.kill().and_then(|()| child.wait());
        return Err(format!("{name} gives no answer"));
    };
    let status = child.wait().map_err(|error| reason(&error))?;
    if said.len() as u64 == MOST {
        Err(format!("{name} says too much"))
    } else {
        Ok(Answer { status, said, complained })
    }
}
