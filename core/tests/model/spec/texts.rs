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
    LeaseOver,
}

impl Why {
    pub fn words(self) -> &'static str {
        match self {
            Self::TimeOut => "doubled: its answer took too long",
            Self::AnswerLost => "doubled: its answer was lost",
            Self::Crash => "doubled: a crash came before it was stored",
            Self::NotStored => "doubled: it could not be stored",
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
    /// It cannot be known whether Nexmo accepted it.
    Lost(Why),
}

#[derive(Clone, Debug)]
pub struct Left {
    pub message: u32,
    pub conversation: u32,
    pub attempt: Attempt,
    pub text: Text,
    pub lease: Timestamp,
    pub fate: Fate,
    /// Whether Nexmo accepted it, and whether the response says so clearly.
    pub verdict: Option<(bool, bool)>,
    /// Another user was texted on the phone from the number since.
    pub disowned: bool,
    taken: bool,
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
        }
        let fate = Fate::Flying;
        let (verdict, taken) = (None, false);
        self.left.push(Left {
            message,
            conversation,
            attempt,
            text,
            lease,
            fate,
            verdict,
            disowned: false,
            taken,
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
        let fates: Vec<Fate> = others().map(|left| left.fate).chain([own]).collect();
        self.left[index].taken = true;
        let why = fates.iter().find_map(|fate| match fate {
            Fate::Lost(why) => Some(*why),
            _ => None,
        });
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
        for left in self
            .left
            .iter_mut()
            .filter(|left| left.fate == Fate::Flying)
        {
            left.disowned |= left.text.number == *number && left.text.phone == *phone;
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

    pub fn was_taken(&self, message: u32) -> bool {
        self.left
            .iter()
            .any(|left| left.message == message && left.taken)
    }

    /// Whether a text of the conversation was ever sent from the number to the phone.
    pub fn went(&self, number: &Number, conversation: u32, phone: &Phone) -> bool {
        self.left.iter().any(|left| {
            left.text.number == *number
                && left.text.phone == *phone
                && left.conversation == conversation
        })
    }
}
