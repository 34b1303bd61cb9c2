//! Inbound texts.

use serde::Serialize;

use crate::{
    ids::TextId,
    phone::{Number, Phone},
};

/// A text from a phone to one of the operator's numbers, or a part of a longer one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InboundText {
    /// Nexmo's id of the text, or of the part.
    pub message_id: TextId,
    /// The phone that sent it.
    pub phone: Phone,
    /// The number that received it.
    pub number: Number,
    /// Its text.
    pub text: String,
    /// Which part of a longer text it is; `None` for a whole text.
    pub part: Option<Part>,
}

/// A part of a longer text (Nexmo's `concat-*`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `concat-ref`: equal for all parts of a text; reused later.
    pub reference: String,
    /// `concat-total`: the number of parts, 2 to 255.
    pub total: u8,
    /// `concat-part`: the index of the part, from 1.
    pub index: u8,
}
