//! One attempt to text about unread messages of a conversation.
//!
//! Everything that can be asked is [asked](questions) at once. With the answers, one turn [decides](decision) whether a
//! text leaves, what it says and from which number, and its look at the record is the last one before the text is
//! [sent](sending). Only a text that is the first of its link, or whose reverse lookup is not right, is
//! [prepared](preparation) further and looked at once more. What ends an attempt is stored in the turn that finds it.

mod decision;
mod draft;
mod gathering;
mod people;
mod preparation;
mod questions;
mod restraint;
mod sending;
mod words;

use std::cell::RefCell;

use super::{LONGEST_ATTEMPT, Turns, effects::Effects};
use crate::{
    kv::KvError,
    record::{
        Record,
        claim::TextClaim,
        covered::Covered,
        ending::Dropped,
        outcome::{Ended, TextOutcome, Trace},
    },
    storage::StoreError,
    time::Timestamp,
};
use decision::Decision;

/// Why an attempt ends before the text is sent.
enum End {
    /// The claim is void, or the turn has ended or held back its notices: there is nothing to store.
    Void,
    /// With this outcome, which is to be stored.
    With(TextOutcome),
    /// A turn failed: another attempt follows when the claim's lease ends.
    Store(StoreError),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<KvError> for End {
    fn from(error: KvError) -> Self {
        Self::With(TextOutcome::Failed(error.to_string()))
    }
}

impl From<Dropped> for End {
    fn from(why: Dropped) -> Self {
        Self::With(TextOutcome::Dropped(why))
    }
}

fn failed(why: impl Into<String>) -> End {
    End::With(TextOutcome::Failed(why.into()))
}

/// Texts the user about claimed messages and stores the outcome.
///
/// # Errors
/// [`StoreError`] if a turn fails: another attempt follows when the claim's lease ends.
pub async fn run(
    turns: &impl Turns,
    effects: &impl Effects,
    claim: &TextClaim,
) -> Result<(), StoreError> {
    let attempt = Attempt {
        turns,
        effects,
        claim,
        deadline: claim.claimed_at + LONGEST_ATTEMPT,
        covered: RefCell::new(claim.covered()),
    };
    let answers = attempt.ask().await;
    // Taken before the last look at the record, so that the text leaves directly after it.
    let mut connection = effects.connect().await;
    let decided = attempt.turn(|record| attempt.decide(record, &answers))?;
    let leaving = match decided {
        Some(Decision::Leaves(leaving)) => Some(leaving),
        Some(Decision::NeedsMore(draft)) => {
            drop(connection);
            let prepared = attempt.prepare(draft, &answers).await;
            connection = effects.connect().await;
            attempt.turn(|record| attempt.last_look(record, prepared?, &answers))?
        }
        None => None,
    };
    let Some(leaving) = leaving else {
        return Ok(());
    };
    let (outcome, part_ids) = attempt.send(connection, &leaving).await;
    let random = effects.random();
    let ended = Ended {
        outcome,
        covered: attempt.covered.take(),
        trace: Some(Trace {
            reference: leaving.reference,
            part_ids,
        }),
    };
    turns.last(|record| record.text_ended(claim, &ended, random))
}

struct Attempt<'a, T, E> {
    turns: &'a T,
    effects: &'a E,
    claim: &'a TextClaim,
    deadline: Timestamp,
    /// What the text covers, as far as it is known.
    covered: RefCell<Covered>,
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    /// Runs a step in a turn. If it ends the attempt, the same turn stores how, and there is no result.
    fn turn<R>(
        &self,
        step: impl FnOnce(&Record<'_>) -> Result<R, End>,
    ) -> Result<Option<R>, StoreError> {
        self.turns.turn(|record| match step(record) {
            Ok(result) => Ok(Some(result)),
            Err(End::Void) => Ok(None),
            Err(End::With(outcome)) => {
                let covered = self.covered.borrow().clone();
                let ended = Ended {
                    outcome,
                    covered,
                    trace: None,
                };
                record.text_ended(self.claim, &ended, self.effects.random())?;
                Ok(None)
            }
            Err(End::Store(error)) => Err(error),
        })
    }
}
