//! Posting a reply into a conversation, as the user who texted it.

use sha1::{Digest, Sha1};
use uuid::{Builder, Uuid};

use crate::{
    ids::{ConversationId, MessageId, Position, TextId, UserId},
    time::Span,
};

/// The namespace of deduplication ids. Never change it: a reply that is retried across a deploy would be
/// posted twice.
const NAMESPACE: Uuid = Uuid::from_u128(0x3d0c_9e1b_7a54_4c0e_9d5f_2b8e_61f7_a4c3);

/// A message to post.
pub struct Post<'a> {
    /// The conversation.
    pub conversation_id: &'a ConversationId,
    /// The user who becomes the sender.
    pub user_id: &'a UserId,
    /// The text: a piece of the reply ([`Chat::pieces`](super::port::Chat::pieces)).
    pub text: &'a str,
    /// The id of the message ([`dedupe_id`]): a repeated request with the same id posts nothing.
    pub dedupe_id: &'a str,
}

/// What is to be marked as read for a user.
pub struct Mark<'a> {
    /// The conversation.
    pub conversation_id: &'a ConversationId,
    /// The user.
    pub user_id: &'a UserId,
    /// The last message that the user has read.
    pub message_id: &'a MessageId,
    /// That message's position in the conversation, if the chat gave one.
    pub position: Option<Position>,
}

/// The outcome of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostOutcome {
    /// The message is in the conversation.
    Posted,
    /// A temporary error, or unknown. Retry with the same id.
    TryAgain {
        /// Why, for the log.
        why: String,
        /// How long the chat asks to wait, if it does.
        wait: Option<Span>,
    },
    /// The operator has to fix the settings or the account at the chat. Wait, then retry.
    OperatorFault {
        /// Why, for the log.
        why: String,
    },
    /// A permanent error.
    Refused {
        /// Why, for the log and the list of failures.
        why: String,
    },
}

/// The deduplication id of one piece of a text: a UUIDv5 of Nexmo's id of the text and the piece's index.
pub fn dedupe_id(text_id: &TextId, index: usize) -> String {
    let name = format!("{text_id}/{index}");
    let hash = Sha1::new_with_prefix(NAMESPACE).chain_update(name);
    let start = hash.finalize().first_chunk().copied();
    let uuid = Builder::from_sha1_bytes(start.unwrap_or_default());
    uuid.into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_by_text_and_index_and_stay_the_same_for_ever() {
        for (text_id, index, id) in [
            (
                "0B00000053FFB40F",
                0,
                "b17eed23-65ce-55c5-ae6e-3cd746c4c860",
            ),
            (
                "0B00000053FFB40F",
                1,
                "06fd0c74-d579-5876-b92f-e6c18821b8da",
            ),
            (&"x".repeat(256), 12, "a886b5f0-b48c-55c0-b50c-129c3dcf149c"),
            ("é😀", 0, "b1733c47-0408-5dd6-81bb-f58e4216a19a"),
        ] {
            assert_eq!(dedupe_id(&TextId::new(text_id), index), id);
        }
    }
}
