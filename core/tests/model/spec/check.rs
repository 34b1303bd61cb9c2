//! Compares the rows after each turn with the specification.

use std::collections::BTreeMap;

use texting::{
    phone::Phone,
    time::{SECOND, Span, Timestamp},
};

use super::{
    LEASE, Moment, Spec,
    facts::Answer,
    notices::Notice,
    texts::{Fate, Left},
};
use crate::{names::number_of, network::Attempt, rows::Rows};

/// How much longer an attempt may take whose lease ended while it ran.
const GRACE: Span = SECOND.times(5);

impl Spec {
    /// Compares the rows after a turn with the specification. `attempt`: the attempt whose turn it was. Takes the
    /// links out of the rows.
    pub fn check(&mut self, at: Moment<'_>, rows: &mut Rows, attempt: Option<Attempt>) {
        let stored: Vec<u32> = rows.notices.iter().map(|row| row.message).collect();
        let waiting: Vec<u32> = self.notices.waiting.keys().copied().collect();
        assert_eq!(stored, waiting, "messages that wait");
        self.advance(rows);
        self.extended(at.now, rows);
        self.accepted_end(at, attempt);
        self.claims_end(at, rows, attempt);
        for (number, notice) in &self.notices.waiting {
            assert!(
                notice.told.is_empty() || self.notices.claim_of(*number).is_some(),
                "message {number} still waits though {:?}",
                notice.told
            );
        }
        // A claim that was just taken, maybe in the turn in which the last one ended, uses no link yet.
        let claims = self.notices.claims.iter();
        let open = claims.filter(|(_, claim)| claim.is_open(at.now) && claim.began < at.now);
        let sending: Vec<u32> = open.map(|(conversation, _)| *conversation).collect();
        let numbers = |conversation| self.notices.numbers_for(conversation, &at.policy.numbers);
        let links = std::mem::take(&mut rows.links);
        self.numbers
            .check(at.now, links, numbers, &sending, &mut self.texts);
        self.links_are_needed();
        self.check_replies(rows);
        self.check_wish(rows.opted_out.clone());
        self.check_reach(rows);
    }

    /// The stored statuses may be further than the webhooks said, if Layer said so.
    pub fn advance(&mut self, rows: &Rows) {
        for row in &rows.notices {
            let heard = |status| {
                let mut attempts = self.facts.values();
                attempts.any(|facts| match facts.answer(row.message) {
                    Answer::Status(answer) => answer >= status,
                    _ => false,
                })
            };
            self.notices
                .waiting
                .get_mut(&row.message)
                .unwrap()
                .advance_to(&row.status, heard);
        }
    }

    /// A link on which no text was taken is there because a message of its conversation is tried.
    fn links_are_needed(&self) {
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
            let flies =
                |left: &Left| left.conversation == conversation && left.fate == Fate::Flying;
            assert!(
                needed || has_another || self.texts.all().any(flies),
                "{} is not released by {conversation}",
                link.number
            );
        }
    }

    fn check_replies(&self, rows: &Rows) {
        let mut replies = BTreeMap::<&str, Vec<&str>>::new();
        let of_persons = rows.replies.iter().filter(|row| row.kind != "note_open");
        for row in of_persons {
            replies.entry(&row.lane).or_default().push(&row.id);
        }
        assert_eq!(replies, self.replies.waiting_ids(), "replies that wait");
        assert_eq!(
            rows.parts.is_some(),
            self.replies.parts_wait(),
            "parts that wait"
        );
    }

    /// A claim stays open for a few seconds more if its lease ended while its attempt runs.
    fn extended(&mut self, now: Timestamp, rows: &Rows) {
        for row in &rows.notices {
            if let Some(claim) = self.notices.claims.get_mut(&row.conversation) {
                extend(Some(&mut claim.until), row.lease, now);
                claim.extended = claim.until > claim.began + LEASE;
            }
        }
        for row in &rows.replies {
            let claim = self.replies.claim_of(&row.lane, &row.id);
            extend(claim.map(|(_, until)| until), row.lease, now);
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

fn extend(until: Option<&mut Timestamp>, lease: Option<Timestamp>, now: Timestamp) {
    if let Some(until) = until
        && let Some(lease) = lease.filter(|lease| *lease > *until)
    {
        assert!(
            *until <= now && lease <= now + GRACE,
            "a claim is extended too early or too far"
        );
        *until = lease;
    }
}
