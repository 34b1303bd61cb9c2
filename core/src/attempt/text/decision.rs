//! The decision about a text, in one turn: whether it leaves now, what it says, and from which number. The order of the
//! steps decides how an attempt ends that could end in several ways.

use super::{
    Attempt, End,
    draft::{Draft, Leaving},
    failed,
    questions::{Answers, Reach},
};
use crate::{
    attempt::{Turns, effects::Effects},
    chat::resource::Resource,
    phone::Number,
    record::{Record, allocation::Choice, ending::Dropped},
};

/// What was decided about a text.
pub(super) enum Decision {
    /// It leaves now.
    Leaves(Leaving),
    /// It leaves when it has an introduction, or when the reverse lookup is written.
    NeedsMore(Draft),
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    pub(super) fn decide(&self, record: &Record<'_>, answers: &Answers) -> Result<Decision, End> {
        let unread = self.gather(record, answers)?;
        if matches!(answers.conversation, Some(Resource::Gone)) {
            return Err(Dropped::Deleted.into());
        }
        self.nexmo_responds(answers)?;
        let recipient = answers.recipient()?;
        self.preference(recipient)?;
        let phone = self.phone(recipient)?;
        let reach = answers.reach()?;
        self.consent(record, reach, &phone)?;
        self.quiet_hours(record, recipient)?;
        self.cap(record)?;
        let messages = self.read(record, &unread, answers)?;
        self.not_blank(&self.parts(&messages, answers)?)?;
        let (number, introduced) = self.number(record)?;
        let draft = Draft {
            is_introduced: !introduced && self.effects.introduces(),
            is_looked_up: !self.is_known(reach, &number),
            messages,
            number,
            phone,
        };
        if draft.is_looked_up {
            // Stored first, so that an erasure finds every entry that may have been written.
            record.note_lookup(&draft.phone, &draft.number)?;
        }
        if draft.is_looked_up || draft.is_introduced {
            return Ok(Decision::NeedsMore(draft));
        }
        let leaving = self.leaving(draft, "", answers)?;
        self.leave(record, &leaving)?;
        Ok(Decision::Leaves(leaving))
    }

    fn nexmo_responds(&self, answers: &Answers) -> Result<(), End> {
        match &answers.balance {
            Some(response) if response.status().is_none() => {
                Err(failed(format!("Nexmo's balance: {}", response.outline())))
            }
            _ => Ok(()),
        }
    }

    /// The number that the text leaves from, and whether its link is introduced already.
    fn number(&self, record: &Record<'_>) -> Result<(Number, bool), End> {
        match record.number_for(self.claim, &self.covered.borrow())? {
            Some(Choice::Keep { number, introduced }) => Ok((number, introduced)),
            Some(Choice::Take { number }) => Ok((number, false)),
            Some(Choice::NoneFree) | None => Err(End::Void),
        }
    }

    /// Whether KV has what a reply from the phone to this number needs.
    fn is_known(&self, reach: &Reach, number: &Number) -> bool {
        let expected = reach.expected.as_ref();
        let entry = expected.filter(|it| it.number == *number);
        let entry = entry.and_then(|it| it.entry.as_ref());
        let expiration = self.effects.settings().number_expiration;
        entry.is_some_and(|it| it.serves(&self.claim.user_id, self.effects.now(), expiration))
    }
}
