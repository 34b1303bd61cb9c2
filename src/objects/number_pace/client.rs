//! Calls to the Durable Objects of numbers' paces.

use serde_json::json;
use texting::{
    phone::Number,
    time::{Span, Timestamp},
};
use worker::Env;

use crate::platform::{
    bindings::NUMBER_PACES,
    durable_object::{ObjectAddress, ObjectError},
    timeout::by,
};

/// How long a text waits that Nexmo throttled and asked to wait for `asked`. `None`: the number's pace has no moment for
/// it.
pub async fn wait(
    env: &Env,
    number: &Number,
    asked: Option<Span>,
    deadline: Timestamp,
) -> Result<Option<Span>, ObjectError> {
    let address = ObjectAddress {
        binding: NUMBER_PACES,
        name: number,
    };
    let answer = async {
        let response = address.post(env, &json!(asked).to_string()).await?;
        address.json(&response).await
    };
    let answer = by(deadline, answer).await;
    let wait = answer.unwrap_or_else(|| Err(address.timeout()))?;
    serde_json::from_value(wait).map_err(|error| address.unexpected(error))
}
