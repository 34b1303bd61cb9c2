//! Compares the rows after each turn with the specification.

use std::collections::BTreeMap;

use texting::{
    phone::Phone,
    time::{SECOND, Span, Timestamp},
};

use super::{Moment, Spec, facts::Claimed, notices::Notice};
use crate::{names::number_of, network::Attempt, rows::Rows};

/// How much longer an attempt may take whose lease ended while it ran.
const GRACE: Span = SECOND.times(5);

impl Spec {
    /// Compares the rows after a turn with the specification.
    pub fn check(&mut self, at: Moment<'_>, rows: Rows) {
        let stored: Vec<u32> = rows.notices.iter().map(|row| row.message).collect();
        let waiting: Vec<u32> = self.notices.waiting.keys().copied().collect();
        assert_eq!(stored, waiting, "messages that wait");
        for row in &rows.notices {
            let heard = |status| {
                let claimed = Claimed::Text {
                    message: row.message,
                };
                self.facts
                    .values()
                    .any(|it| it.claimed == claimed && it.status >= Some(status))
            };
            self.notices
                .waiting
                .get_mut(&row.message)
                .unwrap()
                .advance_to(&row.status, heard);
        }
        self.extended(at.now, &rows);
        for (number, notice) in &self.notices.waiting {
            let late = !notice.told.is_empty() && notice.claim.is_none();
            assert!(
                !late,
                "message {number} still waits though {:?}",
                notice.told
            );
        }
        let open = |notice: &&Notice| notice.claim.is_some_and(|(_, it)| it > at.now);
        let sending = self.notices.waiting.values().filter(open);
        let sending: Vec<u32> = sending.map(|notice| notice.conversation).collect();
        let numbers = |conversation| self.notices.numbers_for(conversation, &at.policy.numbers);
        self.numbers
            .check(at.now, rows.links, numbers, &sending, &mut self.texts);
        for link in self.numbers.links.iter().filter(|link| !link.is_texted()) {
            let conversation = number_of(&link.conversation_id);
            let tried = |notice: &Notice| notice.conversation == conversation && notice.claims > 0;
            let needed = self.notices.waiting.values().any(tried);
            // A text from this number may have arrived although a later try used another number.
            let has_another = self
                .numbers
                .stands
                .values()
                .any(|it| it.conversation == conversation);
            assert!(
                needed || has_another,
                "{} is not released by {conversation}",
                link.number
            );
        }
        let mut replies = BTreeMap::<&str, Vec<&str>>::new();
        for row in &rows.replies {
            replies.entry(&row.lane).or_default().push(&row.id);
        }
        assert_eq!(replies, self.replies.waiting_ids(), "replies that wait");
        assert_eq!(
            rows.parts.is_some(),
            self.replies.parts_wait(),
            "parts that wait"
        );
        self.check_wish(rows.opted_out);
    }

    /// A claim stays open for a few seconds more if its lease ended while its attempt runs.
    fn extended(&mut self, now: Timestamp, rows: &Rows) {
        for row in &rows.notices {
            let notice = self.notices.waiting.get_mut(&row.message);
            let claim = notice.and_then(|notice| notice.claim.as_mut());
            extend(claim, row.lease, now);
        }
        for row in &rows.replies {
            extend(self.replies.claim_of(&row.lane, &row.id), row.lease, now);
        }
    }

    /// Checks that an opt-out ends only by a START of the user, or by a START for the phone in KV.
    fn check_wish(&mut self, stored: Option<Phone>) {
        if stored.is_none() && self.replies.opted_out.is_some() {
            assert!(
                self.facts.values().any(|facts| !facts.starts.is_empty()),
                "opted in by nobody"
            );
            self.replies.opted_out = None;
        }
        assert_eq!(stored, self.replies.opted_out, "opted out");
    }
}

fn extend(claim: Option<&mut (Attempt, Timestamp)>, lease: Option<Timestamp>, now: Timestamp) {
    if let Some((_, until)) = claim
        && let Some(lease) = lease.filter(|lease| *lease > *until)
    {
        assert!(
            *until <= now && lease <= now + GRACE,
            "a claim is extended too early or too far"
        );
        *until = lease;
    }
}
