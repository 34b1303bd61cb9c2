//! KV as the rules use it: entries of JSON under text keys.

use serde::Serialize;

use crate::time::{Span, Timestamp};

/// A KV namespace. It is eventually consistent: an old entry may be read for a minute.
#[expect(async_fn_in_trait, reason = "a Worker has one thread")]
pub trait Kv {
    /// Reads an entry; `None` when there is none.
    ///
    /// # Errors
    /// [`KvError`] when KV fails or does not answer by `deadline`.
    async fn get(&self, key: &str, deadline: Timestamp) -> Result<Option<String>, KvError>;
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
    /// How long KV must keep it; `None`: for ever.
    pub lifetime: Option<Span>,
}

impl KvEntry {
    /// An entry with a value as JSON.
    ///
    /// # Errors
    /// [`KvError`] when the value has no JSON.
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

/// KV, or another user's record, failed. Trying again may help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KvError(pub String);
