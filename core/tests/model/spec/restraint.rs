//! Texts that are held back although they are due, and those that the user does not want.

use texting::{
    log::Entry,
    time::{DAY, Span, Timestamp},
};

use super::{Moment, Spec, facts::Facts, said::field, texts::Left};
use crate::{names::number_of, network::Attempt};

impl Spec {
    /// A text leaves neither in quiet hours nor against the user's wish.
    pub fn may_leave_now(at: Moment<'_>, facts: &Facts) {
        let quiet = at.setup.quiet;
        assert_eq!(
            quiet.and_then(|quiet| quiet.lasts(at.now, facts.ahead)),
            None,
            "a text leaves in quiet hours"
        );
        assert!(
            !(facts.says_no && at.setup.settings.preference_field.is_some()),
            "a text leaves, but the user wants none"
        );
    }

    /// The record logged that it holds a text back.
    pub fn held(&mut self, at: Moment<'_>, entry: &Entry, attempt: Attempt) {
        let number = number_of(field(entry, "message_id"));
        self.notices.is_claimed_by(number, Some(attempt));
        let until = field(entry, "until").parse().unwrap();
        let until = Timestamp::from_millis(until);
        if field(entry, "why").starts_with("quiet") {
            self.count("held: quiet");
            let quiet = at.setup.quiet.expect("there are no quiet hours");
            quiet.justifies(at.now, self.facts[&attempt].ahead, until);
        } else {
            self.count("held: cap");
            assert!(at.policy.digest.is_some(), "held without digests");
            self.is_capped(at, until);
        }
        let claim = self.notices.claim_of(number).unwrap().clone();
        for covered in claim.all() {
            if let Some(notice) = self.notices.waiting.get_mut(&covered) {
                notice.held(at.now, until);
            }
        }
    }

    /// Whether the user's identity, or the number of their texts, is a reason to drop a message.
    pub fn may_be_refused(
        &self,
        at: Moment<'_>,
        number: u32,
        why: &str,
        facts: Option<&Facts>,
    ) -> bool {
        match why {
            "unwanted" => {
                let asks = at.setup.settings.preference_field.is_some();
                asks && facts.is_some_and(|facts| facts.says_no)
            }
            "unreachable" => {
                let phone = facts.and_then(|facts| facts.phone.as_ref());
                phone.is_some_and(|phone| self.is_unreachable(at, phone))
            }
            "capped" => {
                assert!(at.policy.digest.is_none(), "capped in spite of digests");
                self.is_capped(at, at.now + Span::from_millis(1));
                let is_recent = |left: &Left| self.is_try(left, number) && left.at + DAY > at.now;
                !self.is_in_doubt(&[number]) || !self.texts.perhaps_taken().any(is_recent)
            }
            _ => false,
        }
    }
}
