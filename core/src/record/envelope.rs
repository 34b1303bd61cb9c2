//! Commands as JSON, on their way from the Worker to a user's record. Old and new Workers talk to old
//! and new objects during a deployment: unknown fields are ignored, new ones have defaults.
//!
//! They are read field by field: derived code for it would be the largest piece of the Worker.

use serde::Serialize;
use thiserror::Error;

use super::command::{Command, InboundText, Part, Sent};
use crate::{
    fields::{Fields, Problem, text},
    layer::status::Status,
};

/// A command and the user whose record it is for.
#[derive(Debug, Serialize)]
pub struct Envelope<C> {
    /// Whose record it is for.
    pub user_id: String,
    /// What the record is told or asked.
    pub command: C,
}

/// What came is no [`Envelope`] that this version knows.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct CommandError(String);

impl From<Problem> for CommandError {
    fn from(problem: Problem) -> Self {
        Self(problem.to_string())
    }
}

impl Envelope<Command> {
    /// Reads the JSON of an envelope.
    ///
    /// # Errors
    /// Names the field that is missing or not what it must be.
    pub fn read(json: &str) -> Result<Self, CommandError> {
        let fields = Fields::read("", json)?;
        Ok(Self {
            user_id: fields.owned("user_id")?,
            command: command(&fields)?,
        })
    }
}

/// A command is its name, or an object with what belongs to it under its name.
fn command(envelope: &Fields) -> Result<Command, Problem> {
    let raw = envelope.must("command", Ok(envelope.raw("command")))?;
    if let Some(name) = text(raw) {
        return bare(&name).ok_or_else(|| unknown(envelope));
    }
    let command = envelope.must("command", envelope.object("command"))?;
    let (name, _) = command.all().next().ok_or_else(|| unknown(envelope))?;
    let fields = command.must(name, command.object(name))?;
    full(name, &fields)?.ok_or_else(|| unknown(envelope))
}

fn full(name: &str, fields: &Fields) -> Result<Option<Command>, Problem> {
    let id = |name| fields.owned(name);
    Ok(Some(match name {
        "message" => Command::Message(Box::new(sent(fields)?)),
        "receipt" => Command::Receipt {
            message_id: id("message_id")?,
            status: status(fields)?,
        },
        "receipts" => Command::Receipts {
            conversation_id: id("conversation_id")?,
            from: fields.must("from", fields.number("from"))?,
            to: fields.must("to", fields.number("to"))?,
            status: status(fields)?,
        },
        "message_deleted" => Command::MessageDeleted {
            message_id: id("message_id")?,
        },
        "conversation_deleted" => Command::ConversationDeleted {
            conversation_id: id("conversation_id")?,
        },
        "left" => Command::Left {
            conversation_id: id("conversation_id")?,
        },
        "text" => Command::Text(inbound_text(fields)?),
        "disown" => Command::Disown {
            phone: id("phone")?,
            number: id("number")?,
        },
        "retry" => Command::Retry {
            seq: fields.must("seq", fields.integer("seq"))?,
        },
        _ => return Ok(None),
    }))
}

fn bare(name: &str) -> Option<Command> {
    match name {
        "show" => Some(Command::Show),
        "wake" => Some(Command::Wake),
        "erase" => Some(Command::Erase),
        _ => None,
    }
}

fn sent(fields: &Fields) -> Result<Sent, Problem> {
    Ok(Sent {
        message_id: fields.owned("message_id")?,
        conversation_id: fields.owned("conversation_id")?,
        position: fields.number("position")?,
        sent_at: fields.must("sent_at", fields.integer("sent_at"))?,
        status: status(fields)?,
        message: fields
            .must("message", Ok(fields.raw("message")))?
            .to_owned(),
    })
}

fn inbound_text(fields: &Fields) -> Result<InboundText, Problem> {
    let part = fields.object("part")?;
    Ok(InboundText {
        message_id: fields.owned("message_id")?,
        phone: fields.owned("phone")?,
        number: fields.owned("number")?,
        text: fields.owned("text")?,
        part: part.as_ref().map(read_part).transpose()?,
    })
}

fn read_part(fields: &Fields) -> Result<Part, Problem> {
    let small = |name| {
        let number = fields.must(name, fields.number(name))?;
        u8::try_from(number).map_err(|_| Problem::new(fields.path_of(name), "is over 255"))
    };
    Ok(Part {
        reference: fields.owned("reference")?,
        total: small("total")?,
        index: small("index")?,
    })
}

fn status(fields: &Fields) -> Result<Status, Problem> {
    let word = fields.must("status", fields.text("status"))?;
    Status::read(&word).ok_or_else(|| Problem::new(fields.path_of("status"), "is no status"))
}

fn unknown(envelope: &Fields) -> Problem {
    Problem::new(
        envelope.path_of("command"),
        "is none that this version knows",
    )
}
