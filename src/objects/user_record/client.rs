//! Calls to the Durable Objects of users.

use serde::Serialize;
use serde_json::Value;
use texting::{
    ids::UserId,
    record::{
        command::{Event, OperatorCommand, Outcome},
        envelope::Envelope,
    },
    time::{SECOND, Span},
};
use worker::{Env, web_sys::Response};

use crate::platform::{
    bindings::USER_RECORDS,
    durable_object::{ObjectAddress, ObjectError},
    timeout::within,
};

/// The response header with the outcome. [`Outcome::Stored`] has no header but the status 204, which the
/// caller reads in half the time.
pub const OUTCOME_HEADER: &str = "outcome";

/// How long a call may take. A webhook that calls several records has one timer for all of them: a timer for
/// each would make each call a twentieth more expensive.
pub const TIMEOUT: Span = SECOND.times(5);

/// Sends an event to a user record, without a timeout of its own.
pub async fn tell(env: &Env, user_id: &UserId, event: &Event) -> Result<Outcome, ObjectError> {
    Record(user_id).outcome(env, event).await
}

/// Sends an event to a user record, with a timeout.
pub async fn tell_with_timeout(
    env: &Env,
    user_id: &UserId,
    event: &Event,
) -> Result<Outcome, ObjectError> {
    let record = Record(user_id);
    record.in_time(record.outcome(env, event)).await
}

/// Sends an operator's command, other than [`OperatorCommand::Show`], to a user record.
pub async fn command(
    env: &Env,
    user_id: &UserId,
    command: OperatorCommand,
) -> Result<Outcome, ObjectError> {
    let record = Record(user_id);
    record.in_time(record.outcome(env, &command)).await
}

/// A user record as JSON, for an operator.
pub async fn show(env: &Env, user_id: &UserId) -> Result<Value, ObjectError> {
    let record = Record(user_id);
    let shown = async {
        let response = record.call(env, &OperatorCommand::Show).await?;
        record.address().json(&response).await
    };
    record.in_time(shown).await
}

/// One user's record.
#[derive(Clone, Copy)]
struct Record<'a>(&'a UserId);

impl<'a> Record<'a> {
    fn address(self) -> ObjectAddress<'a> {
        ObjectAddress {
            binding: USER_RECORDS,
            name: self.0,
        }
    }

    async fn call(self, env: &Env, command: &impl Serialize) -> Result<Response, ObjectError> {
        let envelope = Envelope {
            user_id: self.0.clone(),
            command,
        };
        let json = serde_json::to_string(&envelope);
        let json = json.map_err(|error| self.address().unexpected(error))?;
        self.address().post(env, &json).await
    }

    async fn outcome(self, env: &Env, command: &impl Serialize) -> Result<Outcome, ObjectError> {
        let response = self.call(env, command).await?;
        if response.status() == 204 {
            return Ok(Outcome::Stored);
        }
        let word = response.headers().get(OUTCOME_HEADER).ok().flatten();
        let word = word.unwrap_or_default();
        let unknown = || self.address().unexpected(format!("the outcome `{word}`"));
        Outcome::read(&word).ok_or_else(unknown)
    }

    async fn in_time<T>(
        self,
        call: impl Future<Output = Result<T, ObjectError>>,
    ) -> Result<T, ObjectError> {
        let called = within(TIMEOUT, call).await;
        called.unwrap_or_else(|| Err(self.address().timeout()))
    }
}
