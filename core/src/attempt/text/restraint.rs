//! Whether a text may leave now: the recipient's preference, quiet hours, the cap.

use super::{Attempt, End};
use crate::{
    attempt::{Turns, effects::Effects},
    identity::Identity,
    log::{Entry, Level},
    quiet::{NoClock, Quiet},
    record::{ending::Dropped, outcome::TextOutcome},
};

impl From<NoClock> for End {
    fn from(error: NoClock) -> Self {
        Self::With(TextOutcome::OperatorFault(format!("TIME_ZONE: {error}")))
    }
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    /// Ends the attempt if the recipient's identity says no to texts.
    pub(super) fn preference(&self, recipient: &Identity) -> Result<(), End> {
        let field = self.effects.settings().preference_field.as_ref();
        match field.is_some_and(|field| recipient.says_no(field)) {
            true => Err(Dropped::Unwanted.into()),
            false => Ok(()),
        }
    }

    /// Holds the text back if it is quiet where the recipient is.
    pub(super) fn quiet_hours(&self, recipient: &Identity) -> Result<(), End> {
        let effects = self.effects;
        let Some(quiet_hours) = &effects.settings().quiet_hours else {
            return Ok(());
        };
        let (now, random) = (effects.now(), effects.random());
        let verdict = quiet_hours.check(recipient, effects.time_zones(), now, random)?;
        if let Some(field) = verdict.no_zone_in {
            let entry = Entry::new(Level::Warn, "identity.no_time_zone")
                .with("user_id", &self.claim.user_id)
                .with("field", field);
            effects.log(&entry);
        }
        match verdict.quiet {
            Some(quiet) => self.hold(&quiet),
            None => Ok(()),
        }
    }

    fn hold(&self, quiet: &Quiet) -> Result<(), End> {
        let waits_for = quiet.to_string();
        self.turns
            .turn(|record| record.hold(self.claim, quiet.wake, &waits_for))?;
        Err(End::Void)
    }

    /// Holds the text back, or drops it, if the user got enough texts in the last 24 hours.
    pub(super) fn cap(&self) -> Result<(), End> {
        if self.effects.settings().max_texts_per_day.is_none() {
            return Ok(());
        }
        let may_leave = self.turns.turn(|record| record.within_cap(self.claim))?;
        if may_leave { Ok(()) } else { Err(End::Void) }
    }
}
