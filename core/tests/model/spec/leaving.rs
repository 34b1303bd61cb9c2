//! What must hold when a text is sent to Nexmo.

use texting::{chat::status::Status, time::HOUR};

use super::{
    Moment, Spec,
    claims::Claim,
    digests::Covered,
    facts::{Answer, Claimed, Facts},
    texts::Leaving,
};
use crate::{names::conversation_id, network::Attempt, parties::nexmo::Text};

impl Spec {
    /// A text of a conversation is sent to Nexmo. Checks that it may be, and returns its index.
    pub fn leaves(&mut self, at: Moment<'_>, attempt: Attempt, text: &Text) -> usize {
        let facts = &self.facts[&attempt];
        let Claimed::Text { conversation } = facts.claimed else {
            panic!("a reply leaves as a text")
        };
        let claim = self.notices.claims.get(&conversation);
        let claim = claim.filter(|claim| claim.attempt == attempt && claim.is_open(at.now));
        let claim = claim.unwrap_or_else(|| panic!("a text of {conversation} leaves unclaimed"));
        let words = self.words(at, facts, conversation, text);
        let covered = self.covered(at, claim, facts, words);
        self.shows_what_fits(facts, &covered, &text.body);
        for number in covered.all() {
            self.may_be_about(at, number, facts, text);
        }
        if at.setup.is_matrix {
            self.is_surely_unread(at, &covered, facts);
        }
        self.may_go_to(at, facts, text);
        self.is_linked(conversation, text);
        self.is_answered(facts, &covered);
        Self::may_leave_now(at, facts);
        self.is_not_early(at, &covered);
        self.keeps_interval(at, conversation, &covered);
        let first = self.first_try(&covered);
        self.keeps_cap(at, first);
        let claim = claim.clone();
        self.count_digest(&claim, &covered);
        let leaving = Leaving {
            covered,
            conversation,
            attempt,
            lease: claim.until,
            first,
        };
        self.texts.leaves(at.now, leaving, text.clone())
    }

    /// A retry of a text that may have arrived leaves only if Nexmo responds at all.
    fn is_answered(&self, facts: &Facts, covered: &Covered) {
        assert!(
            !self.is_in_doubt(&covered.all()) || facts.nexmo_responds,
            "{covered:?} leaves, but does Nexmo respond?"
        );
    }

    /// The words of a text behind its introduction, which it has if the number was new to the conversation when the
    /// introduction was asked for. A receipt may have proved since that an earlier text has introduced it.
    fn words<'t>(
        &self,
        at: Moment<'_>,
        facts: &Facts,
        conversation: u32,
        text: &'t Text,
    ) -> &'t str {
        let introduced = self.numbers.is_introduced(&text.number, conversation);
        let introduction = match (introduced || !at.setup.introduces, &facts.introduction) {
            (true, Some(Some(introduction))) if text.body.starts_with(introduction) => introduction,
            (true, _) | (false, Some(None)) => return &text.body,
            (false, Some(Some(introduction))) => introduction,
            (false, None) => panic!("{:?} leaves without its introduction", text.body),
        };
        let words = text.body.strip_prefix(&format!("{introduction}\n\n"));
        words.unwrap_or_else(|| panic!("{:?} is not introduced", text.body))
    }

    /// A message is not texted if it is known to be read, deleted or left, or does not justify a text.
    fn may_be_about(&self, at: Moment<'_>, number: u32, facts: &Facts, text: &Text) {
        let notice = &self.notices.waiting[&number];
        assert!(
            notice.told.is_empty(),
            "message {number} leaves though {:?}",
            notice.told
        );
        let answer = facts.answer(number);
        assert!(
            notice.justifies(at.policy, answer)
                && !matches!(answer, Answer::Gone | Answer::NotListed)
                && !facts.conversation_gone,
            "{number}: {facts:?}"
        );
        assert!(
            !notice.refused_numbers.contains(&text.number),
            "message {number} leaves from a number that was refused"
        );
    }

    /// With a homeserver, no answer is no licence to text. Only of what it forgets after a day, the last that was heard
    /// counts.
    fn is_surely_unread(&self, at: Moment<'_>, covered: &Covered, facts: &Facts) {
        let is_unread = |number: &u32| facts.answer(*number) == Answer::Status(Status::Delivered);
        let is_old = |number: &u32| {
            let notice = &self.notices.waiting[number];
            at.now.as_millis() - notice.place.0 > (HOUR * 23).as_millis()
        };
        let may_be_old = covered.shown.first().is_some_and(is_old);
        for number in covered.all() {
            let is_quiet = facts.answer(number) == Answer::Quiet;
            let was_unread = self.notices.waiting[&number].known == Status::Delivered;
            let is_counted = covered.counted.contains(&number);
            assert!(
                is_unread(&number)
                    || is_quiet && is_old(&number) && was_unread
                    || is_quiet && is_counted && may_be_old,
                "nobody said that {number} is unread: {facts:?}"
            );
        }
    }

    /// The text goes to the user's phone, who has not opted out.
    fn may_go_to(&self, at: Moment<'_>, facts: &Facts, text: &Text) {
        let opted_out = self.replies.opted_out.is_some() || self.stopped(facts, false);
        assert!(!opted_out, "opted out, but {text:?} leaves");
        assert!(
            !self.is_unreachable(at, &text.phone),
            "{text:?} reaches nobody"
        );
        assert_eq!(
            facts.phone.as_deref(),
            Some(text.phone.as_str()),
            "phone of {text:?}"
        );
    }

    fn is_linked(&self, conversation: u32, text: &Text) {
        let linked = self.numbers.links.iter().any(|link| {
            link.number == text.number && link.conversation_id == conversation_id(conversation)
        });
        assert!(linked, "{text:?} leaves without a link");
    }

    fn count_digest(&mut self, claim: &Claim, covered: &Covered) {
        let all = covered.all();
        if all.len() < 2 {
            return;
        }
        self.count("digests that left");
        let counts = |numbers: &[u32]| numbers.iter().any(|it| covered.counted.contains(it));
        if counts(&claim.counted) {
            self.count("digests that counted messages beyond ten");
        }
        if counts(&claim.asked) {
            self.count("digests that counted what did not fit");
        }
        if all.len() < claim.all().count() {
            self.count("digests of which some ended since the claim");
        }
        let is_new = |number: &u32| self.notices.waiting[number].first_try.is_none();
        if self.is_in_doubt(&all) && all.iter().any(is_new) {
            self.count("digests with messages that joined a retry");
        }
    }
}
