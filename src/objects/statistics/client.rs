//! Calls to the Durable Object of the statistics.

use serde_json::Value;
use texting::{
    statistics::report::Report,
    time::{SECOND, Span},
};
use worker::Env;

use crate::platform::{
    bindings::STATISTICS,
    durable_object::{ObjectAddress, ObjectError},
    timeout::within,
};

/// The one object, for all users.
const ALL: ObjectAddress<'static> = ObjectAddress {
    binding: STATISTICS,
    name: "all",
};
/// How long a call may take.
const TIMEOUT: Span = SECOND.times(10);

/// Sends a record's report. Returns once it is stored.
pub async fn add(env: &Env, report: &Report) -> Result<(), ObjectError> {
    let json = serde_json::to_string(report).map_err(|error| ALL.unexpected(error))?;
    let added = within(TIMEOUT, ALL.post(env, &json)).await;
    added.unwrap_or_else(|| Err(ALL.timeout())).map(|_| ())
}

/// All statistics as JSON, for an operator.
pub async fn show(env: &Env) -> Result<Value, ObjectError> {
    let response = within(TIMEOUT, ALL.get(env)).await;
    ALL.json(&response.unwrap_or_else(|| Err(ALL.timeout()))?)
        .await
}
