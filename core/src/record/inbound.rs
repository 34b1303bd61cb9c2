//! Texts from the user's phone: duplicates, the link that a text belongs to, keywords.

use super::{
    Record,
    command::Outcome,
    policy::DigestPolicy,
    tables::{
        links::Link,
        replies::{Action, NewReply},
        shown::Shown,
    },
};
use crate::{
    ids::{ConversationId, TextId},
    log::{Entry, Level},
    phone::{Number, Phone},
    sms::{
        inbound::InboundText,
        keyword::{Keyword, keyword},
    },
    storage::StoreError,
    time::{HOUR, Span},
};

/// The ids of texts are stored by periods of this length, and the current period and the one before count: an
/// id is remembered for at least this long. Nexmo retries a text for 24 hours.
const HEARD_FOR: Span = HOUR.times(25);

impl Record<'_> {
    /// A text came in for this user. Queues it as a reply, holds it if it is a part, or obeys it if it is a
    /// keyword.
    pub fn text(&self, text: &InboundText) -> Result<Outcome, StoreError> {
        if self
            .heard()
            .contains(self.heard_period(), &text.message_id)?
        {
            return Ok(Outcome::Known);
        }
        self.heard_from(&text.phone)?;
        let links = self.links_of(&text.number)?;
        let link = links.iter().find(|link| link.counts_from(&text.phone));
        if link.is_none() && !links.is_empty() {
            return Ok(Outcome::NotTheirPhone);
        }
        let outcome = match (link, &text.part, self.keyword(&text.text)) {
            (_, None, Some(word)) => self.obey(word, text)?,
            (Some(link), None, None) => {
                if self.post(text, &link.key(), link.shown.as_ref())? {
                    self.answered(&link.conversation_id)?;
                }
                Outcome::Stored
            }
            (Some(link), Some(part), _) => {
                self.answered(&link.conversation_id)?;
                self.hold_part(text, part, &link.conversation_id)?
            }
            // Who wants no texts gets no answer either.
            (None, ..) if self.opted_out()?.is_some() => return Ok(Outcome::Known),
            (None, ..) => {
                self.log(without_link(&text.message_id, &text.phone));
                return Ok(Outcome::NoLink);
            }
        };
        if let Some(link) = link {
            self.links()
                .renew(&link.key(), self.now, self.link_expiry())?;
        }
        self.heard().insert(self.heard_period(), &text.message_id)?;
        Ok(outcome)
    }

    /// The user has answered in a conversation: the interval between its texts is over.
    fn answered(&self, conversation: &ConversationId) -> Result<(), StoreError> {
        match self.policy.digest {
            Some(DigestPolicy { interval }) if interval != Span::ZERO => {
                self.links().forget_last_texted(conversation)?;
                self.reschedule(conversation)
            }
            _ => Ok(()),
        }
    }

    fn heard_period(&self) -> i64 {
        self.now.index_of(HEARD_FOR)
    }

    /// The keyword that the text consists of. HELP counts only if the operator has set an answer to it.
    pub(super) fn keyword(&self, text: &str) -> Option<Keyword> {
        keyword(text).filter(|word| *word != Keyword::Help || self.policy.answers_help)
    }

    /// The links on a number, the texted one first.
    pub(super) fn links_of(&self, number: &Number) -> Result<Vec<Link>, StoreError> {
        let mut links = self.current_links()?;
        links.retain(|link| link.number == *number);
        links.sort_by_key(|link| !link.is_texted());
        Ok(links)
    }

    /// Stores what a keyword changes in this record, and queues the rest: KV and the confirmation.
    pub(super) fn obey(&self, word: Keyword, text: &InboundText) -> Result<Outcome, StoreError> {
        match word {
            Keyword::Stop => self.opt_out(&text.phone)?,
            Keyword::Start => self.opt_in()?,
            Keyword::Help => {}
        }
        self.log(Entry::new(Level::Info, "reply.keyword").with("keyword", word.word()));
        self.queue(&Action::Obey(word), text, None)?;
        Ok(Outcome::Stored)
    }

    /// Appends an action about a text to its lane. `shown`: the last message that a text on its link has shown.
    pub(super) fn queue(
        &self,
        action: &Action,
        text: &InboundText,
        shown: Option<&Shown>,
    ) -> Result<(), StoreError> {
        let new = NewReply {
            action,
            message_id: &text.message_id,
            phone: &text.phone,
            number: &text.number,
            body: &text.text,
            shown,
        };
        self.replies().insert(&new, self.now)
    }
}

fn without_link(id: &TextId, phone: &Phone) -> Entry {
    Entry::new(Level::Info, "reply.without_link")
        .with("nexmo_id", id)
        .with("phone", phone.masked())
}
