//! What Nexmo's webhook does about a delivery receipt, before any record is asked.

use crate::{
    ids::TextReference,
    settings::Kept,
    sms::receipt::{DeliveryReceipt, Fate},
    time::{DAY, Span},
};

/// How long KV knows that Nexmo may have taken a try.
pub const OPEN_FOR: Span = DAY.times(3);

/// The key of the entry in KV that says that Nexmo may have taken a try.
pub fn open_key(reference: &TextReference) -> String {
    format!("open/{reference}")
}

/// What the webhook does about a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// Nothing: it does not matter.
    Nothing,
    /// Tell the user's record, if KV has an entry under this key: Nexmo may have taken the try, and the receipt proves it.
    TellIf(String),
    /// Tell the user's record.
    Tell,
}

impl Door {
    /// Decides about a receipt, given which are kept.
    pub fn of(receipt: &DeliveryReceipt, kept: Option<Kept>) -> Self {
        match (kept, receipt.fate, &receipt.reference) {
            (None, ..) => Self::Nothing,
            (Some(Kept::All), ..) | (Some(Kept::Failures), Fate::Failed(_), _) => Self::Tell,
            (Some(Kept::Failures), Fate::Taken | Fate::Delivered, Some(reference)) => {
                Self::TellIf(open_key(reference))
            }
            (Some(Kept::Failures), Fate::Taken | Fate::Delivered, None) => Self::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::TextId,
        phone::{Number, Phone},
    };

    fn door(fate: Fate, reference: Option<&str>, kept: Option<Kept>) -> Door {
        let receipt = DeliveryReceipt {
            reference: reference.map(TextReference::new),
            message_id: TextId::new("A1"),
            phone: Phone::from_digits("15550102030"),
            number: Number::from_digits("12025550101"),
            fate,
        };
        Door::of(&receipt, kept)
    }

    #[test]
    fn good_news_wake_a_record_only_if_they_are_kept_or_prove_something() {
        let if_open = Door::TellIf("open/ref".to_owned());
        for fate in [Fate::Taken, Fate::Delivered] {
            assert_eq!(door(fate, Some("ref"), Some(Kept::All)), Door::Tell);
            assert_eq!(door(fate, Some("ref"), Some(Kept::Failures)), if_open);
            assert_eq!(door(fate, None, Some(Kept::Failures)), Door::Nothing);
        }
    }

    #[test]
    fn failures_are_told_unless_nothing_is_kept() {
        let failed = Fate::Failed(9);
        for kept in [Kept::Failures, Kept::All] {
            assert_eq!(door(failed, None, Some(kept)), Door::Tell);
        }
        assert_eq!(door(failed, Some("ref"), None), Door::Nothing);
    }
}
