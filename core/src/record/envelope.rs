//! Commands as JSON, on their way from the Worker to a user's record. Old and new Workers talk to old and
//! new objects during a deployment: unknown fields are ignored, new ones have defaults.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::command::Command;
use crate::ids::UserId;

/// A command and the user whose record it is for.
#[derive(Debug, Serialize)]
pub struct Envelope<C> {
    /// Whose record it is for.
    pub user_id: UserId,
    /// What the record is told or asked.
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
    /// When it is not JSON, or its command is none that this version knows. An event's error counts, as
    /// nearly every command is one.
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
