//! Numbers: which conversation each number stands for, and until when.

use std::collections::BTreeMap;

use texting::{
    phone::{Number, Phone},
    record::tables::links::Link,
    time::{SECOND, Timestamp},
};

use super::texts::Texts;
use crate::names::number_of;

/// The conversation that a number stands for, since Nexmo took a text of it, or may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    pub conversation: u32,
    /// Whether Nexmo accepted a text of it.
    pub introduced: bool,
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
            introduced: true,
            phone: phone.cloned(),
            expires,
        };
        self.stands_for(number, stand);
    }

    fn stands_for(&mut self, number: &Number, stand: Stand) {
        let conversation = stand.conversation;
        let former = self.stands.insert(number.clone(), stand);
        self.take_overs +=
            u64::from(former.is_some_and(|former| former.conversation != conversation));
    }

    pub fn disowned(&mut self, number: &Number, phone: &Phone) {
        if let Some(stand) = self.stands.get_mut(number) {
            stand.phone = stand.phone.take().filter(|own| !own.is_same(phone));
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
    /// claim, which must keep their links, unless a receipt proves that the number is another's before a text leaves. `numbers`: those that each conversation may use.
    pub fn check(
        &mut self,
        now: Timestamp,
        links: Vec<Link>,
        numbers: impl Fn(u32) -> Vec<Number>,
        sending: &[u32],
        texts: &mut Texts,
    ) {
        for link in self.links.iter().filter(|link| is_claimed(link, now)) {
            let conversation = conversation_of(link);
            let stays = links.iter().any(|other| {
                other.number == link.number && other.conversation_id == link.conversation_id
            });
            let is_proven_anothers = link.phone_pending.is_none()
                && links
                    .iter()
                    .any(|other| other.number == link.number && other.introduced);
            assert!(
                stays || is_proven_anothers || !sending.contains(&conversation),
                "{} is taken from {conversation} while it is used",
                link.number
            );
        }
        for link in &links {
            let same = |other: &&Link| {
                other.number == link.number && other.is_texted() == link.is_texted()
            };
            assert_eq!(
                links.iter().filter(same).count(),
                1,
                "two links share {}",
                link.number
            );
        }
        for link in links.iter().filter(|link| link.is_texted()) {
            self.may_stand(link, texts);
        }
        self.check_expired(now, &links);
        for link in links.iter().filter(|link| link.is_texted()) {
            self.check_texted(link, texts);
        }
        for link in links.iter().filter(|link| !link.is_texted()) {
            self.check_new(now, link, &numbers(conversation_of(link)), &links);
        }
        self.links = links;
    }

    /// A link may become a number's texted one without a word: when a text of it may have been taken, or was
    /// accepted after its notice ended.
    fn may_stand(&mut self, link: &Link, texts: &mut Texts) {
        let conversation = conversation_of(link);
        let stand = self.stands.get(&link.number);
        let known = stand.is_some_and(|stand| {
            stand.conversation == conversation && (stand.introduced || !link.introduced)
        });
        if known {
            return;
        }
        let has_reason = match link.introduced {
            true => texts.accepted_late(&link.number, conversation),
            false => texts.in_doubt(&link.number, conversation),
        };
        assert!(
            has_reason,
            "{} stands for {conversation} without a text",
            link.number
        );
        let stand = Stand {
            conversation,
            introduced: link.introduced,
            phone: None,
            expires: link.expires_at,
        };
        self.stands_for(&link.number, stand);
    }

    fn check_texted(&mut self, link: &Link, texts: &Texts) {
        let (number, conversation) = (&link.number, conversation_of(link));
        let stand = self.stands.get_mut(number).expect("texted without a text");
        assert_eq!(conversation, stand.conversation, "{number} stands");
        assert!(
            stand.phone.is_none() || link.phone == stand.phone || link.phone_perhaps.is_some(),
            "phone of {number}: {link:?}"
        );
        for phone in [&link.phone, &link.phone_perhaps].into_iter().flatten() {
            assert!(
                texts.went(number, conversation, phone),
                "{phone} of {link:?}"
            );
        }
        stand.phone.clone_from(&link.phone);
        assert!(link.expires_at >= stand.expires, "{number} expires sooner");
        stand.expires = link.expires_at;
    }

    /// Checks that a texted link only disappears once it has expired.
    fn check_expired(&mut self, now: Timestamp, links: &[Link]) {
        self.stands.retain(|number, stand| {
            let there = links
                .iter()
                .any(|link| link.is_texted() && link.number == *number);
            assert!(
                there || stand.expires < now,
                "{number} is lost to {}",
                stand.conversation
            );
            there
        });
    }

    /// Checks that a new link has the first number that no other link held.
    fn check_new(&self, now: Timestamp, link: &Link, numbers: &[Number], links: &[Link]) {
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
        // The turn may have kept the claim of an attempt open that was still running as its lease ended.
        let is_kept = |number: &Number| {
            let mut others = links.iter().filter(|other| other.number == *number);
            others.any(|other| conversation_of(other) != conversation && is_claimed(other, now))
        };
        let mut numbers = numbers.to_vec();
        numbers.retain(|number| !is_kept(number));
        let free = self.free(now, &numbers);
        assert_eq!(free, Some(&link.number), "number for {conversation}");
    }

    /// The number that a conversation has already, by the links before this turn.
    pub fn own(&self, now: Timestamp, conversation: u32, numbers: &[Number]) -> Option<&Number> {
        let is_taken_over = |number: &Number| {
            let mut others = self
                .links
                .iter()
                .filter(|other| other.number == *number && conversation_of(other) != conversation);
            others.any(|other| !other.is_texted() && is_claimed(other, now))
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

    /// Whether it may be so, as the turn keeps the claims of these conversations open for a few seconds more.
    pub fn is_perhaps_without(
        &self,
        now: Timestamp,
        conversation: u32,
        numbers: &[Number],
        extended: &[u32],
    ) -> bool {
        let mut links = self.links.clone();
        for link in &mut links {
            if link.claimed_until.is_some() && extended.contains(&conversation_of(link)) {
                link.claimed_until = Some(now + SECOND);
            }
        }
        let kept = Self {
            links,
            ..Self::default()
        };
        kept.is_without(now, conversation, numbers)
    }

    /// Whether texts from the number are introduced already.
    pub fn is_introduced(&self, number: &Number, conversation: u32) -> bool {
        self.stands
            .get(number)
            .is_some_and(|stand| stand.conversation == conversation && stand.introduced)
    }

    /// The conversation that a text from a phone to a number is for: the one that was texted last from there,
    /// as far as is known, else one with a text on its way to the phone. `extended`: those whose claims are about to
    /// be extended.
    pub fn conversation_for(
        &self,
        now: Timestamp,
        number: &Number,
        phone: &Phone,
        extended: &[u32],
    ) -> Option<u32> {
        let here = || self.links.iter().filter(|link| link.number == *number);
        let is_open = |link: &&Link| {
            is_claimed(link, now)
                || link.claimed_until.is_some() && extended.contains(&conversation_of(link))
        };
        // Its attempt is over, so its text may have arrived.
        let is_last = |link: &&Link| {
            link.phone_pending.is_some() && link.claimed_until.is_some() && !is_open(link)
        };
        let last = here()
            .find(is_last)
            .or_else(|| here().find(|link| link.is_texted()));
        let counts = |link: &&Link| link.counts_from(phone);
        let flying = || here().find(|link| is_open(link) && counts(link));
        last.filter(counts).or_else(flying).map(conversation_of)
    }

    pub fn has_link(&self, number: &Number, conversation: u32) -> bool {
        let is_it = |link: &Link| link.number == *number && conversation_of(link) == conversation;
        self.links.iter().any(is_it)
    }

    pub fn has_links(&self, number: &Number) -> bool {
        self.links.iter().any(|link| link.number == *number)
    }
}
