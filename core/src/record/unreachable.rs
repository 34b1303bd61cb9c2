//! Phones that no text reaches, by what delivery receipts say.

use super::{
    Record,
    tables::{profile::Unreachable, texts::SentText},
};
use crate::{
    phone::Phone,
    sms::receipt::Verdict,
    storage::StoreError,
    time::{DAY, Span, Timestamp},
};

/// How long a phone counts as unreachable.
const UNREACHABLE_FOR: Span = DAY.times(30);
/// So many texts in a row that do not arrive make a phone unreachable.
const IN_A_ROW: usize = 3;

impl Unreachable {
    /// Whether the phone still counts as unreachable.
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        now - self.at < UNREACHABLE_FOR
    }
}

impl Record<'_> {
    /// Whether no text reaches a phone, as far as is known. If it is another phone than the one that none reached, that is
    /// forgotten.
    pub fn is_unreachable(
        &self,
        phone: &Phone,
        known: Option<&Unreachable>,
    ) -> Result<bool, StoreError> {
        let Some(known) = known else {
            return Ok(false);
        };
        if known.phone.key() != phone.key() {
            self.profiles().set_reachable()?;
            return Ok(false);
        }
        Ok(known.holds(self.now))
    }

    /// A text came from a phone: it is there.
    pub(super) fn heard_from(&self, phone: &Phone) -> Result<(), StoreError> {
        let known = self.profiles().find()?.and_then(|it| it.unreachable);
        match known.is_some_and(|known| known.phone.key() == phone.key()) {
            true => self.profiles().set_reachable(),
            false => Ok(()),
        }
    }

    /// A text was not delivered. Stores that its phone is unreachable, if that was for good and no text has come from
    /// the phone since.
    pub(super) fn not_reached(&self, text: &SentText, verdict: Verdict) -> Result<(), StoreError> {
        let is_for_good = match verdict {
            Verdict::UndeliveredForGood => text.left_after(self.last_heard(&text.phone)?),
            Verdict::UndeliveredUnreachable => self.is_repeated(text, verdict)?,
            _ => false,
        };
        match is_for_good {
            true => self.profiles().set_unreachable(self.now, &text.phone),
            false => Ok(()),
        }
    }

    /// When a text last came from a phone, on any link that it counts for.
    fn last_heard(&self, phone: &Phone) -> Result<Option<Timestamp>, StoreError> {
        let links = self.links().all()?.into_iter();
        let theirs = links.filter(|link| link.counts_from(phone));
        Ok(theirs.filter_map(|link| link.heard_at).max())
    }

    /// Whether the last texts to a phone all had the same verdict and left after a text last came from it.
    fn is_repeated(&self, text: &SentText, verdict: Verdict) -> Result<bool, StoreError> {
        let heard_at = self.last_heard(&text.phone)?;
        let texts = self.texts().taken()?.into_iter();
        let last = texts.filter(|other| other.phone.key() == text.phone.key());
        let last = last.filter(|other| other.left_after(heard_at));
        let same = last
            .take(IN_A_ROW)
            .filter(|text| text.verdict == Some(verdict));
        Ok(same.count() == IN_A_ROW)
    }
}
