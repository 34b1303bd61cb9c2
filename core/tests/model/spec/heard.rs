//! Receipts that came before their messages. They must be remembered for an hour and may be for three.

use std::collections::HashMap;

use texting::{
    chat::status::Status,
    time::{HOUR, Timestamp},
};

#[derive(Default)]
pub struct Heard {
    messages: HashMap<u32, Memory>,
    stretches: Vec<Stretch>,
}

struct Memory {
    status: Status,
    certain_until: Timestamp,
    possible_until: Timestamp,
}

struct Stretch {
    conversation: u32,
    positions: (u64, u64),
    status: Status,
    at: Timestamp,
}

/// The status that the record must know, and the one that it may know, of a message that arrives.
pub struct Known {
    pub surely: Option<Status>,
    pub perhaps: Option<Status>,
    pub until: Timestamp,
}

impl Heard {
    /// A status came before its message. A deletion counts as [`Status::Read`]: neither leads to a text.
    pub fn hear(&mut self, now: Timestamp, message: u32, status: Status) {
        let fresh = Memory {
            status,
            certain_until: now + HOUR,
            possible_until: now + HOUR.times(3),
        };
        match self.messages.get_mut(&message) {
            Some(memory) if now <= memory.possible_until && status <= memory.status => {
                if now > memory.certain_until {
                    memory.possible_until = now + HOUR.times(3);
                }
            }
            _ => {
                self.messages.insert(message, fresh);
            }
        }
    }

    pub fn hear_stretch(
        &mut self,
        now: Timestamp,
        conversation: u32,
        positions: (u64, u64),
        status: Status,
    ) {
        self.stretches
            .retain(|stretch| stretch.at + HOUR.times(3) >= now);
        self.stretches.push(Stretch {
            conversation,
            positions,
            status,
            at: now,
        });
    }

    pub fn known(
        &self,
        now: Timestamp,
        message: u32,
        conversation: u32,
        position: Option<u64>,
    ) -> Known {
        let mut known = Known {
            surely: None,
            perhaps: None,
            until: now,
        };
        if let Some(memory) = self.messages.get(&message) {
            known.add(
                now,
                memory.status,
                memory.certain_until,
                memory.possible_until,
            );
        }
        for stretch in self
            .stretches
            .iter()
            .filter(|it| it.conversation == conversation)
        {
            let (from, to) = stretch.positions;
            if position.is_some_and(|position| (from..=to).contains(&position)) {
                known.add(
                    now,
                    stretch.status,
                    stretch.at + HOUR,
                    stretch.at + HOUR.times(3),
                );
            }
        }
        known
    }

    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

impl Known {
    fn add(&mut self, now: Timestamp, status: Status, certain: Timestamp, possible: Timestamp) {
        if now <= certain {
            self.surely = self.surely.max(Some(status));
            self.until = self.until.max(certain);
        }
        if now <= possible {
            self.perhaps = self.perhaps.max(Some(status));
        }
    }
}
