//! Replies that repeat others. Two phones that answer texts by themselves would go on for ever, through the
//! conversation of their users.

use sha2::{Digest as _, Sha256};

use super::{
    Record,
    tables::{
        links::{LinkKey, SaidReply},
        replies::Action,
        shown::Shown,
    },
};
use crate::{
    log::{Entry, Level},
    secret::hex,
    sms::inbound::InboundText,
    storage::StoreError,
    time::{HOUR, Span},
};

/// Replies with the same words count against each other for this long.
const COUNTED_FOR: Span = HOUR;
/// Of so many replies the words are known. Who says so many other things in between is no machine.
const MOST_KNOWN: usize = 50;
/// Hex digits of a hash.
const HASH_LENGTH: usize = 16;

/// The words that a reply says, trimmed and in any case, as a hash.
fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.trim().to_lowercase());
    let mut hash = hex(&digest);
    hash.truncate(HASH_LENGTH);
    hash
}

impl Record<'_> {
    /// Queues a text as a reply to the conversation of a link, unless the same words were posted from that link as often
    /// as the operator allows. Returns whether it did. `shown`: the last message that a text on the link had shown.
    pub(super) fn post(
        &self,
        text: &InboundText,
        link: &LinkKey,
        shown: Option<&Shown>,
    ) -> Result<bool, StoreError> {
        let may_be_posted = match self.policy.same_reply_limit {
            Some(limit) => self.may_repeat(text, link, limit)?,
            None => true,
        };
        if may_be_posted {
            let action = Action::Post(link.conversation_id.clone());
            self.queue(&action, text, shown)?;
        }
        Ok(may_be_posted)
    }

    /// Whether the words of a text were posted from a link less often than `limit` lately. Then counts them.
    fn may_repeat(
        &self,
        text: &InboundText,
        link: &LinkKey,
        limit: usize,
    ) -> Result<bool, StoreError> {
        let mut said = self.links().said(link)?;
        let since = self.now - COUNTED_FOR;
        said.replies.retain(|reply| reply.at > since);
        let words = hash(&text.text);
        let same = said.replies.iter().filter(|reply| reply.words == words);
        let is_below = same.count() < limit;
        if is_below {
            let at = self.now;
            said.replies.push(SaidReply { words, at });
            let too_many = said.replies.len().saturating_sub(MOST_KNOWN.max(limit));
            said.replies.drain(..too_many);
        } else if said.logged_at.is_none_or(|logged| logged <= since) {
            said.logged_at = Some(self.now);
            self.log(
                Entry::new(Level::Warn, "reply.repeated")
                    .with("conversation_id", &link.conversation_id)
                    .with("number", link.number.masked()),
            );
        } else {
            return Ok(false);
        }
        self.links().set_said(link, &said)?;
        Ok(is_below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_whatever_their_case_and_the_blanks_around_them() {
        assert_eq!(hash(" I am driving.\n"), hash("i am DRIVING."));
        assert_ne!(hash("I am driving."), hash("I am  driving."));
        assert_eq!(hash("I am driving.").len(), 16);
    }
}
