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
};

/// The header of an answer that holds the command's outcome, unless it is [`Outcome::Stored`]: without
/// a body to read an answer costs half.
pub const OUTCOME: &str = "outcome";

/// Tells a user's record something.
///
/// There is no time-out here: a webhook's sender has one, and when it leaves, the call ends.
pub async fn tell(env: &Env, user: &str, command: &Command) -> Result<Outcome, ObjectError> {
    let answer = call(env, user, command).await?;
    let Some(outcome) = answer.headers().get(OUTCOME).ok().flatten() else {
        return Ok(Outcome::Stored);
    };
    Outcome::read(&outcome).ok_or_else(|| record(user).unknown(outcome))
}

/// Asks a user's record for everything that an operator may see of it.
pub async fn show(env: &Env, user: &str) -> Result<Value, ObjectError> {
    let answer = call(env, user, &Command::Show).await?;
    record(user).json(&answer).await
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
