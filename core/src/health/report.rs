//! What was found out about the services.

use serde::Serialize;
use strum::IntoStaticStr;

use crate::{
    log::{Entry, Level},
    time::Span,
};

/// What was found out about each service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HealthReport {
    /// Whether every service responds as it should. Warnings do not count.
    pub ok: bool,
    /// One for each service.
    pub checks: Vec<Check>,
}

/// What was found out about one service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// The service.
    pub service: Service,
    /// Whether it is well.
    pub state: State,
    /// How long its answer took, in milliseconds.
    pub duration_ms: Span,
    /// The credit of the Nexmo account, in euros.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<f64>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<&'static str>,
}

/// A service that this one needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Service {
    /// Layer, or the homeserver.
    Chat,
    /// Nexmo's account API, which shares its credentials with the SMS API.
    Nexmo,
    /// The KV namespace.
    Kv,
}

/// Whether a service is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing is wrong.
    Well,
    /// It works, but soon it may not.
    Warning,
    /// It does not work.
    Failed,
}

/// What a service answered.
#[derive(Default)]
pub(super) struct Finding {
    pub credit: Option<f64>,
    pub trouble: Option<Trouble>,
}

/// What is wrong with a service, and what to do.
pub(super) struct Trouble {
    pub state: State,
    pub problem: String,
    pub advice: &'static str,
}

impl Finding {
    pub fn failed(problem: &str, advice: &'static str) -> Self {
        let trouble = Trouble {
            state: State::Failed,
            problem: problem.to_owned(),
            advice,
        };
        Self {
            credit: None,
            trouble: Some(trouble),
        }
    }
}

impl Check {
    pub(super) fn new(service: Service, duration: Span, finding: Finding) -> Self {
        let trouble = finding.trouble;
        Self {
            service,
            state: trouble.as_ref().map_or(State::Well, |it| it.state),
            duration_ms: duration,
            credit: finding.credit,
            advice: trouble.as_ref().map(|it| it.advice),
            problem: trouble.map(|it| it.problem),
        }
    }

    /// The log entry about a service that is not well.
    fn entry(&self) -> Option<Entry> {
        let (level, message) = match self.state {
            State::Well => return None,
            State::Warning => (Level::Warn, "health.warning"),
            State::Failed => (Level::Error, "health.problem"),
        };
        let entry = Entry::new(level, message)
            .with("service", <&str>::from(self.service))
            .with("problem", self.problem.as_deref().unwrap_or_default())
            .with("advice", self.advice.unwrap_or_default());
        Some(match self.credit {
            Some(credit) => entry.with("credit", credit),
            None => entry,
        })
    }
}

impl HealthReport {
    pub(super) fn of(checks: Vec<Check>) -> Self {
        Self {
            ok: checks.iter().all(|check| check.state != State::Failed),
            checks,
        }
    }

    /// One log entry for each service that is not well.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.checks.iter().filter_map(Check::entry)
    }
}
