//! The user's own wish to get texts or none.

use super::Record;
use crate::{
    consent::{OptOut, Wish},
    phone::Phone,
    storage::StoreError,
};

impl Record<'_> {
    /// The user's wish to get no texts, if they have it.
    pub fn opted_out(&self) -> Result<Option<OptOut>, StoreError> {
        let profile = self.profiles().find()?;
        Ok(profile.and_then(|profile| profile.opted_out))
    }

    pub(super) fn opt_out(&self, phone: &Phone) -> Result<(), StoreError> {
        self.profiles().opt_out(self.now, phone)
    }

    /// Takes a user's opt-out back: they sent START, or another user of their phone did.
    pub fn opt_in(&self) -> Result<(), StoreError> {
        self.profiles().opt_in()
    }

    /// Whether a START of the user arrived that KV, asked for the phone's `wish`, may not show yet.
    pub fn has_opted_back_in(&self, phone: &Phone, wish: Option<Wish>) -> Result<bool, StoreError> {
        if self.opted_out()?.is_some() {
            return Ok(false);
        }
        match wish.filter(|wish| wish.opted_out) {
            None => Ok(true),
            Some(stop) => self.replies().has_start_since(phone, stop.at),
        }
    }
}
