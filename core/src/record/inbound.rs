//! Texts from the user's phone on their way into a conversation: known ones, parts, keywords.

use super::{
    Record,
    command::{InboundText, Outcome, Part},
    link::Link,
    reply::Kind,
    store::StoreError,
};
use crate::{
    keyword::{Keyword, keyword},
    params,
    phone::mask,
    time::{HOUR, MINUTE, Millis},
};

/// Nexmo tries for 24 h to deliver a text; its id is remembered for at least this long.
const SPAN: Millis = 25 * HOUR;
/// A missing part of a long text is given up after this long.
const PATIENCE: Millis = 10 * MINUTE;

impl Record<'_> {
    /// A text came in for this user.
    pub fn text(&self, text: &InboundText) -> Result<Outcome, StoreError> {
        if self.heard(&text.message_id)? {
            return Ok(Outcome::Known);
        }
        let links = self.links_of(&text.number)?;
        let link = links.iter().find(|link| link.counts_from(&text.phone));
        if link.is_none() && !links.is_empty() {
            return Ok(Outcome::NotTheirPhone);
        }
        let outcome = match (link, &text.part, self.keyword(&text.text)) {
            (_, None, Some(word)) => self.obey(word, text)?,
            (Some(link), None, None) => self.post(text, &link.conversation_id, &text.text)?,
            (Some(link), Some(part), _) => self.part(text, part, &link.conversation_id)?,
            (None, ..) => {
                self.note(
                    self.info("reply.without_link")
                        .with("nexmo_id", &text.message_id)
                        .with("phone", mask(&text.phone)),
                );
                return Ok(Outcome::NoLink);
            }
        };
        if let Some(link) = link {
            self.renew(link)?;
        }
        self.hear(&text.message_id)?;
        Ok(outcome)
    }

    fn keyword(&self, text: &str) -> Option<Keyword> {
        keyword(text).filter(|word| *word != Keyword::Help || self.policy.answers_help)
    }

    /// The links of a number, the introduced one first.
    fn links_of(&self, number: &str) -> Result<Vec<Link>, StoreError> {
        let mut links = self.links()?;
        links.retain(|link| link.number == number);
        links.sort_by_key(|link| !link.introduced);
        Ok(links)
    }

    fn renew(&self, link: &Link) -> Result<(), StoreError> {
        self.exec(
            "UPDATE links SET expires_at = ?1 WHERE number = ?2 AND conversation_id = ?3",
            params![
                self.now + self.policy.number_expiration,
                &link.number,
                &link.conversation_id
            ],
        )?;
        Ok(())
    }

    fn obey(&self, word: Keyword, text: &InboundText) -> Result<Outcome, StoreError> {
        let kind = match word {
            Keyword::Stop => {
                self.opt_out(&text.phone)?;
                Kind::Stop
            }
            Keyword::Start => {
                self.opt_in()?;
                Kind::Start
            }
            Keyword::Help => Kind::Help,
        };
        self.note(self.info("reply.keyword").with("keyword", kind.word()));
        self.queue(kind, text, "", &text.text)?;
        Ok(Outcome::Stored)
    }

    fn post(
        &self,
        text: &InboundText,
        conversation: &str,
        body: &str,
    ) -> Result<Outcome, StoreError> {
        self.queue(Kind::Post, text, conversation, body)?;
        Ok(Outcome::Stored)
    }

    fn part(
        &self,
        text: &InboundText,
        part: &Part,
        conversation: &str,
    ) -> Result<Outcome, StoreError> {
        let held = self.first(
            "SELECT body FROM parts WHERE phone = ?1 AND number = ?2 AND reference = ?3
             AND total = ?4 AND part = ?5",
            &[&group_key(text, part)[..], params![i64::from(part.index)]].concat(),
        )?;
        match held.map(|row| row.text(0)).transpose()? {
            Some(body) if body == text.text => return Ok(Outcome::Known),
            // References are used again: this part begins another text.
            Some(_) => self.assemble(&group_key(text, part))?,
            None => {}
        }
        self.exec(
            "INSERT INTO parts (phone, number, reference, total, part, message_id, body,
                conversation_id, give_up_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                &text.phone,
                &text.number,
                &part.reference,
                i64::from(part.total),
                i64::from(part.index),
                &text.message_id,
                &text.text,
                conversation,
                self.now + PATIENCE
            ],
        )?;
        if self.parts_held(&group_key(text, part))? >= i64::from(part.total) {
            self.assemble(&group_key(text, part))?;
        }
        Ok(Outcome::Stored)
    }

    fn parts_held(&self, group: &[super::Value; 4]) -> Result<i64, StoreError> {
        let row = self.first(
            "SELECT count(*) FROM parts
             WHERE phone = ?1 AND number = ?2 AND reference = ?3 AND total = ?4",
            group,
        )?;
        row.map_or(Ok(0), |row| row.integer(0))
    }

    /// Puts the parts that are held of a long text together, whether or not some are missing.
    fn assemble(&self, group: &[super::Value; 4]) -> Result<(), StoreError> {
        let rows = self.exec(
            "SELECT message_id, body, conversation_id, phone, number FROM parts
             WHERE phone = ?1 AND number = ?2 AND reference = ?3 AND total = ?4 ORDER BY part",
            group,
        )?;
        let Some(lowest) = rows.first() else {
            return Ok(());
        };
        let body = rows
            .iter()
            .map(|row| row.text(1))
            .collect::<Result<String, _>>()?;
        let text = InboundText {
            message_id: lowest.text(0)?,
            phone: lowest.text(3)?,
            number: lowest.text(4)?,
            text: body,
            part: None,
        };
        self.exec(
            "DELETE FROM parts
             WHERE phone = ?1 AND number = ?2 AND reference = ?3 AND total = ?4",
            group,
        )?;
        match self.keyword(&text.text) {
            Some(word) => self.obey(word, &text)?,
            None => self.post(&text, &lowest.text(2)?, &text.text)?,
        };
        Ok(())
    }

    /// Gives up waiting for missing parts whose time has come.
    pub fn give_up_parts(&self) -> Result<(), StoreError> {
        let groups = self.exec(
            "SELECT phone, number, reference, total FROM parts
             GROUP BY phone, number, reference, total HAVING min(give_up_at) <= ?1",
            params![self.now],
        )?;
        for group in groups {
            if let Ok(group) = <[super::Value; 4]>::try_from(group.0) {
                self.note(self.info("reply.part_missing"));
                self.assemble(&group)?;
            }
        }
        Ok(())
    }

    fn heard(&self, message_id: &str) -> Result<bool, StoreError> {
        let span = self.now.div_euclid(SPAN);
        let row = self.first(
            "SELECT 1 FROM heard WHERE span IN (?1, ?2) AND message_id = ?3",
            params![span, span - 1, message_id],
        )?;
        Ok(row.is_some())
    }

    fn hear(&self, message_id: &str) -> Result<(), StoreError> {
        let span = self.now.div_euclid(SPAN);
        self.exec(
            "INSERT INTO heard (span, message_id) VALUES (?1, ?2)",
            params![span, message_id],
        )?;
        self.exec("DELETE FROM heard WHERE span < ?1", params![span - 1])?;
        Ok(())
    }
}

fn group_key(text: &InboundText, part: &Part) -> [super::Value; 4] {
    [
        (&text.phone).into(),
        (&text.number).into(),
        (&part.reference).into(),
        i64::from(part.total).into(),
    ]
}

impl Link {
    /// Whether a text from a phone counts for this link: its last text went there, or one may just
    /// have arrived there.
    fn counts_from(&self, phone: &str) -> bool {
        [&self.phone, &self.phone_pending]
            .into_iter()
            .flatten()
            .any(|own| own == phone)
    }
}
