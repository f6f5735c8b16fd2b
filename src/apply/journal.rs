//! The journal: one file that says what a run is doing and how far it is, locked for as long as the
//! run lives.
//!
//! The file is the lock too: who holds it is at work, and a journal that nobody holds was left by a
//! run that died.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::disk::{self, failed};
use super::job::{FORMAT, Job};
use crate::problem::Problem;

/// The journal's name, in the project's folder.
pub(super) const NAME: &str = ".rwx-journal";
/// How a journal begins; what begins otherwise is no journal.
const HEAD: &str = "{\"rwx-journal\":";
/// The most bytes of a journal that are read.
const MOST: u64 = 16 << 20;
/// How long a run waits for another one in the same project.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a journal is held for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// To be written, and made where there is none.
    Make,
    /// To be written, where there is one.
    Find,
    /// To be read.
    Look,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// New contents are written beside their targets; no target is touched, or all are put back.
    Staging,
    /// Targets may be replaced, and are to be put back.
    Revocable,
    /// All is staged and decided: targets are replaced.
    Final,
    /// All targets are replaced; only what lies beside them is left to remove.
    Done,
}

impl Phase {
    const ALL: [Self; 4] = [Self::Staging, Self::Revocable, Self::Final, Self::Done];

    /// The phase in the journal: one byte, which is written over another whole or not at all, and
    /// needs no space.
    fn letter(self) -> u8 {
        match self {
            Self::Staging => b's',
            Self::Revocable => b'r',
            Self::Final => b'f',
            Self::Done => b'd',
        }
    }
}

/// A journal that this process holds.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    path: PathBuf,
    mark: String,
    /// What a run has left in it.
    found: Vec<u8>,
    /// Where the phase stands, once a job is written.
    phase_at: u64,
}

impl Journal {
    /// The journal in `folder`, made where there is none, and held. Waits a few seconds for another
    /// run.
    ///
    /// # Errors
    /// A [`Problem`] when another run holds it for longer, or it cannot be made or opened.
    pub(super) fn make(folder: &Path) -> Result<Self, Problem> {
        Self::hold(folder, Hold::Make)?.ok_or_else(|| Problem::new(format!("cannot make {NAME}")))
    }

    /// The journal that is in `folder`, held. Waits a few seconds for another run.
    ///
    /// # Errors
    /// A [`Problem`] when another run holds it for longer, or it cannot be opened.
    pub(super) fn find(folder: &Path) -> Result<Option<Self>, Problem> {
        Self::hold(folder, Hold::Find)
    }

    /// The journal that is in `folder`, to be read and nothing else. Waits a few seconds for
    /// another run.
    ///
    /// # Errors
    /// As [`Journal::find`].
    pub(super) fn look(folder: &Path) -> Result<Option<Self>, Problem> {
        Self::hold(folder, Hold::Look)
    }

    fn hold(folder: &Path, hold: Hold) -> Result<Option<Self>, Problem> {
        let path = folder.join(NAME);
        let until = Instant::now() + PATIENCE;
        loop {
            match Self::try_hold(&path, hold)
                .map_err(|error| failed("open", &path.to_string_lossy(), &error))?
            {
                Attempt::Held(journal) => return Ok(Some(journal)),
                Attempt::Absent => return Ok(None),
                Attempt::Busy if Instant::now() > until => {
                    return Err(Problem::new(format!(
                        "another rwx is at work in {}",
                        folder.display()
                    ))
                    .help("wait until it has ended, and run the command again"));
                }
                Attempt::Busy => sleep(Duration::from_millis(20)),
            }
        }
    }

    /// The job in the journal of `folder`, which is only read and not held; nothing when it cannot
    /// be read or trusted.
    pub(super) fn peek(folder: &Path) -> Option<Job> {
        let path = folder.join(NAME);
        if !path.symlink_metadata().ok()?.is_file() {
            return None;
        }
        Some(Self::of(disk::open(&path).ok()?, path).ok()?.job().ok()??.0)
    }

    fn try_hold(path: &Path, hold: Hold) -> io::Result<Attempt> {
        if path.symlink_metadata().is_ok_and(|data| !data.is_file()) {
            return Err(io::Error::other("it is no file"));
        }
        let opened = match hold {
            Hold::Look => disk::open(path),
            Hold::Find | Hold::Make => disk::open_shared(path, hold == Hold::Make),
        };
        let file = match opened {
            Err(error) if error.kind() == ErrorKind::NotFound && hold != Hold::Make => {
                return Ok(Attempt::Absent);
            }
            opened => opened?,
        };
        match if hold == Hold::Look { file.try_lock_shared() } else { file.try_lock() } {
            Ok(()) => {}
            // Where files cannot be locked, two runs at once are told apart by what they find
            // changed.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => {
                if hold != Hold::Look {
                    remove_blank(&file, path);
                }
                return Err(error);
            }
            Err(TryLockError::WouldBlock) => return Ok(Attempt::Busy),
        }
        if !is_at(&file, path) {
            // The run that held it has ended and taken it away.
            return Ok(Attempt::Busy);
        }
        Ok(Attempt::Held(Self::of(file, path.to_path_buf())?))
    }

    fn of(mut file: File, path: PathBuf) -> io::Result<Self> {
        let (found, mark) = (read_trusted(&mut file, &path)?, disk::mark(&file)?);
        Ok(Self { file, path, mark, found, phase_at: 0 })
    }

    /// What tells this journal from every copy of it.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// True when nothing was written in it before it was held.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The job that a run has left, and how far it came; nothing when that died before it began.
    ///
    /// # Errors
    /// A [`Problem`] when the file is no journal of this version of rwx.
    pub(super) fn job(&mut self) -> Result<Option<(Job, Phase)>, Problem> {
        let alien = |what: &str| {
            Problem::new(format!("{} is {what}", self.path.display()))
                .help("an interrupted run leaves such a file; move it away when it is no such file")
        };
        let text = std::str::from_utf8(&self.found).map_err(|_| alien("no journal of rwx's"))?;
        if !text.starts_with(HEAD) && !HEAD.starts_with(text) {
            return Err(alien("no journal of rwx's"));
        }
        let Some((line, letter)) = text.split_once('\n').filter(|(_, letter)| !letter.is_empty())
        else {
            return Ok(None);
        };
        let job = serde_json::from_str(line)
            .ok()
            .filter(|job: &Job| job.format == FORMAT && job.stays_below());
        let phase = Phase::ALL.into_iter().find(|phase| letter.as_bytes() == [phase.letter()]);
        if job.as_ref().is_some_and(|job| job.made != self.mark) {
            return Err(self.foreign());
        }
        self.phase_at = line.len() as u64 + 1;
        job.zip(phase).map(Some).ok_or_else(|| alien("the journal of another version of rwx"))
    }

    /// The problem that the file was not made where it is.
    fn foreign(&self) -> Problem {
        let path = self.path.display();
        Problem::new(format!("{path} was not made by a run of rwx here, and is not followed")).help(
            "it came with a repository, an archive or a copy of the project; look at what came \
            with it, and remove the file",
        )
    }

    /// Writes `job` down to the device; nothing else may be written before.
    ///
    /// # Errors
    /// The disk's; the journal may then hold a part of it, which no run takes for a job.
    pub(super) fn begin(&mut self, job: &Job) -> io::Result<()> {
        let line = serde_json::to_string(job)?;
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&[line.as_bytes(), &[b'\n', Phase::Staging.letter()]].concat())?;
        self.file.sync_all()?;
        self.path.parent().map_or(Ok(()), disk::sync_folder)?;
        self.phase_at = line.len() as u64 + 1;
        Ok(())
    }

    /// Writes down that the run has come to `phase`.
    ///
    /// # Errors
    /// A [`Problem`] when the disk fails; which of the two phases it tells of then is not known.
    pub(super) fn enter(&mut self, phase: Phase) -> Result<(), Problem> {
        let fail = |error: io::Error| failed("write", NAME, &error);
        self.file.seek(SeekFrom::Start(self.phase_at)).map_err(fail)?;
        self.file.write_all(&[phase.letter()]).and_then(|()| self.file.sync_data()).map_err(fail)
    }

    /// Takes the journal away: there is nothing left to do.
    ///
    /// # Errors
    /// A [`Problem`] when it cannot be removed.
    pub(super) fn end(self) -> Result<(), Problem> {
        let gone = disk::remove(&self.path)
            .and_then(|()| self.path.parent().map_or(Ok(()), disk::sync_folder));
        gone.map_err(|error| failed("remove", NAME, &error))
    }
}

/// What is in `file`, the journal at `path`.
///
/// # Errors
/// The disk's, and that it is somebody else's: whoever plants one in a folder that all may write to
/// must not lead this user's rwx.
fn read_trusted(file: &mut File, path: &Path) -> io::Result<Vec<u8>> {
    let mut found = Vec::new();
    file.take(MOST).read_to_end(&mut found)?;
    if !found.is_empty() && disk::is_of_another(file, path.parent().unwrap_or(path)) {
        return Err(io::Error::other("it belongs to another user"));
    }
    Ok(found)
}

/// What came of an attempt to hold a journal.
enum Attempt {
    Held(Journal),
    Absent,
    Busy,
}

fn remove_blank(file: &File, path: &Path) {
    if file.metadata().is_ok_and(|data| data.len() == 0) {
        // What cannot be removed is empty, and the next run's to use.
        let _ = disk::remove(path);
    }
}

/// True when `file` still is what stands at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let same =
        |(a, b): (std::fs::Metadata, std::fs::Metadata)| (a.dev(), a.ino()) == (b.dev(), b.ino());
    file.metadata().ok().zip(path.symlink_metadata().ok()).is_some_and(same)
}

/// True when something stands at `path`; where a held file cannot be removed, it is the one.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}
