//! Attempts: what is done about a claim, one effect after another, with a look at the record before
//! each. The effects themselves are the [`Host`]'s.
//!
//! Dropping an attempt at any await is what a crash does: the claim's lease brings another.

pub mod reply;
pub mod text;

use serde::Serialize;
use serde_json::Value;

use crate::{
    http::{Call, Reply},
    identity::IdentityAnswer,
    log::{Entry, Level},
    record::{Record, store::StoreError},
    settings::Settings,
    template::Context,
    time::{Millis, SECOND},
};

/// How long a whole attempt may take.
pub const LONGEST_ATTEMPT: Millis = 30 * SECOND;

/// What an attempt needs of its surroundings.
#[expect(async_fn_in_trait, reason = "a Worker has one thread")]
pub trait Host {
    /// The settings.
    fn settings(&self) -> &Settings;
    /// The time now.
    fn now(&self) -> Millis;
    /// Evenly spread over all of `u32`.
    fn random(&self) -> u32;
    /// Writes to the log.
    fn log(&self, entry: Entry);
    /// Runs one turn of the record, stores it and sets the alarm.
    fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError>;
    /// Carries out a request; its time-out is shortened to end by `deadline`.
    async fn call(&self, call: Call, deadline: Millis) -> Reply;
    /// Asks who a user is.
    async fn identity(&self, user_id: &str, deadline: Millis) -> IdentityAnswer;
    /// Asks for the introduction of a conversation.
    async fn introduction(&self, context: &Context, deadline: Millis) -> Introduction;
    /// Whether new conversations are introduced at all.
    fn introduces(&self) -> bool;
    /// Reads from KV.
    async fn kv_get(&self, key: &str, deadline: Millis) -> Result<Option<String>, KvError>;
    /// Writes to KV, for ever or for some seconds.
    async fn kv_put(&self, put: KvPut, deadline: Millis) -> Result<(), KvError>;
    /// Tells another user's record that a number's replies from a phone are not theirs any more.
    async fn disown(&self, user_id: &str, phone: &str, number: &str) -> Result<(), KvError>;
}

/// One entry for KV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KvPut {
    /// Its key.
    pub key: String,
    /// Its value, JSON.
    pub value: String,
    /// Seconds after which it may be forgotten.
    pub lifetime: Option<u64>,
}

/// KV, or another record, did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KvError(pub String);

/// The answer to a question for a conversation's introduction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Introduction {
    /// This text; may be blank.
    Text(String),
    /// None is wanted.
    None,
    /// No answer; asking again may help.
    Failed {
        /// What went wrong, for the log.
        why: String,
    },
}

async fn read_kv<T>(
    host: &impl Host,
    (key, read): (&str, fn(&str) -> Option<T>),
    deadline: Millis,
) -> Result<Option<T>, KvError> {
    let Some(stored) = host.kv_get(key, deadline).await? else {
        return Ok(None);
    };
    let read = read(&stored);
    if read.is_none() {
        host.log(Entry::new(Level::Error, "kv.unreadable"));
    }
    Ok(read)
}

async fn write_kv<T: Serialize>(
    host: &impl Host,
    key: String,
    value: &T,
    (lifetime, deadline): (Option<u64>, Millis),
) -> Result<(), KvError> {
    let value = serde_json::to_string(value).map_err(|error| KvError(error.to_string()))?;
    host.kv_put(
        KvPut {
            key,
            value,
            lifetime,
        },
        deadline,
    )
    .await
}

/// The user who sent a message, as far as Layer's webhook tells.
fn sender_of(message: &Value) -> Option<String> {
    let sender = message.get("sender")?;
    let plain = sender.get("user_id").and_then(Value::as_str);
    let uri = || sender.get("id").and_then(Value::as_str);
    plain.or_else(uri).map(crate::layer::ids::user_of)
}
