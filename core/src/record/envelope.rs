//! Commands as JSON, as the Worker sends them to a user record. During a deployment, old Workers call new
//! objects and the reverse: unknown fields are ignored, and fields added later need defaults.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::command::Command;
use crate::ids::UserId;

/// A command and the user whose record it is for.
#[derive(Debug, Serialize)]
pub struct Envelope<C> {
    /// Whose record it is for.
    pub user_id: UserId,
    /// The command.
    pub command: C,
}

#[derive(Deserialize)]
struct Received<'a> {
    user_id: UserId,
    #[serde(borrow)]
    command: &'a RawValue,
}

impl Envelope<Command> {
    /// Reads the JSON of an envelope.
    ///
    /// # Errors
    /// It is not JSON, or this version does not know its command. In the second case the error is that of
    /// reading an [`Event`](super::command::Event), because nearly every command is one.
    pub fn read(json: &str) -> Result<Self, serde_json::Error> {
        let received: Received<'_> = serde_json::from_str(json)?;
        let command = received.command.get();
        let command = serde_json::from_str(command)
            .map(Command::Event)
            .or_else(|error| {
                let operators = serde_json::from_str(command);
                operators.map(Command::Operator).map_err(|_| error)
            })?;
        Ok(Self {
            user_id: received.user_id,
            command,
        })
    }
}
