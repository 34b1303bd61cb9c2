//! Delivery receipts: what became of a text, or of one of its parts.

use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use crate::{
    ids::{TextId, TextReference},
    phone::{Number, Phone},
    storage::stored_as_word,
};

/// A delivery receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryReceipt {
    /// The try that sent the text; `None` if Nexmo did not repeat it.
    pub reference: Option<TextReference>,
    /// Nexmo's id of the part.
    pub message_id: TextId,
    /// The phone that the text went to.
    pub phone: Phone,
    /// The number that it left from.
    pub number: Number,
    /// What became of the part.
    pub fate: Fate,
}

/// What became of a part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub enum Fate {
    /// Nexmo has taken it. Nothing more is known.
    Taken,
    /// The phone has it.
    Delivered,
    /// It will not be delivered, for the reason with this code (Nexmo's `err-code`).
    Failed(ErrorCode),
}

impl Fate {
    /// Reads a fate in a command; `None` for one that this version does not know.
    pub fn read(words: &str) -> Option<Self> {
        match words.split_once(' ') {
            Some(("failed", code)) => code.parse().ok().map(Self::Failed),
            None if words == "taken" => Some(Self::Taken),
            None if words == "delivered" => Some(Self::Delivered),
            _ => None,
        }
    }
}

impl From<Fate> for String {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Taken => "taken".to_owned(),
            Fate::Delivered => "delivered".to_owned(),
            Fate::Failed(code) => format!("failed {code}"),
        }
    }
}

/// Why a text was not delivered (Nexmo's `err-code`); 0 if Nexmo does not say.
pub type ErrorCode = u16;

/// What is known of a whole text. The words are stored, counted and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// The phone has all of its parts.
    Delivered,
    /// The phone or its network was absent or busy for as long as Nexmo tried.
    UndeliveredPassing,
    /// The phone is out of service, or its owner has barred texts.
    UndeliveredForGood,
    /// The carrier says that the user has opted out.
    UndeliveredOptedOut,
    /// The phone cannot be reached, or the carrier blocks the text. For good, if it repeats.
    UndeliveredUnreachable,
    /// Something else on the recipient's side: ported, under age, without credit.
    UndeliveredRecipient,
    /// Something on the operator's side: taken for spam, not legal, no route, a general error.
    UndeliveredOperator,
    /// Nexmo does not say why, or with a code that is not in its list.
    UndeliveredUnknown,
}

stored_as_word!(Verdict, "a verdict on a text");

impl Verdict {
    /// The verdict on a text of which a part failed.
    pub fn of_code(code: ErrorCode) -> Self {
        match code {
            2 | 7 | 8 => Self::UndeliveredPassing,
            3 | 4 => Self::UndeliveredForGood,
            9 => Self::UndeliveredOptedOut,
            12 | 14 => Self::UndeliveredUnreachable,
            5 | 13 | 15 => Self::UndeliveredRecipient,
            6 | 10 | 11 | 99 => Self::UndeliveredOperator,
            _ => Self::UndeliveredUnknown,
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_documented_classes() {
        let words = |codes: &[ErrorCode]| -> Vec<&str> {
            let words = codes.iter().map(|code| Verdict::of_code(*code).word());
            words.collect()
        };
        assert_eq!(words(&[2, 7, 8]), ["undelivered_passing"; 3]);
        assert_eq!(words(&[3, 4]), ["undelivered_for_good"; 2]);
        assert_eq!(words(&[9]), ["undelivered_opted_out"]);
        assert_eq!(words(&[12, 14]), ["undelivered_unreachable"; 2]);
        assert_eq!(words(&[5, 13, 15]), ["undelivered_recipient"; 3]);
        assert_eq!(words(&[6, 10, 11, 99]), ["undelivered_operator"; 4]);
        assert_eq!(
            words(&[0, 1, 16, 50, 54, 12_345]),
            ["undelivered_unknown"; 6]
        );
    }
}
