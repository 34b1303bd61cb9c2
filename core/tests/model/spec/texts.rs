//! The texts that were sent to Nexmo, and what the record can know about them.

use texting::{
    phone::{Number, Phone},
    time::Timestamp,
};

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

#[derive(Clone, Debug)]
pub struct Left {
    pub message: u32,
    pub conversation: u32,
    pub attempt: Attempt,
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
    /// Whether it left because the lease of another text of its message was over.
    follows_a_lease: bool,
}

#[derive(Default)]
pub struct Texts {
    pub left: Vec<Left>,
}

impl Texts {
    /// A text is sent. Checks that every earlier text about its message was not accepted, or that this cannot
    /// be known. Returns the text's index.
    pub fn leaves(
        &mut self,
        now: Timestamp,
        left: (u32, u32),
        attempt: Attempt,
        lease: Timestamp,
        text: Text,
    ) -> usize {
        let (message, conversation) = left;
        let mut follows_a_lease = false;
        for other in self
            .left
            .iter_mut()
            .filter(|other| other.message == message)
        {
            if other.fate == Fate::Flying && other.lease <= now {
                other.fate = Fate::Lost(Why::LeaseOver);
            }
            assert!(
                matches!(other.fate, Fate::NotTaken | Fate::Lost(_)),
                "message {message} leaves again though {:?}",
                other.fate
            );
            follows_a_lease |= other.fate == Fate::Lost(Why::LeaseOver);
        }
        let fate = Fate::Flying;
        let (verdict, taken) = (None, false);
        self.left.push(Left {
            message,
            conversation,
            attempt,
            text,
            at: now,
            lease,
            fate,
            verdict,
            disowned: false,
            taken,
            told: false,
            erased: false,
            follows_a_lease,
        });
        self.left.len() - 1
    }

    /// Nexmo accepted a text. If it is a double, returns why; panics if there is no reason.
    pub fn taken(&mut self, index: usize) -> Option<Why> {
        let message = self.left[index].message;
        let own = self.left[index].fate;
        let others = || {
            let same = |(at, left): &(usize, &Left)| *at != index && left.message == message;
            self.left
                .iter()
                .enumerate()
                .filter(same)
                .map(|(_, left)| left)
                .filter(|it| it.taken)
        };
        let double = others().next().is_some();
        // The answer to the text whose lease was over may have come since.
        let follows = others().any(|left| left.follows_a_lease) || self.left[index].follows_a_lease;
        let fates: Vec<Fate> = others().map(|left| left.fate).chain([own]).collect();
        self.left[index].taken = true;
        let why = fates.iter().find_map(|fate| match fate {
            Fate::Lost(why) => Some(*why),
            _ => None,
        });
        let why = why.or(follows.then_some(Why::LeaseOver));
        assert!(
            !double || why.is_some(),
            "message {message} is doubled for no reason: {fates:?}"
        );
        why.filter(|_| double)
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

    /// The indices of the texts about a message.
    pub fn about(&self, message: u32) -> Vec<usize> {
        let of_message = |(index, left): (usize, &Left)| (left.message == message).then_some(index);
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

    /// The message whose text an attempt was told was accepted, while that is not stored.
    pub fn accepted_by(&mut self, attempt: Attempt) -> Option<u32> {
        let left = self.of_attempt(attempt)?;
        (left.fate == Fate::Accepted).then_some(left.message)
    }

    pub fn was_taken(&self, message: u32) -> bool {
        self.left
            .iter()
            .any(|left| left.message == message && left.taken)
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
        self.left.iter().rev().filter(move |left| {
            left.text.number == *number && left.fate != Fate::NotTaken && !left.erased
        })
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
