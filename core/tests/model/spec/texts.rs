//! The texts that were sent to Nexmo, and what the record can know about them.

use texting::{
    phone::{Number, Phone},
    sms::receipt,
    time::Timestamp,
};

use super::digests::Covered;
use crate::{network::Attempt, parties::nexmo::Text};

/// Why nobody can know whether Nexmo accepted a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    TimeOut,
    AnswerLost,
    Crash,
    NotStored,
    /// Its attempt ended as it should, and nothing waits any more for what it had to say.
    Forgotten,
    LeaseOver,
}

impl Why {
    pub fn words(self) -> &'static str {
        match self {
            Self::TimeOut => "doubled: its answer took too long",
            Self::AnswerLost => "doubled: its answer was lost",
            Self::Crash => "doubled: a crash came before it was stored",
            Self::NotStored => "doubled: it could not be stored",
            Self::Forgotten => "doubled: it was ended before",
            Self::LeaseOver => "doubled: its lease ended first",
        }
    }
}

/// What the record knows about a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// There is no response yet.
    Flying,
    /// The response says that it was accepted; the attempt still has to store that.
    Accepted,
    /// The record has stored that it was accepted.
    Stored,
    /// Nexmo certainly did not accept it.
    NotTaken,
    /// It cannot be known whether Nexmo took it.
    Lost(Why),
}

/// A text that is about to leave.
pub struct Leaving {
    pub covered: Covered,
    pub conversation: u32,
    pub attempt: Attempt,
    pub lease: Timestamp,
    /// The index of the text's first try, which may be itself.
    pub first: usize,
}

#[derive(Clone, Debug)]
pub struct Left {
    /// The messages that it covers.
    pub covered: Vec<u32>,
    pub conversation: u32,
    pub attempt: Attempt,
    /// The index of the text's first try, which may be itself.
    pub first: usize,
    pub text: Text,
    pub at: Timestamp,
    pub lease: Timestamp,
    pub fate: Fate,
    /// Whether Nexmo accepted it, and whether the response says so clearly.
    pub verdict: Option<(bool, bool)>,
    /// Another user was texted on the phone from the number since.
    pub disowned: bool,
    pub taken: bool,
    /// The record has stored what became of its attempt.
    told: bool,
    /// The record was erased since: it knows nothing of the text.
    pub erased: bool,
    /// The record knows that Nexmo took it.
    pub is_known: bool,
    /// Why the record could not know that, before a receipt proved it.
    pub was_lost: Option<Why>,
    /// The first final word on it.
    pub final_word: Option<receipt::Fate>,
    /// Whether it left because the lease of another text of its messages was over.
    follows_a_lease: bool,
}

impl Left {
    pub fn covers(&self, message: u32) -> bool {
        self.covered.contains(&message)
    }

    fn shares(&self, messages: &[u32]) -> bool {
        messages.iter().any(|message| self.covers(*message))
    }
}

#[derive(Default)]
pub struct Texts {
    pub left: Vec<Left>,
}

impl Texts {
    /// A text is sent. Checks that every earlier text about one of its messages was not accepted, or that this
    /// cannot be known. Returns the text's index.
    pub fn leaves(&mut self, now: Timestamp, leaving: Leaving, text: Text) -> usize {
        let covered = leaving.covered.all();
        let follows_a_lease = self.may_leave_again(now, &covered);
        self.left.push(Left {
            covered,
            conversation: leaving.conversation,
            attempt: leaving.attempt,
            first: leaving.first,
            text,
            at: now,
            lease: leaving.lease,
            fate: Fate::Flying,
            verdict: None,
            disowned: false,
            taken: false,
            told: false,
            erased: false,
            is_known: false,
            was_lost: None,
            final_word: None,
            follows_a_lease,
        });
        self.left.len() - 1
    }

    /// Whether one of the earlier texts about these messages may have been accepted after its lease was over.
    fn may_leave_again(&mut self, now: Timestamp, covered: &[u32]) -> bool {
        let mut follows_a_lease = false;
        for other in self.left.iter_mut().filter(|it| it.shares(covered)) {
            if other.fate == Fate::Flying && other.lease <= now {
                other.fate = Fate::Lost(Why::LeaseOver);
            }
            assert!(
                matches!(other.fate, Fate::NotTaken | Fate::Lost(_)),
                "one of {covered:?} leaves again though {other:?}"
            );
            follows_a_lease |= other.fate == Fate::Lost(Why::LeaseOver);
        }
        follows_a_lease
    }

    /// The same, and those of which the record has not stored that Nexmo did not take them.
    pub fn counted(&self) -> impl DoubleEndedIterator<Item = &Left> {
        self.all()
            .filter(|left| left.fate != Fate::NotTaken || !left.told)
    }

    /// Nexmo accepted a text. If it is a double of one of its messages, returns why; panics if there is no reason.
    pub fn taken(&mut self, index: usize) -> Option<Why> {
        self.left[index].taken = true;
        let covered = self.left[index].covered.clone();
        let doubles = covered
            .iter()
            .filter_map(|message| self.doubles(index, *message));
        doubles.reduce(|why, _| why)
    }

    /// Why a text that was taken doubles one of its messages.
    fn doubles(&self, index: usize, message: u32) -> Option<Why> {
        let taken = || {
            let taken = |left: &&Left| left.taken && left.covers(message);
            self.left.iter().filter(taken)
        };
        let is_double = taken().count() > 1;
        let lost = |left: &Left| match left.fate {
            Fate::Lost(why) => Some(why),
            _ => left.was_lost,
        };
        let why = taken().find_map(lost);
        // The answer to the text whose lease was over may have come since.
        let follows = taken().any(|left| left.follows_a_lease);
        let why = why.or(follows.then_some(Why::LeaseOver));
        assert!(
            !is_double || why.is_some(),
            "message {message} is doubled for no reason by {:?}",
            self.left[index]
        );
        why.filter(|_| is_double)
    }

    /// The texts that left since the last erasure.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Left> {
        self.left.iter().filter(|left| !left.erased)
    }

    /// Those that Nexmo may have taken, as far as the record can know.
    pub fn perhaps_taken(&self) -> impl DoubleEndedIterator<Item = &Left> {
        self.all().filter(|left| left.fate != Fate::NotTaken)
    }

    /// A response came. Changes nothing if the text's fate is certain already.
    pub fn settle(&mut self, index: usize, fate: Fate) {
        let former = self.left[index].fate;
        let open = [Fate::Flying, Fate::Accepted, Fate::Lost(Why::LeaseOver)];
        if open.contains(&former) {
            self.left[index].fate = fate;
        }
    }

    /// Another user was texted on a phone from a number.
    pub fn disowned(&mut self, number: &Number, phone: &Phone) {
        for left in &mut self.left {
            left.disowned |= left.text.number == *number && left.text.phone.is_same(phone);
        }
    }

    /// The indices of the texts about one of these messages.
    pub fn about(&self, messages: &[u32]) -> Vec<usize> {
        let of_message = |(index, left): (usize, &Left)| left.shares(messages).then_some(index);
        self.left
            .iter()
            .enumerate()
            .filter_map(of_message)
            .collect()
    }

    /// Whether a text of the conversation from the number may have been taken, as far as the record can know.
    pub fn in_doubt(&self, number: &Number, conversation: u32) -> bool {
        self.left.iter().any(|left| {
            left.text.number == *number
                && left.conversation == conversation
                && (left.fate != Fate::NotTaken || !left.told)
        })
    }

    /// The record has stored what became of an attempt.
    pub fn told(&mut self, attempt: Attempt) {
        if let Some(left) = self.of_attempt(attempt) {
            left.told = true;
        }
    }

    /// An attempt has ended: what it has not stored is lost.
    pub fn attempt_over(&mut self, attempt: Attempt, why: Why) {
        for left in self.left.iter_mut().filter(|left| left.attempt == attempt) {
            if matches!(left.fate, Fate::Flying | Fate::Accepted) {
                left.fate = Fate::Lost(why);
            }
        }
    }

    pub fn of_attempt(&mut self, attempt: Attempt) -> Option<&mut Left> {
        self.left.iter_mut().find(|left| left.attempt == attempt)
    }

    /// Whether the attempt sent a text of which it cannot know if it was taken.
    pub fn is_lost(&self, attempt: Attempt) -> bool {
        let is_it = |left: &Left| left.attempt == attempt && matches!(left.fate, Fate::Lost(_));
        self.left.iter().any(is_it)
    }

    /// The messages whose text an attempt was told was accepted, while that is not stored.
    pub fn accepted_by(&mut self, attempt: Attempt) -> &[u32] {
        let left = self.of_attempt(attempt);
        let accepted = left.filter(|left| left.fate == Fate::Accepted);
        accepted.map_or(&[], |left| &left.covered)
    }

    pub fn was_taken(&self, message: u32) -> bool {
        self.left
            .iter()
            .any(|left| left.covers(message) && left.taken)
    }

    /// Whether a text of the conversation from the number was accepted though that was not noted, because its
    /// notice had ended.
    pub fn accepted_late(&mut self, number: &Number, conversation: u32) -> bool {
        let late = self.left.iter_mut().find(|left| {
            left.text.number == *number
                && left.conversation == conversation
                && left.fate == Fate::Accepted
        });
        match late {
            Some(left) => left.fate = Fate::Stored,
            None => return false,
        }
        true
    }

    /// The texts that left from a number since the last erasure, the last one first, except those that surely
    /// were not taken.
    pub fn last_from<'a>(&'a self, number: &'a Number) -> impl Iterator<Item = &'a Left> {
        let texts = self.perhaps_taken().rev();
        texts.filter(move |left| left.text.number == *number)
    }

    /// Whether a text of the conversation was ever sent from the number to the phone.
    pub fn went(&self, number: &Number, conversation: u32, phone: &Phone) -> bool {
        self.left.iter().any(|left| {
            left.text.number == *number
                && left.text.phone.is_same(phone)
                && left.conversation == conversation
        })
    }
}
