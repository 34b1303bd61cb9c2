//! The settings that a record's rules go by.

use crate::{chat::status::ReportOn, phone::Number, settings::Settings, time::Span};

/// The part of the settings that a record needs.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How long a message may stay unread.
    pub delay: Span,
    /// Inactivity after which a link may be given away.
    pub number_expiration: Span,
    /// The operator's numbers in order of preference.
    pub numbers: Vec<Number>,
    /// The statuses that justify a text.
    pub report_on: ReportOn,
    /// Whether HELP is answered; otherwise it is a message like any other.
    pub answers_help: bool,
}

impl From<&Settings> for Policy {
    fn from(settings: &Settings) -> Self {
        Self {
            delay: settings.delay,
            number_expiration: settings.number_expiration,
            numbers: settings.numbers.clone(),
            report_on: settings.report_on,
            answers_help: settings.help_reply.is_some(),
        }
    }
}
