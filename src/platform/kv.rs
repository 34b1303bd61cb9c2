//! KV.

use texting::{
    kv::{Kv, KvEntry, KvError},
    time::{MINUTE, Span, Timestamp},
};
use worker::{
    Env,
    kv::{self, KvStore},
    wasm_bindgen::JsValue,
};

use super::{bindings::PHONES, timeout};

/// The shortest lifetime that KV accepts.
const SHORTEST_LIFETIME: Span = MINUTE;

/// The KV namespace of this Worker.
#[derive(Clone)]
pub struct KvNamespace {
    env: Env,
}

impl KvNamespace {
    /// The namespace. Calls fail when none is bound.
    pub fn new(env: &Env) -> Self {
        Self { env: env.clone() }
    }

    /// Whether a namespace is bound.
    pub fn is_bound(&self) -> bool {
        self.store().is_ok()
    }

    fn store(&self) -> Result<KvStore, KvError> {
        let store = self.env.kv(PHONES);
        store.map_err(|_| KvError(format!("{PHONES} is not bound")))
    }
}

impl Kv for KvNamespace {
    async fn get(&self, key: &str, deadline: Timestamp) -> Result<Option<String>, KvError> {
        settled(self.store()?.get(key).text(), deadline).await
    }

    async fn put(&self, entry: KvEntry, deadline: Timestamp) -> Result<(), KvError> {
        let put = self.store()?.put(&entry.key, entry.value);
        let mut put = put.map_err(failed)?;
        if let Some(lifetime) = entry.lifetime {
            let seconds = lifetime.max(SHORTEST_LIFETIME).as_seconds();
            put = put.expiration_ttl(seconds.unsigned_abs());
        }
        settled(put.execute(), deadline).await
    }

    async fn delete(&self, key: &str, deadline: Timestamp) -> Result<(), KvError> {
        settled(self.store()?.delete(key), deadline).await
    }
}

/// Awaits a call to KV until `deadline`.
async fn settled<T>(
    call: impl Future<Output = Result<T, kv::KvError>>,
    deadline: Timestamp,
) -> Result<T, KvError> {
    match timeout::by(deadline, call).await {
        Some(settled) => settled.map_err(failed),
        None => Err(KvError("KV: no response in time".to_owned())),
    }
}

/// The exception's message alone: the error itself would print the stack too.
fn failed(error: kv::KvError) -> KvError {
    KvError(format!("KV: {}", worker::Error::from(JsValue::from(error))))
}
