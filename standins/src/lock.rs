//! Locking a mutex without poisoning.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks. A panic elsewhere does not poison: tests still read the state of a stand-in afterwards.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
