//! The Durable Object of one user: a thin shell around the core's [`Driver`].
//!
//! The Worker calls it with POST and one [`Envelope`] as the body. The response is 204 if the command is
//! done, 200 with another outcome in a header or with the record as JSON, 400 if the body is unreadable, 500
//! if storage failed, 502 if KV failed, and 503 while misconfigured.

pub mod client;
mod connections;
mod cost;
mod effects;
mod instance;

use std::{panic::AssertUnwindSafe, rc::Rc};

use serde_json::{Value, json};
use texting::{
    driver::{Driver, EraseError},
    log::{Entry, Level},
    record::{
        command::{Command, OperatorCommand, Outcome},
        envelope::Envelope,
    },
};
use worker::{DurableObject, Env, Error, Request, Response, Result, State, durable_object};

use crate::{http::response, platform::log::log};
use instance::Instance;

/// The Durable Object of one user.
#[durable_object(alarm)]
pub struct UserRecord {
    driver: AssertUnwindSafe<Rc<Driver<Instance>>>,
}

/// The result of a command.
enum Done {
    /// Of an event, or of an operator's command other than to show the record.
    Outcome(Outcome),
    /// The record as JSON, for an operator.
    Shown(Value),
}

impl DurableObject for UserRecord {
    fn new(state: State, env: Env) -> Self {
        Self {
            driver: AssertUnwindSafe(Driver::new(Instance::new(state, env))),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let envelope = match Envelope::read(&request.text().await?) {
            Ok(envelope) => envelope,
            Err(error) => return response::text(400, &error.to_string()),
        };
        #[cfg(feature = "deliberate-panic")]
        {
            crate::deliberate_panic::if_asked(&envelope.user_id, "panic-in-fetch");
            crate::deliberate_panic::hang_if_asked(&envelope.user_id, "hang-in-fetch").await;
        }
        if !self.driver.object().is_configured() {
            return response::text(503, "misconfigured");
        }
        match self.handle(envelope).await {
            Ok(Done::Outcome(outcome)) => respond(outcome),
            Ok(Done::Shown(record)) => response::json(200, &record),
            Err(error) => respond_to_failure(&error),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        #[cfg(feature = "deliberate-panic")]
        crate::deliberate_panic::if_asked(&self.driver.object().name(), "panic-in-alarm");
        match self.driver.alarm().await {
            Ok(()) => Response::empty(),
            // The runtime lets the alarm ring again.
            Err(error) => Err(Error::RustError(error.to_string())),
        }
    }
}

impl UserRecord {
    async fn handle(&self, envelope: Envelope<Command>) -> std::result::Result<Done, EraseError> {
        let Envelope { user_id, command } = envelope;
        let outcome = match command {
            Command::Event(event) => self.driver.event(&user_id, &event)?,
            Command::Operator(OperatorCommand::Show) => return Ok(Done::Shown(self.show()?)),
            Command::Operator(OperatorCommand::Wake) => {
                self.driver.wake()?;
                Outcome::Stored
            }
            Command::Operator(OperatorCommand::Retry { seq }) => self.driver.retry(seq)?,
            Command::Operator(OperatorCommand::Erase) => {
                self.driver.erase(&user_id).await?;
                Outcome::Stored
            }
        };
        Ok(Done::Outcome(outcome))
    }

    /// The record as JSON, with the id of the object and the costs and the alarm of this instance.
    fn show(&self) -> std::result::Result<Value, EraseError> {
        let mut record = self.driver.show()?;
        if let Some(fields) = record.as_object_mut() {
            let object = self.driver.object();
            fields.insert("object_id".to_owned(), json!(object.id()));
            fields.insert("cost_of_this_instance".to_owned(), object.cost());
            fields.insert("alarm".to_owned(), json!(self.driver.alarm_at()));
        }
        Ok(record)
    }
}

fn respond(outcome: Outcome) -> Result<Response> {
    let response = Response::empty()?;
    if outcome == Outcome::Stored {
        return Ok(response.with_status(204));
    }
    let headers = response.headers();
    headers.set(client::OUTCOME_HEADER, outcome.word())?;
    Ok(response)
}

fn respond_to_failure(error: &EraseError) -> Result<Response> {
    match error {
        EraseError::Store(error) => {
            log(&Entry::new(Level::Error, "record.storage_failed").with("why", error));
            response::text(500, "storage failed")
        }
        EraseError::Kv(error) => {
            log(&Entry::new(Level::Error, "record.not_erased").with("why", error));
            response::text(502, "KV did not forget the user's phone: try again")
        }
    }
}
