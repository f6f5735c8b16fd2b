//! The journal of a run that was interrupted, as rwx takes it for its own.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::Scratch;

/// Leaves the journal `text` in the folder, with the mark that it has there.
pub fn leave(scratch: &Scratch, text: &str) {
    scratch.write(".rwx-journal", text.as_bytes());
    adopt(&scratch.path());
}

/// Gives a journal that was copied into `folder`, where there is one, the mark that it has there.
pub fn adopt(folder: &Path) {
    let path = folder.join(".rwx-journal");
    let Ok(text) = fs::read_to_string(&path) else { return };
    let data = fs::metadata(&path).unwrap();
    let born = data.created().map_or(0, |time| time.duration_since(UNIX_EPOCH).unwrap().as_nanos());
    if let Some((head, rest)) = text.split_once("\"made\":\"") {
        let rest = &rest[rest.find('"').unwrap()..];
        fs::write(path, format!("{head}\"made\":\"{:x}-{born:x}{rest}", data.ino())).unwrap();
    }
}
