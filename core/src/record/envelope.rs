//! Commands as JSON, as the Worker sends them to a user record. During a deployment, old Workers call new
//! objects and the reverse: unknown fields are ignored, and fields added later need defaults.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use thiserror::Error;

use super::command::{Command, Event};
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

/// Why the JSON of an envelope cannot be read.
#[derive(Debug, Error)]
pub enum EnvelopeError {
    /// It is not JSON, or lacks a field.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// This version does not know its command, or not in this form.
    #[error("{0}")]
    Command(String),
}

impl Envelope<Command> {
    /// Reads the JSON of an envelope.
    ///
    /// # Errors
    /// [`EnvelopeError`].
    pub fn read(json: &str) -> Result<Self, EnvelopeError> {
        let received: Received<'_> = serde_json::from_str(json)?;
        let command = received.command.get();
        // Nearly every command is an event: what is wrong is said of one.
        let command = Event::read(command)
            .map(Command::Event)
            .or_else(|problem| {
                let operators = serde_json::from_str(command).map(Command::Operator);
                operators.map_err(|_| EnvelopeError::Command(problem.to_string()))
            })?;
        Ok(Self {
            user_id: received.user_id,
            command,
        })
    }
}
