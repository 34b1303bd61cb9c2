//! The settings that a record's rules need.

use crate::{
    chat::status::ReportOn,
    phone::Number,
    settings::{Kept, NumberOrder, Settings},
    time::{DAY, Span},
};

/// How long Nexmo tries to deliver a text if it is not told.
const NEXMOS_TTL: Span = DAY.times(3);

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
    /// How digests are made; `None`: each message is a text of its own.
    pub digest: Option<DigestPolicy>,
    /// The most texts to the user in any 24 hours.
    pub max_texts_per_day: Option<usize>,
    /// Whether each user begins at another place of the list of numbers.
    pub spreads_numbers: bool,
    /// Whether the operator has set an answer to HELP. If not, HELP is an ordinary reply.
    pub answers_help: bool,
    /// How many replies with the same words are posted from one link within an hour; `None`: all.
    pub same_reply_limit: Option<usize>,
    /// Which delivery receipts are kept; `None`: none is asked for.
    pub receipts: Option<ReceiptPolicy>,
    /// Whether a posted reply marks what was texted as read.
    pub mark_read: bool,
}

/// Which delivery receipts are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptPolicy {
    /// Which.
    pub kept: Kept,
    /// How long Nexmo tries to deliver a text.
    pub delivered_within: Span,
}

/// How digests are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigestPolicy {
    /// The least time between two texts of a conversation; zero if there is none.
    pub interval: Span,
}

impl From<&Settings> for Policy {
    fn from(settings: &Settings) -> Self {
        Self {
            delay: settings.delay,
            number_expiration: settings.number_expiration,
            numbers: settings.numbers.clone(),
            report_on: settings.report_on,
            digest: settings.digest.as_ref().map(|digest| DigestPolicy {
                interval: digest.interval,
            }),
            max_texts_per_day: settings.max_texts_per_day,
            spreads_numbers: settings.number_order == NumberOrder::Spread,
            answers_help: settings.help_reply.is_some(),
            same_reply_limit: settings.same_reply_limit,
            receipts: settings.receipts.as_ref().map(|receipts| ReceiptPolicy {
                kept: receipts.kept,
                delivered_within: settings.text_ttl.unwrap_or(NEXMOS_TTL),
            }),
            mark_read: settings.mark_read,
        }
    }
}
