//! Passes events on to the user records that they concern.

use std::cell::Cell;

use texting::{
    at_once::{Part, at_once},
    fan_out::ForUser,
    record::command::Outcome,
    time::Span,
};
use worker::Env;

use crate::{
    objects::user_record::client,
    platform::{durable_object::ObjectError, timeout::within},
};

/// Sends each event to its record, all at once, and waits for `timeout`.
///
/// # Errors
/// Why not every record has stored its event: the events are to be sent again.
pub async fn deliver(events: &[ForUser], timeout: Span, env: &Env) -> Result<(), String> {
    let answers: Vec<Cell<Option<Told>>> = events.iter().map(|_| Cell::default()).collect();
    let calls = events.iter().zip(&answers).map(|(one, answer)| {
        let told = client::tell(env, &one.user_id, &one.event);
        Box::pin(async { answer.set(Some(told.await)) }) as Part<'_>
    });
    within(timeout, at_once(calls.collect())).await;
    let answers = answers.into_iter().map(Cell::into_inner);
    why_not_stored(events, answers.collect()).map_or(Ok(()), Err)
}

type Told = Result<Outcome, ObjectError>;

/// Why not every record has stored its event, if so. A record without an answer did not respond in time.
fn why_not_stored(events: &[ForUser], answers: Vec<Option<Told>>) -> Option<String> {
    let silent = events.iter().zip(&answers);
    let mut silent = silent.filter(|(_, answer)| answer.is_none());
    if let Some((first, _)) = silent.next() {
        let (user, others) = (&first.user_id, silent.count());
        return Some(format!(
            "the record of user {user} and {others} others did not respond in time"
        ));
    }
    let mut errors = answers.into_iter().flatten().filter_map(Result::err);
    errors.next().map(|error| error.to_string())
}
