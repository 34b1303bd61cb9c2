//! What storage and KV were told.

use std::cell::RefCell;

/// The lines in order.
#[derive(Default)]
pub struct Journal(RefCell<Vec<String>>);

impl Journal {
    pub fn note(&self, line: &str) {
        self.0.borrow_mut().push(line.to_owned());
    }

    /// How many lines begin with these words.
    pub fn count(&self, beginning: &str) -> usize {
        let lines = self.0.borrow();
        lines
            .iter()
            .filter(|line| line.starts_with(beginning))
            .count()
    }

    /// Where the first line is that begins with these words.
    pub fn place_of(&self, beginning: &str) -> usize {
        let lines = self.0.borrow();
        let place = lines.iter().position(|line| line.starts_with(beginning));
        place.unwrap()
    }
}
