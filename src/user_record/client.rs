//! Calls from the Worker to users' records.

use serde_json::Value;
use texting::record::{
    command::{Command, Outcome},
    envelope::Envelope,
};
use worker::{Env, web_sys::Response};

use crate::{
    configuration::USER_RECORDS,
    object::{Address, ObjectError},
    outbound::within,
};

/// The header of an answer that holds the command's outcome, unless it is [`Outcome::Stored`], which is
/// a bare 204: without a body to read an answer costs half.
pub const OUTCOME: &str = "outcome";

/// How long one who has time waits for a record, in milliseconds.
const PATIENCE: u64 = 5_000;

/// Tells a user's record something on behalf of somebody who has time.
pub async fn tell_patiently(
    env: &Env,
    user: &str,
    command: &Command,
) -> Result<Outcome, ObjectError> {
    let told = within(PATIENCE, tell(env, user, command)).await;
    told.unwrap_or(Err(ObjectError::TimeOut(USER_RECORDS)))
}

/// Tells a user's record something on behalf of a webhook. Its sender waits for a second or a few, and
/// the call ends when it leaves; a timer for each call would cost a twentieth of it.
pub async fn tell(env: &Env, user: &str, command: &Command) -> Result<Outcome, ObjectError> {
    let answer = call(env, user, command).await?;
    if answer.status() == 204 {
        return Ok(Outcome::Stored);
    }
    let outcome = answer.headers().get(OUTCOME).ok().flatten();
    let outcome = outcome.unwrap_or_default();
    Outcome::read(&outcome).ok_or_else(|| record(user).unknown(format!("the outcome `{outcome}`")))
}

/// Asks a user's record for everything that an operator may see of it.
pub async fn show(env: &Env, user: &str) -> Result<Value, ObjectError> {
    let shown = within(PATIENCE, async {
        let answer = call(env, user, &Command::Show).await?;
        record(user).json(&answer).await
    });
    let shown = shown.await;
    shown.unwrap_or(Err(ObjectError::TimeOut(USER_RECORDS)))
}

async fn call(env: &Env, user: &str, command: &Command) -> Result<Response, ObjectError> {
    let envelope = Envelope {
        user_id: user.to_owned(),
        command,
    };
    let json = serde_json::to_string(&envelope).map_err(|error| record(user).unknown(error))?;
    record(user).call(env, Some(&json)).await
}

fn record(user: &str) -> Address<'_> {
    Address(USER_RECORDS, user)
}
