//! The settings that a record's rules go by.

use crate::{layer::status::Status, time::Millis};

/// The part of the settings that a record needs.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How long a message may stay unread, in milliseconds.
    pub delay: Millis,
    /// Inactivity after which a link may be given away, in milliseconds.
    pub number_expiration: Millis,
    /// The operator's numbers, E.164 digits, in order of preference.
    pub numbers: Vec<String>,
    /// Whether a message that is not delivered yet justifies a text.
    pub reports_sent: bool,
    /// Whether a delivered but unread message justifies a text.
    pub reports_delivered: bool,
    /// Whether HELP is answered; otherwise it is a message like any other.
    pub answers_help: bool,
}

impl Policy {
    /// Whether a message in this state justifies a text.
    pub fn justifies(&self, status: Status) -> bool {
        match status {
            Status::Sent => self.reports_sent,
            Status::Delivered => self.reports_delivered,
            Status::Read => false,
        }
    }
}
