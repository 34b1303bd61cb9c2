//! Counts of what Cloudflare bills, except for rows, which `platform::storage` counts.

use std::{cell::Cell, rc::Rc};

use texting::{
    kv::{Kv, KvEntry, KvError},
    time::Timestamp,
};

use super::connections::Connections;
use crate::platform::kv::KvNamespace;

/// The counts of one instance of the object.
#[derive(Default)]
pub struct Cost {
    /// Alarms that were set.
    pub alarms_set: Counter,
    /// Entries of KV that attempts read.
    pub kv_reads: Counter,
    /// Entries of KV that attempts wrote.
    pub kv_writes: Counter,
    /// How long tasks took, in milliseconds, added up: mostly time in which the object waits for other services.
    pub waited_ms: Counter,
}

/// A count that only goes up.
#[derive(Default)]
pub struct Counter(Cell<usize>);

impl Counter {
    /// Counts one more.
    pub fn count(&self) {
        self.add(1);
    }

    /// Counts so many more.
    pub fn add(&self, more: usize) {
        self.0.set(self.0.get() + more);
    }

    /// The count so far.
    pub fn get(&self) -> usize {
        self.0.get()
    }
}

/// A KV namespace that counts its reads and writes, each over one of the object's connections.
pub struct CountedKv {
    /// KV itself.
    pub kv: KvNamespace,
    /// Where the counts go.
    pub cost: Rc<Cost>,
    /// The object's connections.
    pub connections: Rc<Connections>,
}

impl Kv for CountedKv {
    async fn get(
        &self,
        keys: &[String],
        deadline: Timestamp,
    ) -> Result<Vec<Option<String>>, KvError> {
        keys.iter().for_each(|_| self.cost.kv_reads.count());
        let _connection = Connections::take(&self.connections).await;
        self.kv.get(keys, deadline).await
    }

    async fn put(&self, entry: KvEntry, deadline: Timestamp) -> Result<(), KvError> {
        self.cost.kv_writes.count();
        let _connection = Connections::take(&self.connections).await;
        self.kv.put(entry, deadline).await
    }

    async fn delete(&self, key: &str, deadline: Timestamp) -> Result<(), KvError> {
        let _connection = Connections::take(&self.connections).await;
        self.kv.delete(key, deadline).await
    }
}
