//! What an attempt needs from outside the record.

use crate::{
    http::{Call, Http, HttpRequest, HttpResponse},
    identity::IdentityOutcome,
    ids::UserId,
    kv::{Kv, KvError},
    log::Entry,
    phone::{Number, Phone},
    quiet::TimeZones,
    settings::Settings,
    template::Context,
    time::{Span, Timestamp},
};

/// Everything outside the record that one attempt uses: settings, clock, randomness, log, requests, hooks,
/// KV.
#[expect(async_fn_in_trait, reason = "a Worker has one thread")]
pub trait Effects {
    /// A connection that is free for one request.
    type Connection;

    /// The settings.
    fn settings(&self) -> &Settings;
    /// The time now.
    fn now(&self) -> Timestamp;
    /// A random number, uniform over all of `u32`.
    fn random(&self) -> u32;
    /// Writes an entry to the log.
    fn log(&self, entry: &Entry);
    /// Called when the transaction of one of the attempt's turns has succeeded, with its log entries. Writes
    /// them.
    fn log_stored(&self, entries: &[Entry]);
    /// Takes a connection as soon as one is free.
    async fn connect(&self) -> Self::Connection;
    /// Sends a request over a connection, at once. Ends after the request's timeout or at `deadline`, whichever is
    /// earlier.
    async fn call_over(
        &self,
        connection: Self::Connection,
        request: HttpRequest,
        deadline: Timestamp,
    ) -> HttpResponse;
    /// Asks the pace of a number how long a text waits that Nexmo throttled and asked to wait for `asked`. `None`: the
    /// pace has no moment for it, or does not respond.
    async fn pace(&self, number: &Number, asked: Option<Span>, deadline: Timestamp)
    -> Option<Span>;
    /// The identity of a user, from a cache or from the configured source.
    async fn identity(&self, user_id: &UserId, deadline: Timestamp) -> IdentityOutcome;
    /// The introduction of a conversation, from the configured source.
    async fn introduction(&self, context: &Context, deadline: Timestamp) -> Introduction;
    /// Whether a source of introductions is configured.
    fn introduces(&self) -> bool;
    /// KV.
    fn kv(&self) -> &impl Kv;
    /// The clocks of the world.
    fn time_zones(&self) -> &impl TimeZones;
    /// Tells another user's record that texts from `phone` to `number` are no longer that user's replies.
    ///
    /// # Errors
    /// [`KvError`] if that record did not store it.
    async fn disown(&self, user_id: &UserId, phone: &Phone, number: &Number)
    -> Result<(), KvError>;
}

/// Each request is sent as soon as there is a connection.
impl<E: Effects> Http for E {
    fn call(&self, request: HttpRequest, deadline: Timestamp) -> Call<'_> {
        Box::pin(async move {
            let connection = self.connect().await;
            self.call_over(connection, request, deadline).await
        })
    }
}

/// The introduction of a conversation, as its source returned it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Introduction {
    /// This text. If it is blank, there is no introduction.
    Text(String),
    /// There is no introduction.
    None,
    /// The source failed; trying again may help.
    Failed {
        /// What went wrong, for the log.
        why: String,
    },
}
