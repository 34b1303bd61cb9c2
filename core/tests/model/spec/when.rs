//! When a text leaves: not too early, and no later than it has to.

use texting::time::{Span, Timestamp};

use super::{Moment, Spec, digests::Covered};

impl Spec {
    /// When a conversation is due at the latest, if it has no claim. `None` if nothing waits in it, or if it may be due
    /// already and there is no room for its text.
    pub fn due_by(&mut self, at: Moment<'_>, conversation: u32) -> Option<Timestamp> {
        if self.waits_for_interval(at, conversation) {
            self.count("held: interval");
        }
        let due = self.due_without_interval(at, conversation)?;
        if due <= at.now && !self.room_for_texts() {
            return None;
        }
        Some(match self.interval_ends(at, conversation) {
            Some(ends) => due.max(ends),
            None => due,
        })
    }

    /// The end of the oldest message's delay, however many came since, or of a later wait after a failed try or a
    /// hold. Without digests, the first message decides alone.
    fn due_without_interval(&self, at: Moment<'_>, conversation: u32) -> Option<Timestamp> {
        let mut waiting = self.notices.in_order(conversation);
        if at.policy.digest.is_none() {
            waiting.truncate(1);
        }
        let notices = || waiting.iter().map(|number| &self.notices.waiting[number]);
        let put_off = notices().filter_map(|notice| notice.put_off()).max();
        let oldest = notices().map(|notice| notice.due).min()?;
        Some(put_off.map_or(oldest, |until| until.max(oldest)))
    }

    /// When the interval after a conversation's last text ends. `None` if the user answered since, or if a text
    /// that may have arrived is tried again.
    fn interval_ends(&self, at: Moment<'_>, conversation: u32) -> Option<Timestamp> {
        let interval = at.policy.digest?.interval;
        let last = *self.texted.get(&conversation)?;
        let is_retry = self.is_in_doubt(&self.notices.in_order(conversation));
        let is_over = interval == Span::ZERO || is_retry;
        (!is_over).then_some(last + interval)
    }

    /// Whether Nexmo may have taken a text about one of these messages.
    pub fn is_in_doubt(&self, messages: &[u32]) -> bool {
        messages
            .iter()
            .any(|number| self.notices.waiting[number].perhaps_taken > 0)
    }

    /// Whether a conversation waits for nothing but its interval.
    pub fn waits_for_interval(&self, at: Moment<'_>, conversation: u32) -> bool {
        let due = self.due_without_interval(at, conversation);
        let ends = self.interval_ends(at, conversation);
        due.is_some_and(|due| due <= at.now) && ends.is_some_and(|ends| ends > at.now)
    }

    /// A text is not too early: one of its messages waited for the delay, and all for the wait after their last
    /// try.
    pub fn is_not_early(&self, at: Moment<'_>, covered: &Covered) {
        let notices = || {
            let all = covered.all().into_iter();
            all.map(|number| &self.notices.waiting[&number])
        };
        assert!(
            notices().any(|notice| notice.due <= at.now),
            "{covered:?} leaves before its delay"
        );
        let early = notices().find(|notice| notice.retry_at.is_some_and(|it| it > at.now));
        assert!(
            early.is_none(),
            "{covered:?} leaves before its wait: {early:?}"
        );
    }

    /// The interval since the conversation's last text is over, or was ended by the user's reply. A retry of a
    /// text that may have arrived is no second text.
    pub fn keeps_interval(&self, at: Moment<'_>, conversation: u32, covered: &Covered) {
        let interval = at.policy.digest.map_or(Span::ZERO, |it| it.interval);
        if interval == Span::ZERO || self.is_in_doubt(&covered.all()) {
            return;
        }
        let answered = self.answered.get(&conversation).copied();
        for left in self.texts.perhaps_taken() {
            let is_over = left.at + interval <= at.now || answered >= Some(left.at);
            assert!(
                is_over || left.conversation != conversation,
                "{covered:?} leaves too soon after {left:?}"
            );
        }
    }
}
