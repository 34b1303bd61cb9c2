//! Numbers: which conversation each number stands for, and until when.

use std::collections::BTreeMap;

use texting::{
    phone::{Number, Phone},
    record::tables::links::Link,
    time::Timestamp,
};

use crate::names::number_of;

/// The conversation that a number stands for, since Nexmo accepted a text of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    pub conversation: u32,
    /// The phone that the last text went to, unless another user was texted there since.
    pub phone: Option<Phone>,
    pub expires: Timestamp,
}

#[derive(Default)]
pub struct Numbers {
    pub stands: BTreeMap<Number, Stand>,
    /// The links after the last turn.
    pub links: Vec<Link>,
    pub take_overs: u64,
}

fn conversation_of(link: &Link) -> u32 {
    number_of(&link.conversation_id)
}

fn is_claimed(link: &Link, now: Timestamp) -> bool {
    link.claimed_until.is_some_and(|until| until > now)
}

impl Numbers {
    /// The record has stored that Nexmo accepted a text.
    pub fn accepted(
        &mut self,
        number: &Number,
        conversation: u32,
        phone: Option<&Phone>,
        expires: Timestamp,
    ) {
        let stand = Stand {
            conversation,
            phone: phone.cloned(),
            expires,
        };
        let former = self.stands.insert(number.clone(), stand);
        self.take_overs +=
            u64::from(former.is_some_and(|former| former.conversation != conversation));
    }

    pub fn disowned(&mut self, number: &Number, phone: &Phone) {
        if let Some(stand) = self.stands.get_mut(number) {
            stand.phone = stand.phone.take().filter(|own| own != phone);
        }
    }

    /// A reply to a number came in and renewed its link.
    pub fn renewed(&mut self, number: &Number, conversation: u32, expires: Timestamp) {
        if let Some(stand) = self.stands.get_mut(number)
            && stand.conversation == conversation
        {
            stand.expires = expires;
        }
    }

    /// Compares the links after a turn with the specification. `sending`: the conversations with an open
    /// claim, which must keep their links.
    pub fn check(&mut self, now: Timestamp, links: Vec<Link>, numbers: &[Number], sending: &[u32]) {
        for link in self.links.iter().filter(|link| is_claimed(link, now)) {
            let conversation = conversation_of(link);
            let stays = links.iter().any(|other| {
                other.number == link.number && other.conversation_id == link.conversation_id
            });
            assert!(
                stays || !sending.contains(&conversation),
                "{} is taken from {conversation} while it is used",
                link.number
            );
        }
        for link in &links {
            let same =
                |other: &&Link| other.number == link.number && other.introduced == link.introduced;
            assert_eq!(
                links.iter().filter(same).count(),
                1,
                "two links share {}",
                link.number
            );
        }
        self.check_expired(now, &links);
        for link in links.iter().filter(|link| link.introduced) {
            let stand = self
                .stands
                .get_mut(&link.number)
                .expect("introduced without a text");
            assert_eq!(
                conversation_of(link),
                stand.conversation,
                "{} stands",
                link.number
            );
            let disowned = stand.phone.is_none();
            assert!(
                disowned || link.phone == stand.phone,
                "phone of {}: {link:?}",
                link.number
            );
            stand.phone.clone_from(&link.phone);
            assert!(
                link.expires_at >= stand.expires,
                "{} expires sooner",
                link.number
            );
            stand.expires = link.expires_at;
        }
        for link in links.iter().filter(|link| !link.introduced) {
            self.check_new(now, link, numbers);
        }
        self.links = links;
    }

    /// Checks that an introduced link only disappears once it has expired.
    fn check_expired(&mut self, now: Timestamp, links: &[Link]) {
        self.stands.retain(|number, stand| {
            let there = links
                .iter()
                .any(|link| link.introduced && link.number == *number);
            assert!(
                there || stand.expires < now,
                "{number} is lost to {}",
                stand.conversation
            );
            there
        });
    }

    /// Checks that a new link has the first number that no other link held.
    fn check_new(&self, now: Timestamp, link: &Link, numbers: &[Number]) {
        let is_it = |other: &&Link| {
            other.number == link.number && other.conversation_id == link.conversation_id
        };
        if self.links.iter().any(|other| is_it(&other)) {
            return;
        }
        let conversation = conversation_of(link);
        assert_eq!(
            self.own(now, conversation, numbers),
            None,
            "{conversation} has a number"
        );
        let free = self.free(now, numbers);
        assert_eq!(free, Some(&link.number), "number for {conversation}");
    }

    /// The number that a conversation has already, by the links before this turn.
    pub fn own(&self, now: Timestamp, conversation: u32, numbers: &[Number]) -> Option<&Number> {
        let is_taken_over = |number: &Number| {
            let mut others = self
                .links
                .iter()
                .filter(|other| other.number == *number && conversation_of(other) != conversation);
            others.any(|other| !other.introduced && is_claimed(other, now))
        };
        let mut own = self.links.iter().filter(|link| {
            conversation_of(link) == conversation
                && numbers.contains(&link.number)
                && !is_taken_over(&link.number)
        });
        own.next().map(|link| &link.number)
    }

    /// The first number that no link holds, by the links before this turn.
    pub fn free<'a>(&self, now: Timestamp, numbers: &'a [Number]) -> Option<&'a Number> {
        let needed = |number: &Number| {
            self.links.iter().any(|link| {
                link.number == *number && (link.expires_at >= now || is_claimed(link, now))
            })
        };
        numbers.iter().find(|number| !needed(number))
    }

    /// Whether a conversation is really without a number.
    pub fn is_without(&self, now: Timestamp, conversation: u32, numbers: &[Number]) -> bool {
        self.own(now, conversation, numbers).is_none() && self.free(now, numbers).is_none()
    }

    /// Whether texts from the number are introduced already.
    pub fn is_introduced(&self, number: &Number, conversation: u32) -> bool {
        self.stands
            .get(number)
            .is_some_and(|stand| stand.conversation == conversation)
    }

    /// The conversation that a text from a phone to a number is for: the one that the number stands for, else
    /// one with a text that may be on its way to the phone.
    pub fn conversation_for(&self, number: &Number, phone: &Phone) -> Option<u32> {
        let stand = self.stands.get(number);
        let stands = stand.filter(|stand| stand.phone.as_ref() == Some(phone));
        let mut links: Vec<&Link> = self
            .links
            .iter()
            .filter(|it| it.number == *number)
            .collect();
        links.sort_by_key(|link| !link.introduced);
        let pending = links
            .iter()
            .find(|link| link.phone_pending.as_ref() == Some(phone));
        let pending = || pending.map(|link| conversation_of(link));
        stands.map(|stand| stand.conversation).or_else(pending)
    }

    pub fn has_link(&self, number: &Number, conversation: u32) -> bool {
        let is_it = |link: &Link| link.number == *number && conversation_of(link) == conversation;
        self.links.iter().any(is_it)
    }

    pub fn has_links(&self, number: &Number) -> bool {
        self.links.iter().any(|link| link.number == *number)
    }
}
