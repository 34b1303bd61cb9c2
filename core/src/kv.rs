//! KV as the rules use it: JSON values under text keys.

use serde::Serialize;

use crate::time::{SECOND, Span, Timestamp};

/// How long KV may take.
pub const TIMEOUT: Span = SECOND.times(5);

/// A KV namespace. It is eventually consistent: a read may return the previous value for about a minute.
#[expect(async_fn_in_trait, reason = "a Worker has one thread")]
pub trait Kv {
    /// The value of each key, in one request; `None` where there is no entry.
    ///
    /// # Errors
    /// [`KvError`] if KV fails or does not respond by `deadline`.
    async fn get(
        &self,
        keys: &[String],
        deadline: Timestamp,
    ) -> Result<Vec<Option<String>>, KvError>;
    /// Writes an entry.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    async fn put(&self, entry: KvEntry, deadline: Timestamp) -> Result<(), KvError>;
    /// Deletes an entry.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    async fn delete(&self, key: &str, deadline: Timestamp) -> Result<(), KvError>;
}

/// One entry of KV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KvEntry {
    /// Its key.
    pub key: String,
    /// Its value, JSON.
    pub value: String,
    /// How long KV keeps it; `None`: until it is deleted.
    pub lifetime: Option<Span>,
}

impl KvEntry {
    /// An entry whose value is `value` as JSON.
    ///
    /// # Errors
    /// [`KvError`] if the value cannot be serialized.
    pub fn of<T: Serialize>(
        key: String,
        value: &T,
        lifetime: Option<Span>,
    ) -> Result<Self, KvError> {
        let value = serde_json::to_string(value).map_err(|error| KvError(error.to_string()))?;
        Ok(Self {
            key,
            value,
            lifetime,
        })
    }
}

/// A request to KV, or to another user's record, failed. Trying again may help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KvError(pub String);
