//! What is done to the disk, a call each.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the room that writes the disk, and it compares before it writes"
)]

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::problem::{Problem, reason};

/// The bytes of the file at `path`, or nothing when there is none.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Opens the file at `path` to read it.
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Opens the file at `path` to read it and write into it; with `make`, it is made where there is
/// none.
pub(super) fn open_shared(path: &Path, make: bool) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(make).open(path)
}

/// What tells `file` from every copy of it: no clone and no archive carries the number or the birth
/// of a file.
///
/// # Errors
/// The disk's.
#[cfg(unix)]
pub(super) fn mark(file: &File) -> io::Result<String> {
    use std::os::unix::fs::MetadataExt as _;
    let data = file.metadata()?;
    Ok(format!("{:x}-{:x}", data.ino(), born(&data)))
}

#[cfg(not(unix))]
pub(super) fn mark(file: &File) -> io::Result<String> {
    Ok(format!("{:x}", born(&file.metadata()?)))
}

/// When a file was made, in nanoseconds since 1970; 0 where the file system does not know.
fn born(data: &fs::Metadata) -> u128 {
    let born = data.created().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    born.map_or(0, |born| born.as_nanos())
}

/// True when `file` belongs neither to this user nor to whom `folder` belongs to, in which it lies.
#[cfg(unix)]
pub(super) fn is_of_another(file: &File, folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let trusted =
        [Some(rustix::process::geteuid().as_raw()), folder.metadata().ok().map(|data| data.uid())];
    !file.metadata().is_ok_and(|data| trusted.contains(&Some(data.uid())))
}

#[cfg(not(unix))]
pub(super) fn is_of_another(_: &File, _: &Path) -> bool {
    false
}

/// Writes a file that must not be there yet, with the mode and owner of `like`, down to the device.
pub(super) fn write_new(path: &Path, bytes: &[u8], like: Option<&Path>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    if let Some(like) = like {
        let like = like.metadata()?;
        own_as(&file, &like)?;
        file.set_permissions(like.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives `file` the owner of `like`, where it has another: as root, rwx must not take a user's
/// files from her.
#[cfg(unix)]
fn own_as(file: &File, like: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let own = file.metadata()?;
    if (own.uid(), own.gid()) != (like.uid(), like.gid()) {
        // Only root may; for anybody else the file stays her own.
        let _ = fchown(file, Some(like.uid()), Some(like.gid()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn own_as(_: &File, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

/// Gives the file at `path` the second name `name`, or copies it where the file system has no
/// links.
pub(super) fn link_or_copy(path: &Path, name: &Path) -> io::Result<()> {
    fs::hard_link(path, name).or_else(|_| copy(path, name))
}

/// Copies the file at `path` to `name`, which must not be there yet.
pub(super) fn copy(path: &Path, name: &Path) -> io::Result<()> {
    write_new(name, &fs::read(path)?, Some(path))
}

/// Puts the file at `from` in the place of `to`.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Removes the file at `path`, when there is one.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    absent_is_fine(fs::remove_file(path))
}

/// Makes a folder, when there is none.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

/// Removes the folder at `path` when it is empty.
pub(super) fn remove_empty_folder(path: &Path) {
    // One that cannot be removed does no harm.
    let _ = fs::remove_dir(path);
}

/// Removes the folder at `path` with all that is in it.
pub(super) fn remove_folder(path: &Path) -> io::Result<()> {
    absent_is_fine(fs::remove_dir_all(path))
}

/// Makes sure that the names in `folder` reach the device; a folder that is gone has none.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Windows cannot open a folder as a file, and its renames need no such flush.
    if cfg!(unix) {
        absent_is_fine(open(folder).and_then(|folder| folder.sync_all()))
    } else {
        Ok(())
    }
}

fn absent_is_fine(done: io::Result<()>) -> io::Result<()> {
    done.or_else(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(()),
        _ => Err(error),
    })
}

/// The problem that `error` is when rwx tried to `verb` the file at `path`.
pub(super) fn failed(verb: &str, path: &str, error: &io::Error) -> Problem {
    Problem::new(format!("cannot {verb} {path}: {}", reason(error)))
        .help("nothing was changed; mend the cause and run the command again")
}
