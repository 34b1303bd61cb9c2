//! Reads which chat the operator has, and the settings that depend on it.

use super::{
    layer, matrix,
    reader::{Reader, quote},
    setting::ChatKind,
    table, values,
};
use crate::{
    chat::{port::Chat, status::ReportOn},
    time::{HOUR, Span},
};

/// `LARGEST_CONVERSATION` for Matrix, if it is not set.
const LARGEST_ROOM: usize = 50;
/// A homeserver forgets after a day that a message is unread.
const LONGEST_WAIT: Span = HOUR.times(20);
/// Which statuses are reported on where receipts do not count, only what the chat says when a text is due.
const ALL: ReportOn = ReportOn {
    sent: true,
    delivered: true,
};

/// The settings that depend on the chat.
pub(super) struct ChatSettings {
    pub chat: Chat,
    pub report_on: ReportOn,
    pub largest_conversation: Option<usize>,
    pub mark_read: bool,
}

/// The chat that the operator has; `None` if it is none of them.
pub(super) fn kind(reader: &mut Reader<'_>) -> Option<ChatKind> {
    reader.read(&table::CHAT, values::chat_kind)
}

/// `nexmo_path` must not overlap with the path of Layer's webhook.
pub(super) fn read(reader: &mut Reader<'_>, nexmo_path: Option<&str>) -> Option<ChatSettings> {
    let kind = kind(reader);
    let largest = reader.read(&table::LARGEST_CONVERSATION, values::count);
    let mark_read = reader.read(&table::MARK_READ, values::switch);
    match kind? {
        ChatKind::Layer => {
            let report_on = reader.read(&table::REPORT_ON_STATUS, values::report_on);
            let chat = layer::read(reader, nexmo_path);
            layer::check_mark_read(reader, chat.as_ref(), mark_read);
            Some(ChatSettings {
                chat: Chat::Layer(chat?),
                report_on: report_on?,
                largest_conversation: largest,
                mark_read: mark_read.unwrap_or(false),
            })
        }
        ChatKind::Matrix => {
            let largest = largest.unwrap_or(LARGEST_ROOM);
            Some(ChatSettings {
                chat: Chat::Matrix(matrix::read(reader, largest)?),
                report_on: ALL,
                largest_conversation: Some(largest),
                mark_read: mark_read.unwrap_or(true),
            })
        }
    }
}

/// Reports a text that would come when the chat no longer knows whether its messages are unread.
pub(super) fn check_wait(reader: &mut Reader<'_>, chat: &Chat, delay: Span, interval: Span) {
    if matches!(chat, Chat::Layer(_)) || delay + interval <= LONGEST_WAIT {
        return;
    }
    let value = reader.set_value(&table::DELAY).unwrap_or_default();
    let with_interval = match interval {
        Span::ZERO => "is",
        _ => "and TEXT_INTERVAL are together",
    };
    let why = "a homeserver forgets after a day what is unread";
    let problem = format!("{} {with_interval} over 20 hours: {why}", quote(&value));
    reader.problem(&table::DELAY, problem);
}
