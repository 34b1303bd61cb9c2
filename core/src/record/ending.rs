//! The words for how a notice ended.

use strum::{EnumString, IntoStaticStr};

use crate::storage::stored_as_word;

/// How a notice ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nexmo accepted the text.
    Texted,
    /// The text was given up.
    Failed,
    /// The text was given up because Nexmo may have taken it too often without our knowing.
    PerhapsSent,
    /// No text was sent, for this reason.
    Dropped(Dropped),
}

/// Why a notice was dropped without a text. The words are stored, logged and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Dropped {
    /// The user read the message.
    Read,
    /// The message was deleted, or the conversation with it.
    Deleted,
    /// The user left the conversation.
    Left,
    /// The user read the message, or wants to hear nothing of such messages: the chat does not say which.
    ReadOrMuted,
    /// The message became so old that the chat no longer knew whether it was unread, and had never said so.
    TooOld,
    /// The message's status at the end of the delay is not one of `REPORT_ON_STATUS`.
    NotReported,
    /// The message has no text, or its text renders blank.
    Blank,
    /// The user is unknown or has no plausible phone.
    NoPhone,
    /// The user, or another user with the same phone, sent STOP.
    OptedOut,
    /// No text reaches the user's phone, as delivery receipts said.
    Unreachable,
    /// Every number stands for another conversation of the user.
    NoNumber,
    /// The user's identity says no to texts (`PREFERENCE_FIELD`).
    Unwanted,
    /// The user got `MAX_TEXTS_PER_DAY` texts in the last 24 hours.
    Capped,
}

stored_as_word!(Dropped, "a reason");

impl Dropped {
    /// The word for it in storage and logs.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

impl Ending {
    /// The word for it in storage and statistics.
    pub fn word(self) -> &'static str {
        match self {
            Self::Texted => "texted",
            Self::Failed => "failed",
            Self::PerhapsSent => "perhaps_sent",
            Self::Dropped(why) => why.word(),
        }
    }

    /// Reads a stored word. A word that this version does not know counts as [`Dropped::Read`], so that no
    /// text is sent.
    pub fn read(word: &str) -> Self {
        match word {
            "texted" => Self::Texted,
            "failed" => Self::Failed,
            "perhaps_sent" => Self::PerhapsSent,
            reason => Self::Dropped(reason.parse().unwrap_or(Dropped::Read)),
        }
    }
}
