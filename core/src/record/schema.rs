//! The stored schema of a user's record, as forward steps. A released step is never changed: a new
//! one is added at the end.

use super::store::{Sql, StoreError};
use crate::params;

/// Step n brings a record from schema n to n + 1.
///
/// `notices.wake_at` is set on one row per conversation, the one that may be claimed or is: so the
/// next wake-up is the first entry of an index however many notices wait.
/// `position` is text of 20 digits, since JavaScript rounds integers above 2^53.
/// `seen`, `ranges` and `heard` are keyed by a span of time first, so that forgetting is one range delete
/// and needs no index of its own.
const STEPS: [&[&str]; 1] = [&[
    "CREATE TABLE profile (
        id INTEGER PRIMARY KEY CHECK (id = 1), user_id TEXT NOT NULL,
        opted_out_at INTEGER, opted_out_phone TEXT,
        without_number INTEGER NOT NULL DEFAULT 0,
        reported_links INTEGER, reported_demand INTEGER)",
    "CREATE TABLE notices (
        message_id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL,
        position TEXT, sent_at INTEGER NOT NULL, arrived INTEGER NOT NULL,
        status TEXT NOT NULL, message TEXT NOT NULL,
        due_at INTEGER NOT NULL, wake_at INTEGER, lease_until INTEGER,
        claims INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
        throttled INTEGER NOT NULL DEFAULT 0, first_try_at INTEGER, gone TEXT) WITHOUT ROWID",
    "CREATE INDEX notices_in_order ON notices (conversation_id, position, sent_at, arrived)",
    "CREATE INDEX notices_to_wake ON notices (wake_at) WHERE wake_at IS NOT NULL",
    "CREATE TABLE seen (
        span INTEGER, message_id TEXT, state TEXT NOT NULL,
        PRIMARY KEY (span, message_id)) WITHOUT ROWID",
    "CREATE TABLE ranges (
        span INTEGER, conversation_id TEXT, first TEXT, last TEXT, status TEXT,
        PRIMARY KEY (span, conversation_id, first, last, status)) WITHOUT ROWID",
    "CREATE TABLE links (
        number TEXT, conversation_id TEXT, expires_at INTEGER NOT NULL,
        introduced INTEGER NOT NULL, phone TEXT, phone_pending TEXT, claimed_until INTEGER,
        PRIMARY KEY (number, conversation_id)) WITHOUT ROWID",
    "CREATE TABLE lookups (phone TEXT, number TEXT, PRIMARY KEY (phone, number)) WITHOUT ROWID",
    "CREATE TABLE replies (
        seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, message_id TEXT NOT NULL,
        lane TEXT NOT NULL, phone TEXT NOT NULL, number TEXT NOT NULL, body TEXT NOT NULL,
        received_at INTEGER NOT NULL, due_at INTEGER NOT NULL, wake_at INTEGER,
        lease_until INTEGER, claims INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0)",
    "CREATE INDEX replies_in_order ON replies (lane, seq)",
    "CREATE INDEX replies_to_wake ON replies (wake_at) WHERE wake_at IS NOT NULL",
    "CREATE TABLE heard (
        span INTEGER, message_id TEXT, PRIMARY KEY (span, message_id)) WITHOUT ROWID",
    "CREATE TABLE parts (
        phone TEXT, number TEXT, reference TEXT, total INTEGER, part INTEGER,
        message_id TEXT NOT NULL, body TEXT NOT NULL, conversation_id TEXT NOT NULL,
        give_up_at INTEGER NOT NULL,
        PRIMARY KEY (phone, number, reference, total, part)) WITHOUT ROWID",
    "CREATE TABLE failures (
        seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, message_id TEXT NOT NULL,
        conversation_id TEXT NOT NULL, number TEXT, reason TEXT NOT NULL, body TEXT NOT NULL,
        failed_at INTEGER NOT NULL, status TEXT, position TEXT, sent_at INTEGER, phone TEXT)",
]];

/// The schema that this version reads and writes.
pub const VERSION: i64 = 1;

/// Brings a record to [`VERSION`] and says whether it is new. Costs one read when it is there already.
pub fn migrate(sql: &dyn Sql) -> Result<bool, StoreError> {
    run_steps(sql, &STEPS, VERSION)
}

/// Brings a store to a version by those of the steps that it has not gone through, and says whether it
/// is new.
pub(crate) fn run_steps(
    sql: &dyn Sql,
    steps: &[&[&str]],
    version: i64,
) -> Result<bool, StoreError> {
    sql.exec(
        "CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)",
        params![],
    )?;
    let stored = sql.exec("SELECT version FROM schema", params![])?;
    let from = stored
        .first()
        .map(|row| row.integer(0))
        .transpose()?
        .unwrap_or(0);
    let done = usize::try_from(from).unwrap_or(usize::MAX);
    if done >= steps.len() {
        return Ok(false);
    }
    let statements: Vec<&str> = steps
        .iter()
        .skip(done)
        .copied()
        .flatten()
        .copied()
        .collect();
    // At once: most of what a new user costs would be the way to SQLite and back.
    sql.run(&format!(
        "{}; DELETE FROM schema; INSERT INTO schema (version) VALUES ({version})",
        statements.join("; ")
    ))?;
    Ok(from == 0)
}
