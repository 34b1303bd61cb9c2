//! What an operator may see of a record, and its erasure.

use serde_json::{Value as Json, json};

use super::{Record, store::StoreError};
use crate::params;

/// Rows of each kind that are shown; the counts are of all.
const SHOWN: i64 = 100;

const TABLES: [&str; 10] = [
    "profile", "notices", "seen", "ranges", "links", "lookups", "replies", "heard", "parts",
    "failures",
];

impl Record<'_> {
    /// Everything but the texts of messages.
    pub fn show(&self) -> Result<Json, StoreError> {
        let profile = self.profile()?;
        let opted_out = profile
            .as_ref()
            .and_then(|profile| profile.opted_out.as_ref());
        Ok(json!({
            "user_id": profile.as_ref().map(|profile| &profile.user_id),
            "now": self.now,
            "opted_out": opted_out.map(|out| json!({ "at": out.at, "phone": out.phone })),
            "links": self.shown_links()?,
            "notices": { "waiting": self.count("notices")?, "first": self.shown_notices()? },
            "replies": { "waiting": self.count("replies")?, "first": self.shown_replies()? },
            "parts_waiting": self.count("parts")?,
            "failures": self.shown_failures()?,
            "dropped_without_number": profile.as_ref().map_or(0, |profile| profile.without_number),
        }))
    }

    fn shown_links(&self) -> Result<Vec<Json>, StoreError> {
        let shown = |link: super::link::Link| {
            json!({
                "number": link.number,
                "conversation_id": link.conversation_id,
                "expires_at": link.expires_at,
                "expired": link.expires_at < self.now,
                "introduced": link.introduced,
                "configured": self.policy.numbers.contains(&link.number),
                "phone": link.phone,
            })
        };
        Ok(self.links()?.into_iter().map(shown).collect())
    }

    fn shown_notices(&self) -> Result<Vec<Json>, StoreError> {
        let rows = self.exec(
            "SELECT message_id, conversation_id, status, due_at, tries, lease_until, wake_at
             FROM notices ORDER BY due_at LIMIT ?1",
            params![SHOWN],
        )?;
        rows.iter()
            .map(|row| {
                Ok(json!({
                    "message_id": row.text(0)?,
                    "conversation_id": row.text(1)?,
                    "status": row.text(2)?,
                    "due_at": row.integer(3)?,
                    "tries": row.integer(4)?,
                    "sending": row.maybe_integer(5)?.is_some_and(|lease| lease > self.now),
                    "behind_another": row.maybe_integer(6)?.is_none(),
                }))
            })
            .collect()
    }

    fn shown_replies(&self) -> Result<Vec<Json>, StoreError> {
        let rows = self.exec(
            "SELECT kind, message_id, lane, number, received_at, due_at, tries
             FROM replies ORDER BY seq LIMIT ?1",
            params![SHOWN],
        )?;
        rows.iter()
            .map(|row| {
                Ok(json!({
                    "kind": row.text(0)?,
                    "nexmo_id": row.text(1)?,
                    "conversation_id": row.text(2)?,
                    "number": row.text(3)?,
                    "received_at": row.integer(4)?,
                    "due_at": row.integer(5)?,
                    "tries": row.integer(6)?,
                }))
            })
            .collect()
    }

    fn shown_failures(&self) -> Result<Vec<Json>, StoreError> {
        let shown = |failure: super::failure::Failure| {
            json!({
                "id": failure.seq,
                "kind": failure.kind,
                "message_id": failure.message_id,
                "conversation_id": failure.conversation_id,
                "number": failure.number,
                "reason": failure.reason,
                "failed_at": failure.failed_at,
            })
        };
        Ok(self.failures()?.into_iter().map(shown).collect())
    }

    fn count(&self, table: &str) -> Result<i64, StoreError> {
        let row = self.first(&format!("SELECT count(*) FROM {table}"), params![])?;
        row.map_or(Ok(0), |row| row.integer(0))
    }

    /// The phone and number of each reverse lookup that was written for the user.
    pub fn lookups(&self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = self.exec("SELECT phone, number FROM lookups", params![])?;
        rows.iter()
            .map(|row| Ok((row.text(0)?, row.text(1)?)))
            .collect()
    }

    /// Notes that a reverse lookup was written.
    pub fn note_lookup(&self, phone: &str, number: &str) -> Result<(), StoreError> {
        self.exec(
            "INSERT OR IGNORE INTO lookups (phone, number) VALUES (?1, ?2)",
            params![phone, number],
        )?;
        Ok(())
    }

    /// Forgets everything.
    pub fn erase(&self) -> Result<(), StoreError> {
        for table in TABLES {
            self.exec(&format!("DELETE FROM {table}"), params![])?;
        }
        self.note(self.info("record.erased"));
        Ok(())
    }
}
