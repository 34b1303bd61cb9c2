//! The messages that one text covers: those that it shows and those that it only counts.

use super::{claim::TextClaim, tables::notices::Notice};
use crate::ids::MessageId;

/// The messages that one text covers. Without digests, it shows one and counts no other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// Those that the text may show, in order. The first one's notice holds the claim.
    pub shown: Vec<MessageId>,
    /// Those that the text only counts.
    pub counted: Vec<MessageId>,
    /// The last one of which the text shows the words, once it has any.
    pub last_shown: Option<MessageId>,
}

impl Covered {
    pub(super) fn new(shown: &[Notice], counted: &[Notice]) -> Self {
        let ids = |notices: &[Notice]| notices.iter().map(|it| it.message_id.clone()).collect();
        Self {
            shown: ids(shown),
            counted: ids(counted),
            last_shown: None,
        }
    }

    /// All of them, the first one first.
    pub fn all(&self) -> Vec<MessageId> {
        self.shown.iter().chain(&self.counted).cloned().collect()
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.shown.len() + self.counted.len()
    }
}

impl TextClaim {
    /// All that it was taken for: what the text covers at most.
    pub fn covered(&self) -> Covered {
        Covered {
            shown: self.asked.iter().map(|it| it.message_id.clone()).collect(),
            counted: self.counted.clone(),
            last_shown: None,
        }
    }
}
