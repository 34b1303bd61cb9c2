//! Erasing a user: first the user's reverse lookups in KV, then everything in the record.

use std::rc::Rc;

use thiserror::Error;

use super::{Driver, Object};
use crate::{
    ids::UserId,
    kv::{Kv, KvError},
    lookup::Lookup,
    record::tables::lookups::LookupRow,
    storage::StoreError,
    time::{SECOND, Span},
};

/// How long one request to KV may take.
const TIMEOUT: Span = SECOND.times(5);

/// Why a user was not erased. Trying again may help.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EraseError {
    /// The record could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry could not be deleted from KV. Nothing in the record was erased.
    #[error(transparent)]
    Kv(#[from] KvError),
}

impl<O: Object> Driver<O> {
    /// Erases the user. A STOP that KV keeps for the phone stays.
    ///
    /// # Errors
    /// [`EraseError`] says which part failed. Erasing again is safe.
    pub async fn erase(self: &Rc<Self>, user_id: &UserId) -> Result<(), EraseError> {
        for LookupRow { phone, number } in self.turn(|record| record.written_lookups())? {
            let keys = Lookup::keys(&phone, &number);
            self.forget_lookups(&keys, user_id).await?;
        }
        let last = self.turn(|record| {
            let last = record.last_report()?;
            record.erase()?;
            Ok(last)
        })?;
        self.has_profile.set(false);
        let driver = self.clone();
        self.object.spawn(Box::pin(async move {
            driver.tell(&last).await;
        }));
        Ok(())
    }

    /// Deletes reverse lookups from KV, except those that name another user by now.
    async fn forget_lookups(&self, keys: &[String], user_id: &UserId) -> Result<(), KvError> {
        let deadline = self.object.now() + TIMEOUT;
        let entries = self.object.kv().get(keys, deadline).await?;
        for (key, entry) in keys.iter().zip(entries) {
            let entry = entry.as_deref().and_then(Lookup::read);
            if entry.is_some_and(|entry| entry.user_id == *user_id) {
                let deadline = self.object.now() + TIMEOUT;
                self.object.kv().delete(key, deadline).await?;
            }
        }
        Ok(())
    }
}
