//! KV as seen from one place: a read returns the last write at once.

use std::collections::HashMap;

use texting::{
    kv::{KvEntry, KvError},
    time::Timestamp,
};

use super::{Luck, Mood};
use crate::random::Random;

pub struct Kv {
    pub mood: Mood,
    entries: HashMap<String, (String, Option<Timestamp>)>,
}

impl Kv {
    pub fn new() -> Self {
        Self {
            mood: Mood::Fine,
            entries: HashMap::new(),
        }
    }

    /// A stored value; never fails, whatever the mood.
    pub fn peek(&self, key: &str, now: Timestamp) -> Option<&str> {
        let (value, until) = self.entries.get(key)?;
        until
            .is_none_or(|until| now < until)
            .then_some(value.as_str())
    }

    pub fn store(&mut self, key: &str, value: String, until: Option<Timestamp>) {
        self.entries.insert(key.to_owned(), (value, until));
    }

    pub fn forget(&mut self, key: &str) {
        self.entries.remove(key);
    }

    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries
            .iter()
            .map(|(key, (value, _))| (key.as_str(), value.as_str()))
    }

    pub fn get(
        &self,
        keys: &[String],
        now: Timestamp,
        random: &Random,
    ) -> Result<Vec<Option<String>>, KvError> {
        let stored = |key: &String| self.peek(key, now).map(str::to_owned);
        match Luck::of(self.mood, random) {
            Luck::Served => Ok(keys.iter().map(stored).collect()),
            _ => Err(KvError("KV: unreachable".to_owned())),
        }
    }

    pub fn put(&mut self, put: &KvEntry, now: Timestamp, random: &Random) -> Result<(), KvError> {
        let luck = Luck::of(self.mood, random);
        if luck.serves() {
            let until = put.lifetime.map(|lifetime| now + lifetime);
            self.store(&put.key, put.value.clone(), until);
        }
        match luck {
            Luck::Served => Ok(()),
            _ => Err(KvError("KV: unreachable".to_owned())),
        }
    }
}
