//! A text from a phone to one of the operator's numbers.

use serde::{Deserialize, Serialize};

use crate::{
    ids::TextId,
    phone::{Number, Phone},
};

/// A text from a phone to one of the operator's numbers, or a part of a longer one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundText {
    /// Nexmo's id of the text (of the part, when it is one of several).
    pub message_id: TextId,
    /// The phone that it came from.
    pub phone: Phone,
    /// The number that it went to.
    pub number: Number,
    /// What it says.
    pub text: String,
    /// Its place in a longer text.
    pub part: Option<Part>,
}

/// The place of a text in a longer one (Nexmo's `concat-*`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// `concat-ref`: the same for all parts of a text; reused over time.
    pub reference: String,
    /// `concat-total`: how many parts there are, 2 to 255.
    pub total: u8,
    /// `concat-part`: which one this is, from 1.
    pub index: u8,
}
