//! What is stored once per user: who they are, and whether they want no texts.

use super::{
    Record,
    store::{Row, StoreError},
};
use crate::{lookup::Wish, params, time::Millis};

/// A user's own row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The user.
    pub user_id: String,
    /// Since when they want no texts, and from which phone they said so.
    pub opted_out: Option<OptOut>,
    /// Notices that were dropped because every number stood for another conversation.
    pub without_number: i64,
}

/// A user's wish to get no texts, from any number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptOut {
    /// When they sent STOP.
    pub at: Millis,
    /// The phone that they sent it from.
    pub phone: String,
}

impl Record<'_> {
    /// Notes whose record this is, the first time.
    pub fn introduce(&self, user_id: &str) -> Result<(), StoreError> {
        if self.profile()?.is_none() {
            self.exec(
                "INSERT INTO profile (id, user_id) VALUES (1, ?1)",
                params![user_id],
            )?;
        }
        Ok(())
    }

    /// The user's own row, if the record was ever used.
    pub fn profile(&self) -> Result<Option<Profile>, StoreError> {
        const PROFILE: &str =
            "SELECT user_id, opted_out_at, opted_out_phone, without_number FROM profile";
        self.first(PROFILE, params![])?
            .map(|row| profile(&row))
            .transpose()
    }

    /// The user's wish to get no texts, if they have it.
    pub fn opted_out(&self) -> Result<Option<OptOut>, StoreError> {
        Ok(self.profile()?.and_then(|profile| profile.opted_out))
    }

    pub(super) fn opt_out(&self, phone: &str) -> Result<(), StoreError> {
        self.exec(
            "UPDATE profile SET opted_out_at = ?1, opted_out_phone = ?2",
            params![self.now, phone],
        )?;
        Ok(())
    }

    /// Takes a user's opt-out back: they sent START, or another user of their phone did.
    pub fn opt_in(&self) -> Result<(), StoreError> {
        self.exec(
            "UPDATE profile SET opted_out_at = NULL, opted_out_phone = NULL
             WHERE opted_out_at IS NOT NULL",
            params![],
        )?;
        Ok(())
    }

    /// Whether the user wants texts though it seemed otherwise: a START of theirs came in meanwhile,
    /// and is perhaps still on its way to what KV has of the phone.
    pub fn started(&self, phone: &str, known: Option<Wish>) -> Result<bool, StoreError> {
        if self.opted_out()?.is_some() {
            return Ok(false);
        }
        let Some(stop) = known.filter(|wish| wish.opted_out) else {
            return Ok(true);
        };
        let start = self.first(
            "SELECT 1 FROM replies WHERE lane = '' AND kind = 'start' AND phone = ?1
             AND received_at >= ?2 LIMIT 1",
            params![phone, stop.at],
        )?;
        Ok(start.is_some())
    }

    pub(super) fn count_without_number(&self) -> Result<(), StoreError> {
        self.exec(
            "UPDATE profile SET without_number = without_number + 1",
            params![],
        )?;
        Ok(())
    }
}

fn profile(row: &Row) -> Result<Profile, StoreError> {
    let opted_out = match (row.maybe_integer(1)?, row.maybe_text(2)?) {
        (Some(at), Some(phone)) => Some(OptOut { at, phone }),
        _ => None,
    };
    Ok(Profile {
        user_id: row.text(0)?,
        opted_out,
        without_number: row.integer(3)?,
    })
}
