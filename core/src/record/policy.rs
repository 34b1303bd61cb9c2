//! The settings that a record's rules need.

use crate::{chat::status::ReportOn, phone::Number, settings::Settings, time::Span};

/// The settings that a record's rules need.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How long a message may stay unread.
    pub delay: Span,
    /// How long an unused link lasts before its number may go to another conversation.
    pub number_expiration: Span,
    /// The operator's numbers in order of preference.
    pub numbers: Vec<Number>,
    /// The statuses that justify a text.
    pub report_on: ReportOn,
    /// Whether the operator has set an answer to HELP. If not, HELP is an ordinary reply.
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
