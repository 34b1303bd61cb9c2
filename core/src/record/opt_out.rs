//! Whether the user has opted out of texts.

use super::{Record, tables::profile::Profile};
use crate::{
    consent::{OptOut, Wish},
    phone::Phone,
    storage::StoreError,
    time::Timestamp,
};

impl Record<'_> {
    /// What is known of the user.
    pub fn profile(&self) -> Result<Profile, StoreError> {
        Ok(self.profiles().find()?.unwrap_or_default())
    }

    /// The user's own opt-out; `None` if they want texts.
    pub fn opted_out(&self) -> Result<Option<OptOut>, StoreError> {
        Ok(self.profile()?.opted_out)
    }

    pub(super) fn opt_out(&self, phone: &Phone) -> Result<(), StoreError> {
        self.profiles().opt_out(self.now, phone)
    }

    /// Ends the user's opt-out: they sent START, or another user with the phone did.
    pub fn opt_in(&self) -> Result<(), StoreError> {
        self.profiles().opt_in()
    }

    /// Whether the user has sent START although KV does not show it yet. `wish` is what KV says of `phone`.
    pub fn has_opted_back_in(&self, phone: &Phone, wish: Option<Wish>) -> Result<bool, StoreError> {
        if self.opted_out()?.is_some() {
            return Ok(false);
        }
        match wish.filter(|wish| wish.opted_out) {
            None => Ok(true),
            Some(stop) => self.has_sent_start(phone, stop.at),
        }
    }

    /// Whether a START that came from a phone at or after `since` is still to be written to KV.
    pub(super) fn has_sent_start(
        &self,
        phone: &Phone,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut guises = phone.guises().into_iter();
        guises.try_fold(false, |found, guise| {
            Ok(found || self.replies().has_start_since(&guise, since)?)
        })
    }
}
