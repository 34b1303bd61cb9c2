//! What an attempt needs of its surroundings.

use crate::{
    http::{HttpRequest, HttpResponse},
    identity::IdentityOutcome,
    ids::UserId,
    kv::{Kv, KvError},
    log::Entry,
    phone::{Number, Phone},
    settings::Settings,
    template::Context,
    time::Timestamp,
};

/// The effects of one attempt, with the clock and the settings.
#[expect(async_fn_in_trait, reason = "a Worker has one thread")]
pub trait Effects {
    /// The settings.
    fn settings(&self) -> &Settings;
    /// The time now.
    fn now(&self) -> Timestamp;
    /// Evenly spread over all of `u32`.
    fn random(&self) -> u32;
    /// Writes to the log.
    fn log(&self, entry: &Entry);
    /// A turn of the attempt was stored: writes its log entries.
    fn stored(&self, entries: &[Entry]);
    /// Carries out a request; its timeout is shortened to end by `deadline`.
    async fn call(&self, request: HttpRequest, deadline: Timestamp) -> HttpResponse;
    /// Asks who a user is.
    async fn identity(&self, user_id: &UserId, deadline: Timestamp) -> IdentityOutcome;
    /// Asks for the introduction of a conversation.
    async fn introduction(&self, context: &Context, deadline: Timestamp) -> Introduction;
    /// Whether new links are introduced at all.
    fn introduces(&self) -> bool;
    /// KV.
    fn kv(&self) -> &impl Kv;
    /// Tells another user's record that replies from a phone to a number are not theirs any more.
    ///
    /// # Errors
    /// [`KvError`] when that record did not store it.
    async fn disown(&self, user_id: &UserId, phone: &Phone, number: &Number)
    -> Result<(), KvError>;
}

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
