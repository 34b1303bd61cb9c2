//! Long texts: their parts are held until all have arrived or the missing ones are given up.

use super::{
    Record,
    command::Outcome,
    tables::{
        links::LinkKey,
        parts::{Group, HeldPart},
        shown::Shown,
    },
};
use crate::{
    ids::ConversationId,
    log::{Entry, Level},
    phone::Number,
    sms::inbound::{InboundText, Part},
    storage::StoreError,
    time::{MINUTE, Span},
};

/// A missing part of a long text is given up after this long.
const GIVE_UP_AFTER: Span = MINUTE.times(10);

impl Record<'_> {
    /// Stores a part of a long text. If it is the last missing part, queues the whole text as a reply.
    pub(super) fn hold_part(
        &self,
        text: &InboundText,
        part: &Part,
        conversation: &ConversationId,
    ) -> Result<Outcome, StoreError> {
        let group = Group::of(text, part);
        match self.parts().body(&group, part.index)? {
            Some(body) if body == text.text => return Ok(Outcome::Known),
            // Phones reuse references, so this part belongs to a new text: the old one gets no more parts.
            Some(_) => self.assemble(&group, None)?,
            None => {}
        }
        let held = HeldPart {
            message_id: text.message_id.clone(),
            body: text.text.clone(),
            conversation_id: conversation.clone(),
        };
        self.parts()
            .insert(&group, part.index, &held, self.now + GIVE_UP_AFTER)?;
        if self.parts().of_group(&group)?.len() >= usize::from(part.total) {
            self.assemble(&group, self.shown_on(&text.number, conversation)?)?;
        }
        Ok(Outcome::Stored)
    }

    /// The last message that a text on the link of a number and a conversation has shown.
    fn shown_on(
        &self,
        number: &Number,
        conversation: &ConversationId,
    ) -> Result<Option<Shown>, StoreError> {
        let mut links = self.links_of(number)?.into_iter();
        let link = links.find(|link| link.conversation_id == *conversation);
        Ok(link.and_then(|link| link.shown))
    }

    /// Joins the held parts of a long text, even if some are missing, and queues or obeys the result. `shown`: what was
    /// shown when it came in, if it is complete.
    fn assemble(&self, group: &Group, shown: Option<Shown>) -> Result<(), StoreError> {
        let parts = self.parts().of_group(group)?;
        let Some(lowest) = parts.first() else {
            return Ok(());
        };
        let text = InboundText {
            message_id: lowest.message_id.clone(),
            phone: group.phone.clone(),
            number: group.number.clone(),
            text: parts.iter().map(|part| part.body.as_str()).collect(),
            part: None,
        };
        self.parts().delete_group(group)?;
        match self.keyword(&text.text) {
            Some(word) => self.obey(word, &text).map(|_| ()),
            None => {
                let link = LinkKey {
                    number: group.number.clone(),
                    conversation_id: lowest.conversation_id.clone(),
                };
                self.post(&text, &link, shown.as_ref()).map(|_| ())
            }
        }
    }

    /// Joins the long texts that have waited too long for a missing part.
    pub fn give_up_parts(&self) -> Result<(), StoreError> {
        for group in self.parts().groups_due(self.now)? {
            self.log(Entry::new(Level::Info, "reply.part_missing"));
            self.assemble(&group, None)?;
        }
        Ok(())
    }
}
