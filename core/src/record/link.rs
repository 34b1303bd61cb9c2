//! Links: which number stands for which conversation of the user.
//!
//! A number has at most one introduced link. A conversation that takes the number over has a second link on
//! it, not introduced yet, until Nexmo accepts its first text. Until then, replies belong to the introduced
//! one.

use super::{
    Record,
    tables::links::{Link, LinkKey},
};
use crate::{
    ids::ConversationId,
    phone::{Number, Phone},
    storage::StoreError,
    time::Timestamp,
};

/// Which number a conversation's text is sent from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The number of the conversation's existing link.
    Keep {
        /// The number.
        number: Number,
        /// Whether Nexmo accepted a text on this link.
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
    let removed = links
        .iter()
        .filter(|link| link.conversation_id != *conversation && goes(link, &choice, now))
        .map(Link::key)
        .collect();
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
                && !other.introduced
                && other.claimed(now)
        })
    };
    links
        .iter()
        .filter(|link| link.conversation_id == *conversation)
        .filter(|link| numbers.contains(&link.number) && !is_taken_over(&link.number))
        .max_by_key(|link| (link.introduced, link.expires_at))
}

/// Whether another conversation's link is to be deleted. Expired links are, with one exception: the
/// introduced link on a number that is being taken over stays until the new conversation's first text is
/// accepted. If the old conversation gets a text first, the link of the take-over is deleted, unless it is
/// claimed.
fn goes(link: &Link, choice: &Choice, now: Timestamp) -> bool {
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

impl Record<'_> {
    /// Chooses a conversation's number and stores the link for a claim that ends at `claimed_until`.
    pub(super) fn allocate(
        &self,
        conversation: &ConversationId,
        claimed_until: Timestamp,
    ) -> Result<Choice, StoreError> {
        let links = self.links().all()?;
        let allocation = allocate(&links, conversation, &self.policy.numbers, self.now);
        for key in &allocation.removed {
            self.links().delete(key)?;
        }
        let key = |number: &Number| LinkKey {
            number: number.clone(),
            conversation_id: conversation.clone(),
        };
        let expires_at = self.link_expiry();
        match &allocation.choice {
            Choice::Keep { number, .. } => {
                self.links()
                    .claim(&key(number), expires_at, claimed_until)?;
            }
            Choice::Take { number } => {
                self.links()
                    .insert(&key(number), expires_at, claimed_until)?;
            }
            Choice::NoneFree => {}
        }
        Ok(allocation.choice)
    }

    /// When a link that is used now expires.
    pub(super) fn link_expiry(&self) -> Timestamp {
        self.now + self.policy.number_expiration
    }

    /// Confirms a link because Nexmo accepted a text on it, and deletes the number's other link. Does nothing
    /// if the link itself was deleted meanwhile, which can happen once its claim has ended.
    pub(super) fn settle(&self, key: &LinkKey) -> Result<(), StoreError> {
        self.links().set_introduced(key, self.link_expiry())?;
        self.links().delete_others(key)
    }

    /// Another user was texted from `number` on `phone`: texts from that phone to that number are no longer
    /// this user's replies.
    pub fn disown(&self, number: &Number, phone: &Phone) -> Result<(), StoreError> {
        self.links().forget_phone(number, phone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{MINUTE, Span};

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
    const PAST: Span = Span::from_millis(-1);

    fn link(number: &str, conversation: &str, expires_in: Span) -> Link {
        Link {
            number: Number::from_digits(number),
            conversation_id: ConversationId::new(conversation),
            expires_at: NOW + expires_in,
            introduced: true,
            phone: None,
            phone_pending: None,
            claimed_until: None,
        }
    }

    fn not_introduced(link: Link) -> Link {
        Link {
            introduced: false,
            ..link
        }
    }

    fn claimed(link: Link) -> Link {
        Link {
            claimed_until: Some(NOW + MINUTE),
            ..link
        }
    }

    fn allocated(links: &[Link]) -> Allocation {
        let numbers = ["1", "2", "3"].map(Number::from_digits);
        allocate(links, &ConversationId::new("own"), &numbers, NOW)
    }

    /// The conversations whose links are deleted when conversation `own` is texted.
    fn removed(links: &[Link]) -> Vec<String> {
        let keys = allocated(links).removed.into_iter();
        keys.map(|key| key.conversation_id.to_string()).collect()
    }

    #[test]
    fn expired_links_on_other_numbers_are_deleted_unless_a_claim_is_open() {
        let own = link("1", "own", MINUTE);
        let others = [
            link("2", "expired", PAST),
            link("3", "current", Span::ZERO),
            claimed(link("2", "claimed", PAST)),
        ];
        assert_eq!(removed(&[vec![own], others.to_vec()].concat()), ["expired"]);
    }

    #[test]
    fn expired_links_on_other_numbers_are_deleted_for_a_new_link_too() {
        let links = [
            link("1", "current", MINUTE),
            link("2", "former", PAST),
            link("3", "expired", PAST),
        ];
        assert_eq!(removed(&links), ["expired"]);
    }

    #[test]
    fn the_former_link_of_a_number_stays_until_the_new_conversation_is_introduced() {
        let former = link("1", "former", PAST);
        assert_eq!(removed(std::slice::from_ref(&former)), [""; 0]);
        let taken = not_introduced(link("1", "own", MINUTE));
        assert_eq!(removed(&[former, taken]), [""; 0]);
    }

    #[test]
    fn a_take_over_that_is_not_being_sent_yields_to_the_conversation_that_has_the_number() {
        let own = link("1", "own", MINUTE);
        let taking = not_introduced(link("1", "taking", MINUTE));
        assert_eq!(removed(&[own.clone(), taking.clone()]), ["taking"]);
        // While it is being sent, the conversation takes another number and both links stay.
        assert_eq!(removed(&[own, claimed(taking)]), [""; 0]);
    }

    #[test]
    fn a_conversation_keeps_its_number_unless_another_is_taking_it_over() {
        let own = link("1", "own", PAST);
        let keep = Choice::Keep {
            number: Number::from_digits("1"),
            introduced: true,
        };
        assert_eq!(allocated(&[claimed(own.clone())]).choice, keep);
        let taking = claimed(not_introduced(link("1", "taking", MINUTE)));
        let take = Choice::Take {
            number: Number::from_digits("2"),
        };
        assert_eq!(allocated(&[own, taking]).choice, take);
        let own = claimed(not_introduced(link("1", "own", MINUTE)));
        let keep = Choice::Keep {
            number: Number::from_digits("1"),
            introduced: false,
        };
        assert_eq!(allocated(&[own]).choice, keep);
    }

    #[test]
    fn a_take_over_that_failed_and_expired_is_deleted_by_the_next() {
        let failed = not_introduced(link("1", "failed", PAST));
        assert_eq!(removed(std::slice::from_ref(&failed)), ["failed"]);
        let own = not_introduced(link("1", "own", MINUTE));
        assert_eq!(removed(&[failed, own]), ["failed"]);
        let waiting = not_introduced(link("1", "waiting", MINUTE));
        let own = not_introduced(link("1", "own", MINUTE));
        assert_eq!(removed(&[waiting, own]), [""; 0]);
    }
}
