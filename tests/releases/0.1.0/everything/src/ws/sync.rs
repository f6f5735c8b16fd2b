//! Locks and maps: a poisoned lock is used on, a map is cut into shards so that connections do not
//! queue for one lock, and an empty one keeps no memory.

use std::borrow::Borrow;
use std::collections::hash_map::{HashMap, RandomState};
use std::hash::{BuildHasher, Hash};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The number of shards but one.
const LAST: usize = 15;

/// Locks a mutex. No critical section of this module leaves half a change behind, so poison is
/// ignored.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes an entry; with the last one goes the memory that the map kept for more.
pub(super) fn remove<K, Q, V>(map: &mut HashMap<K, V>, key: &Q)
where
    K: Borrow<Q> + Hash + Eq,
    Q: Hash + Eq + ?Sized,
{
    map.remove(key);
    if map.is_empty() {
        *map = HashMap::new();
    }
}

/// A value in sixteen parts, each behind its own lock and chosen by the hash of a key.
#[derive(Default)]
pub(super) struct Shards<T> {
    hasher: RandomState,
    first: [RwLock<T>; LAST],
    last: RwLock<T>,
}

impl<T> Shards<T> {
    pub(super) fn read(&self, key: &str) -> RwLockReadGuard<'_, T> {
        read(self.shard(key))
    }

    pub(super) fn write(&self, key: &str) -> RwLockWriteGuard<'_, T> {
        self.shard(key)
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Each shard in turn, locked only while it is looked at.
    pub(super) fn iter(&self) -> impl Iterator<Item = RwLockReadGuard<'_, T>> {
        self.first.iter().chain([&self.last]).map(read)
    }

    fn shard(&self, key: &str) -> &RwLock<T> {
        let hash = self.hasher.hash_one(key) >> 32;
        let index = usize::try_from(hash).unwrap_or_default() % (LAST + 1);
        self.first.get(index).unwrap_or(&self.last)
    }
}

fn read<T>(shard: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    shard.read().unwrap_or_else(PoisonError::into_inner)
}
