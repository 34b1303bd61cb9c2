//! Links: which number stands for which conversation of the user, until when.
//!
//! A number has at most one introduced link, and may have one more that is not introduced yet: the
//! conversation that takes the number over, until its first text is accepted. Replies go to the
//! introduced one.

use super::{
    Record,
    store::{Row, StoreError},
};
use crate::{params, time::Millis};

/// A conversation that a number stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// One of the operator's numbers.
    pub number: String,
    /// UUID of the conversation.
    pub conversation_id: String,
    /// From when it may be given away.
    pub expires_at: Millis,
    /// Whether a text from the number was accepted for the conversation.
    pub introduced: bool,
    /// The phone that the last accepted text went to.
    pub phone: Option<String>,
    /// The phone that a text may be on its way to.
    pub phone_pending: Option<String>,
    /// The end of the open claim of one of the conversation's notices.
    pub claimed_until: Option<Millis>,
}

/// Which number a conversation's text leaves from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The conversation has a link already.
    Keep {
        /// Its number.
        number: String,
        /// Whether a text was accepted on it.
        introduced: bool,
    },
    /// The conversation gets a new link.
    Take {
        /// The first number that no other link needs.
        number: String,
    },
    /// Every number stands for another conversation.
    NoneFree,
}

/// A choice, and the links that go because of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Which number.
    pub choice: Choice,
    /// Number and conversation of each link that goes.
    pub removed: Vec<(String, String)>,
}

impl Link {
    fn claimed(&self, now: Millis) -> bool {
        self.claimed_until.is_some_and(|until| until > now)
    }

    /// Whether the link keeps its number from others.
    fn holds(&self, now: Millis) -> bool {
        self.expires_at >= now || self.claimed(now)
    }
}

/// Chooses the number for a conversation, given all links of the user and the configured numbers.
pub fn allocate(links: &[Link], conversation: &str, numbers: &[String], now: Millis) -> Allocation {
    let choice = choose(links, conversation, numbers, now);
    let removed = links
        .iter()
        .filter(|link| link.conversation_id != conversation && goes(link, &choice, now))
        .map(|link| (link.number.clone(), link.conversation_id.clone()))
        .collect();
    Allocation { choice, removed }
}

fn choose(links: &[Link], conversation: &str, numbers: &[String], now: Millis) -> Choice {
    let taken_over = |number: &str| {
        links.iter().any(|other| {
            other.number == number
                && other.conversation_id != conversation
                && !other.introduced
                && other.claimed(now)
        })
    };
    let own = links
        .iter()
        .filter(|link| link.conversation_id == conversation)
        .filter(|link| numbers.contains(&link.number) && !taken_over(&link.number))
        .max_by_key(|link| (link.introduced, link.expires_at));
    if let Some(link) = own {
        return Choice::Keep {
            number: link.number.clone(),
            introduced: link.introduced,
        };
    }
    let free = |number: &&String| {
        !links
            .iter()
            .any(|link| &link.number == *number && link.holds(now))
    };
    match numbers.iter().find(free) {
        Some(number) => Choice::Take {
            number: number.clone(),
        },
        None => Choice::NoneFree,
    }
}

/// Whether another conversation's link goes: expired ones do, but an introduced one on the number
/// that is being taken over stays until the new conversation's first text is accepted. A take-over
/// that is not being sent yields to the conversation that still has the number.
fn goes(link: &Link, choice: &Choice, now: Millis) -> bool {
    if link.claimed(now) {
        return false;
    }
    let expired = link.expires_at < now;
    match choice {
        Choice::Keep { number, introduced } if link.number == *number => {
            if *introduced {
                !link.introduced || expired
            } else {
                expired && !link.introduced
            }
        }
        Choice::Take { number } if link.number == *number => expired && !link.introduced,
        _ => expired,
    }
}

const COLUMNS: &str =
    "number, conversation_id, expires_at, introduced, phone, phone_pending, claimed_until";

fn link(row: &Row) -> Result<Link, StoreError> {
    Ok(Link {
        number: row.text(0)?,
        conversation_id: row.text(1)?,
        expires_at: row.integer(2)?,
        introduced: row.flag(3)?,
        phone: row.maybe_text(4)?,
        phone_pending: row.maybe_text(5)?,
        claimed_until: row.maybe_integer(6)?,
    })
}

impl Record<'_> {
    /// All links of the user.
    pub fn links(&self) -> Result<Vec<Link>, StoreError> {
        let statement = format!("SELECT {COLUMNS} FROM links ORDER BY number, conversation_id");
        self.exec(&statement, params![])?.iter().map(link).collect()
    }

    /// Chooses a conversation's number for an open claim and stores the choice.
    pub(super) fn allocate(
        &self,
        conversation: &str,
        claimed_until: Millis,
    ) -> Result<Choice, StoreError> {
        let links = self.links()?;
        let allocation = allocate(&links, conversation, &self.policy.numbers, self.now);
        for (number, other) in &allocation.removed {
            self.exec(
                "DELETE FROM links WHERE number = ?1 AND conversation_id = ?2",
                params![number, other],
            )?;
        }
        let expires_at = self.now + self.policy.number_expiration;
        match &allocation.choice {
            Choice::Keep { number, .. } => self.exec(
                "UPDATE links SET expires_at = ?1, claimed_until = ?2
                 WHERE number = ?3 AND conversation_id = ?4",
                params![expires_at, claimed_until, number, conversation],
            )?,
            Choice::Take { number } => self.exec(
                "INSERT OR REPLACE INTO links
                    (number, conversation_id, expires_at, introduced, claimed_until)
                 VALUES (?1, ?2, ?3, 0, ?4)",
                params![number, conversation, expires_at, claimed_until],
            )?,
            Choice::NoneFree => Vec::new(),
        };
        Ok(allocation.choice)
    }

    /// A text of the conversation was accepted: the number is the conversation's alone from now on.
    /// If its link went since, as its claim had ended before, whoever has the number by now keeps it.
    pub(super) fn settle(&self, number: &str, conversation: &str) -> Result<(), StoreError> {
        self.exec(
            "UPDATE links SET introduced = 1, expires_at = ?1, claimed_until = NULL,
                phone = coalesce(phone_pending, phone), phone_pending = NULL
             WHERE number = ?2 AND conversation_id = ?3",
            params![
                self.now + self.policy.number_expiration,
                number,
                conversation
            ],
        )?;
        self.exec(
            "DELETE FROM links WHERE number = ?1 AND conversation_id <> ?2
             AND EXISTS (SELECT 1 FROM links WHERE number = ?1 AND conversation_id = ?2)",
            params![number, conversation],
        )?;
        Ok(())
    }

    /// The conversation's notice ended without a text: a link that was never introduced goes, unless
    /// another notice of the conversation is being sent, whose claim is open beyond `own_claim`.
    pub(super) fn release(&self, conversation: &str, own_claim: Millis) -> Result<(), StoreError> {
        self.exec(
            "DELETE FROM links WHERE conversation_id = ?1 AND introduced = 0
             AND coalesce(claimed_until, 0) <= ?2",
            params![conversation, own_claim],
        )?;
        self.exec(
            "UPDATE links SET claimed_until = NULL, phone_pending = NULL
             WHERE conversation_id = ?1 AND claimed_until <= ?2",
            params![conversation, own_claim],
        )?;
        Ok(())
    }

    /// The claim on the conversation's link ended, but its text will be tried again: whether it went
    /// to the pending phone is not known.
    pub(super) fn unclaim(&self, conversation: &str) -> Result<(), StoreError> {
        self.exec(
            "UPDATE links SET claimed_until = NULL
             WHERE conversation_id = ?1 AND claimed_until IS NOT NULL",
            params![conversation],
        )?;
        Ok(())
    }

    /// Notes the phone that a text is about to go to, if it is another than that of the last text
    /// that left or may have.
    pub(super) fn expect_phone(
        &self,
        (number, conversation): (&str, &str),
        phone: &str,
    ) -> Result<(), StoreError> {
        self.exec(
            "UPDATE links SET phone_pending = ?1 WHERE number = ?2 AND conversation_id = ?3
             AND coalesce(phone_pending, phone) IS NOT ?1",
            params![phone, number, conversation],
        )?;
        Ok(())
    }

    /// Whether the conversation still has the number.
    pub(super) fn has_link(&self, number: &str, conversation: &str) -> Result<bool, StoreError> {
        let row = self.first(
            "SELECT 1 FROM links WHERE number = ?1 AND conversation_id = ?2",
            params![number, conversation],
        )?;
        Ok(row.is_some())
    }

    /// Another user was texted from a number at a phone: replies from there are theirs.
    pub fn disown(&self, phone: &str, number: &str) -> Result<(), StoreError> {
        self.exec(
            "UPDATE links SET phone = NULL WHERE number = ?1 AND phone = ?2",
            params![number, phone],
        )?;
        Ok(())
    }
}
