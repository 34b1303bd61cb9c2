//! Calls from the Worker to users' records.

use std::fmt;

use serde::{Deserialize, Serialize};
use texting::record::command::{Command, Outcome};
use worker::{Env, Method, Request, RequestInit, Response, wasm_bindgen::JsValue};

use crate::{configuration::USER_RECORDS, outbound::within};

/// How long a record may take to store an event, in milliseconds. Its sender has gone by then.
const PATIENCE: u64 = 5_000;

/// What goes over the wire: the command, and whose record it is for.
#[derive(Serialize)]
struct Envelope<'a> {
    user_id: &'a str,
    command: &'a Command,
}

/// An [`Envelope`] as the record reads it.
#[derive(Deserialize)]
pub struct Received {
    /// Whose record it is for.
    pub user_id: String,
    /// What it is told or asked.
    pub command: Command,
}

/// A record did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The call itself failed.
    #[error("a user's record could not be called: {0}")]
    Call(#[from] worker::Error),
    /// The record answered something else than 200.
    #[error("a user's record answered {0}")]
    Status(u16),
    /// The record did not answer in time.
    #[error("a user's record did not answer in time")]
    TimeOut,
    /// The command could not be written as JSON.
    #[error("a command could not be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// Tells a user's record something.
pub async fn tell(env: &Env, user: &str, command: &Command) -> Result<Outcome, RecordError> {
    Ok(call(env, user, command).await?.json().await?)
}

/// Asks a user's record for a JSON document.
pub async fn ask(
    env: &Env,
    user: &str,
    command: &Command,
) -> Result<serde_json::Value, RecordError> {
    Ok(call(env, user, command).await?.json().await?)
}

async fn call(env: &Env, user: &str, command: &Command) -> Result<Response, RecordError> {
    let body = serde_json::to_string(&Envelope {
        user_id: user,
        command,
    })?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_body(Some(JsValue::from_str(&body)));
    let request = Request::new_with_init("https://user-record/", &init)?;
    let stub = env.durable_object(USER_RECORDS)?.get_by_name(user)?;
    let answer = within(PATIENCE, stub.fetch_with_request(request)).await;
    let response = answer.ok_or(RecordError::TimeOut)??;
    match response.status_code() {
        200 => Ok(response),
        status => Err(RecordError::Status(status)),
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received").finish_non_exhaustive()
    }
}
