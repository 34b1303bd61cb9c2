//! The last steps of a history, printed if it fails, and counts of what happened.

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    fmt::Write,
};

use texting::time::Timestamp;

/// How many steps are printed after a failure.
const TOLD: usize = 40;

type Words = Box<dyn Fn() -> String>;

/// The last steps of a history with their notes, and the counts.
#[derive(Default)]
pub struct Trace {
    steps: RefCell<VecDeque<Vec<(Timestamp, Words)>>>,
    counts: RefCell<Counts>,
}

/// How often things happened.
pub type Counts = BTreeMap<&'static str, u64>;

impl Trace {
    /// Begins a step.
    pub fn step(&self) {
        let mut steps = self.steps.borrow_mut();
        if steps.len() >= TOLD {
            steps.pop_front();
        }
        steps.push_back(Vec::new());
    }

    /// Adds a note to the step. `words` is only called if the note is printed.
    pub fn note(&self, now: Timestamp, words: impl Fn() -> String + 'static) {
        if let Some(step) = self.steps.borrow_mut().back_mut() {
            step.push((now, Box::new(words)));
        }
    }

    pub fn count(&self, what: &'static str) {
        self.count_by(what, 1);
    }

    pub fn count_by(&self, what: &'static str, times: u64) {
        *self.counts.borrow_mut().entry(what).or_default() += times;
    }

    pub fn counts(&self) -> Counts {
        self.counts.borrow().clone()
    }

    /// The last steps as text, with times in milliseconds since `began`.
    pub fn told(&self, began: Timestamp) -> String {
        let mut told = String::new();
        for (index, step) in self.steps.borrow().iter().enumerate() {
            for (note, (at, words)) in step.iter().enumerate() {
                let mark = if note == 0 {
                    format!("{index:>3}")
                } else {
                    "   ".to_owned()
                };
                writeln!(told, "{mark} {:>12} {}", (*at - began).as_millis(), words()).unwrap();
            }
        }
        told
    }
}
