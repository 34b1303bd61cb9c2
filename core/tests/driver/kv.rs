//! KV as a map, which fails when a test says so.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use texting::{
    kv::{Kv, KvEntry, KvError},
    time::Timestamp,
};

use crate::journal::Journal;

pub struct FakeKv {
    journal: Rc<Journal>,
    entries: RefCell<BTreeMap<String, String>>,
    pub fails: Cell<bool>,
}

impl FakeKv {
    pub fn new(journal: Rc<Journal>) -> Self {
        Self {
            journal,
            entries: RefCell::default(),
            fails: Cell::new(false),
        }
    }

    pub fn keys(&self) -> Vec<String> {
        self.entries.borrow().keys().cloned().collect()
    }

    pub fn entry(&self, key: &str) -> Option<String> {
        self.entries.borrow().get(key).cloned()
    }

    /// Writes an entry as somebody else would.
    pub fn insert(&self, key: &str, value: &str) {
        let mut entries = self.entries.borrow_mut();
        entries.insert(key.to_owned(), value.to_owned());
    }

    fn answers(&self) -> Result<(), KvError> {
        match self.fails.get() {
            true => Err(KvError("KV: unreachable".to_owned())),
            false => Ok(()),
        }
    }
}

impl Kv for FakeKv {
    async fn get(&self, keys: &[String], _: Timestamp) -> Result<Vec<Option<String>>, KvError> {
        self.answers()?;
        Ok(keys.iter().map(|key| self.entry(key)).collect())
    }

    async fn put(&self, entry: KvEntry, _: Timestamp) -> Result<(), KvError> {
        self.answers()?;
        self.journal.note(&format!("KV PUT {}", entry.key));
        self.insert(&entry.key, &entry.value);
        Ok(())
    }

    async fn delete(&self, key: &str, _: Timestamp) -> Result<(), KvError> {
        self.answers()?;
        self.journal.note(&format!("KV DELETE {key}"));
        self.entries.borrow_mut().remove(key);
        Ok(())
    }
}
