//! Whether a text may leave now: the recipient's preference, quiet hours, the cap.

use super::{Attempt, End};
use crate::{
    attempt::{Turns, effects::Effects},
    identity::Identity,
    log::{Entry, Level},
    quiet::{NoClock, Quiet, Verdict},
    record::{Record, ending::Dropped, outcome::TextOutcome},
};

impl From<NoClock> for End {
    fn from(error: NoClock) -> Self {
        Self::With(TextOutcome::OperatorFault(format!("TIME_ZONE: {error}")))
    }
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    /// Whether the recipient's identity does not say no to texts.
    pub(super) fn is_wanted(&self, recipient: &Identity) -> bool {
        let field = self.effects.settings().preference_field.as_ref();
        field.is_none_or(|field| !recipient.says_no(field))
    }

    /// Ends the attempt if the recipient's identity says no to texts.
    pub(super) fn preference(&self, recipient: &Identity) -> Result<(), End> {
        match self.is_wanted(recipient) {
            true => Ok(()),
            false => Err(Dropped::Unwanted.into()),
        }
    }

    /// Holds the text back if it is quiet where the recipient is. Warns of an identity that names no time zone where
    /// it should.
    pub(super) fn quiet_hours(&self, record: &Record<'_>, recipient: &Identity) -> Result<(), End> {
        let Some(verdict) = self.is_it_quiet(recipient)? else {
            return Ok(());
        };
        if let Some(field) = verdict.no_zone_in {
            let entry = Entry::new(Level::Warn, "identity.no_time_zone")
                .with("user_id", &self.claim.user_id)
                .with("field", field);
            self.effects.log(&entry);
        }
        self.hold_while(record, verdict.quiet)
    }

    /// Holds the text back if it became quiet while it was made, which takes up to half a minute.
    pub(super) fn quiet_by_now(
        &self,
        record: &Record<'_>,
        recipient: &Identity,
    ) -> Result<(), End> {
        let verdict = self.is_it_quiet(recipient)?;
        self.hold_while(record, verdict.and_then(|verdict| verdict.quiet))
    }

    /// `None` without quiet hours.
    fn is_it_quiet(&self, recipient: &Identity) -> Result<Option<Verdict>, End> {
        let effects = self.effects;
        let Some(quiet_hours) = &effects.settings().quiet_hours else {
            return Ok(None);
        };
        let (now, random) = (effects.now(), effects.random());
        let verdict = quiet_hours.check(recipient, effects.time_zones(), now, random)?;
        Ok(Some(verdict))
    }

    fn hold_while(&self, record: &Record<'_>, quiet: Option<Quiet>) -> Result<(), End> {
        let Some(quiet) = quiet else { return Ok(()) };
        let waits_for = quiet.to_string();
        record.hold(self.claim, quiet.wake, &waits_for)?;
        Err(End::Void)
    }

    /// Holds the text back, or drops it, if the user got enough texts in the last 24 hours.
    pub(super) fn cap(&self, record: &Record<'_>) -> Result<(), End> {
        match record.within_cap(self.claim, &self.covered.borrow())? {
            true => Ok(()),
            false => Err(End::Void),
        }
    }
}
