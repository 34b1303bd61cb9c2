//! Which number a conversation gets.
//!
//! A number has at most one texted link: one on which Nexmo took a text, or may have. A conversation that
//! takes the number over has a second link on it until Nexmo takes its first text, or may have. Until then,
//! replies belong to the texted one.

use super::tables::links::{Link, LinkKey};
use crate::{ids::ConversationId, phone::Number, time::Timestamp};

/// Which number a conversation's text is sent from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The number of the conversation's existing link.
    Keep {
        /// The number.
        number: Number,
        /// Whether Nexmo accepted a text on this link. If not, the next one begins with the introduction.
        introduced: bool,
    },
    /// A number for which the conversation gets a new link.
    Take {
        /// The first number that no link holds.
        number: Number,
    },
    /// None: every number is held by another conversation.
    NoneFree,
}

/// The result of [`allocate`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// The choice.
    pub choice: Choice,
    /// Links of other conversations that are to be deleted.
    pub removed: Vec<LinkKey>,
}

/// The number of a [`Choice`].
struct Chosen<'a> {
    number: &'a Number,
    /// Whether the conversation has a texted link on it.
    texted: bool,
}

impl Choice {
    /// The number, unless none is free.
    pub fn number(&self) -> Option<&Number> {
        match self {
            Self::Keep { number, .. } | Self::Take { number } => Some(number),
            Self::NoneFree => None,
        }
    }
}

impl Link {
    fn claimed(&self, now: Timestamp) -> bool {
        self.claimed_until.is_some_and(|until| until > now)
    }

    /// Whether other conversations cannot have the number: the link has not expired, or is claimed.
    fn holds(&self, now: Timestamp) -> bool {
        self.expires_at >= now || self.claimed(now)
    }
}

/// Chooses the number for a conversation, given all links of the user and the configured numbers in order of
/// preference.
pub fn allocate(
    links: &[Link],
    conversation: &ConversationId,
    numbers: &[Number],
    now: Timestamp,
) -> Allocation {
    let choice = choose(links, conversation, numbers, now);
    let (own, others): (Vec<&Link>, Vec<&Link>) = links
        .iter()
        .partition(|link| link.conversation_id == *conversation);
    let is_texted = |number: &Number| {
        let mut on_number = own.iter().filter(|link| link.number == *number);
        on_number.any(|link| link.is_texted())
    };
    let chosen = choice.number().map(|number| Chosen {
        number,
        texted: is_texted(number),
    });
    let gone = others
        .into_iter()
        .filter(|link| goes(link, chosen.as_ref(), now));
    let removed = gone.map(Link::key).collect();
    Allocation { choice, removed }
}

fn choose(
    links: &[Link],
    conversation: &ConversationId,
    numbers: &[Number],
    now: Timestamp,
) -> Choice {
    if let Some(link) = usable_link(links, conversation, numbers, now) {
        return Choice::Keep {
            number: link.number.clone(),
            introduced: link.introduced,
        };
    }
    let is_free = |number: &&Number| {
        let mut of_number = links.iter().filter(|link| link.number == **number);
        of_number.all(|link| !link.holds(now))
    };
    match numbers.iter().find(is_free) {
        Some(number) => Choice::Take {
            number: number.clone(),
        },
        None => Choice::NoneFree,
    }
}

/// The conversation's link on a configured number that no other conversation is taking over.
fn usable_link<'a>(
    links: &'a [Link],
    conversation: &ConversationId,
    numbers: &[Number],
    now: Timestamp,
) -> Option<&'a Link> {
    let is_taken_over = |number: &Number| {
        links.iter().any(|other| {
            other.number == *number
                && other.conversation_id != *conversation
                && !other.is_texted()
                && other.claimed(now)
        })
    };
    links
        .iter()
        .filter(|link| link.conversation_id == *conversation)
        .filter(|link| numbers.contains(&link.number) && !is_taken_over(&link.number))
        .max_by_key(|link| (!link.retired, link.is_texted(), link.expires_at))
}

/// Whether another conversation's link is to be deleted. Expired links are, with one exception: the texted
/// link on a number that is being taken over stays until Nexmo takes the new conversation's first text. If the
/// old conversation gets a text first, the link of the take-over is deleted, unless it is claimed.
fn goes(link: &Link, chosen: Option<&Chosen<'_>>, now: Timestamp) -> bool {
    if link.claimed(now) {
        return false;
    }
    let expired = link.expires_at < now;
    match chosen.filter(|chosen| link.number == *chosen.number) {
        Some(Chosen { texted: true, .. }) => expired || !link.is_texted(),
        Some(Chosen { texted: false, .. }) => expired && !link.is_texted(),
        None => expired,
    }
}

#[cfg(test)]
mod tests;
