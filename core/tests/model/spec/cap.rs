//! The most texts to the user in any 24 hours. All tries of one text are one.

use std::collections::BTreeMap;

use texting::time::{DAY, Timestamp};

use super::{Moment, Spec, digests::Covered, texts::Left};

/// The last try of each text.
fn last_tries<'l>(tries: impl Iterator<Item = &'l Left>) -> BTreeMap<usize, Timestamp> {
    tries.map(|left| (left.first, left.at)).collect()
}

impl Spec {
    /// A text that is to leave now, whose first try was `first`, is not one too many.
    pub fn keeps_cap(&self, at: Moment<'_>, first: usize) {
        let Some(most) = at.policy.max_texts_per_day else {
            return;
        };
        let recent = self.texts.perhaps_taken().filter(|it| it.at + DAY > at.now);
        let mut texts = last_tries(recent);
        texts.insert(first, at.now);
        assert!(
            texts.len() <= most,
            "the {}th text in 24 hours: {texts:?}",
            texts.len()
        );
    }

    /// The index of the first try of a text that is to leave now. All tries about a message of which Nexmo may have
    /// taken a text are one text.
    pub fn first_try(&self, covered: &Covered) -> usize {
        let mut in_doubt = covered.all();
        in_doubt.retain(|number| self.is_in_doubt(&[*number]));
        let is_try = |left: &&Left| in_doubt.iter().any(|number| self.is_try(left, *number));
        let last = self.texts.counted().rfind(is_try);
        last.map_or(self.texts.left.len(), |left| left.first)
    }

    /// Whether a text was a try for a message, since that came or the operator retried it.
    pub fn is_try(&self, left: &Left, number: u32) -> bool {
        left.covers(number) && left.at >= self.notices.waiting[&number].since
    }

    /// Checks that the user got so many texts that the next one has to wait until then. Those do not count of which
    /// no try was taken, once the record has stored that.
    pub fn is_capped(&self, at: Moment<'_>, until: Timestamp) {
        let most = at.policy.max_texts_per_day.expect("there is no cap");
        let counted = last_tries(self.texts.counted());
        let mut texts = last_tries(self.texts.all());
        texts.retain(|text, at| counted.contains_key(text) && *at + DAY >= until);
        assert!(
            texts.len() >= most,
            "held by the cap until {until:?}: {texts:?}"
        );
    }
}
