//! Ids, phones and numbers. The model counts messages and conversations; the core gets UUIDs.

use texting::{
    ids::{ConversationId, MessageId},
    phone::{Number, Phone},
};

pub const USER: &str = "ben";
/// Another user, who sometimes has the same phone.
pub const OTHER_USER: &str = "eve";
/// The last one has another guise.
pub const PHONES: [&str; 3] = ["15550102030", "15550109999", "5215512345678"];
pub const NUMBERS: [&str; 4] = ["12025550101", "12025550102", "12025550103", "12025550104"];

pub fn message_id(number: u32) -> MessageId {
    MessageId::new(format!("00000001-0000-4000-8000-{number:012x}"))
}

pub fn conversation_id(number: u32) -> ConversationId {
    ConversationId::new(format!("00000002-0000-4000-8000-{number:012x}"))
}

/// The number behind a UUID of either kind.
pub fn number_of(uuid: &str) -> u32 {
    u32::from_str_radix(&uuid[24..], 16).unwrap()
}

pub fn phone(digits: &str) -> Phone {
    Phone::from_digits(digits)
}

/// The phone in its present guise.
pub fn present(phone: &Phone) -> Phone {
    Phone::from_digits(phone.key().as_str())
}

/// The key of a phone's wish in KV, that of its present guise.
pub fn wish_key(phone: &Phone) -> String {
    format!("wish/{}", phone.key().as_str())
}

pub fn number(digits: &str) -> Number {
    Number::from_digits(digits)
}

/// Nexmo's id of the text with this index among those about messages; of an answer to a keyword, `None`.
pub fn part_id(text: Option<usize>) -> String {
    text.map_or("0B".to_owned(), |index| format!("0A{index}"))
}

/// The index of the text with this id.
pub fn text_of(part: &str) -> Option<usize> {
    part.strip_prefix("0A")?.parse().ok()
}
