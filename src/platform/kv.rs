//! KV, called directly: the `worker` crate's wrapper of reads and writes is 1.5 % of the compressed size.

use texting::{
    kv::{Kv, KvEntry, KvError},
    time::{MINUTE, Span, Timestamp},
};
use worker::{
    Env,
    js_sys::{Array, Map, Object, Promise, Reflect},
    wasm_bindgen::{self, JsCast, JsValue, prelude::wasm_bindgen},
    wasm_bindgen_futures::JsFuture,
};

use super::{bindings::PHONES, timeout};

/// The shortest lifetime that KV accepts.
const SHORTEST_LIFETIME: Span = MINUTE;
/// How many keys KV reads at once.
const MOST_KEYS: u32 = 100;

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
        self.binding().is_ok()
    }

    /// The keys that begin with `prefix`, and their values: the first hundred.
    ///
    /// # Errors
    /// As [`get`](Kv::get).
    pub async fn entries(
        &self,
        prefix: &str,
        deadline: Timestamp,
    ) -> Result<Vec<(String, Option<String>)>, KvError> {
        let options = Object::new();
        for (name, value) in [
            ("prefix", JsValue::from_str(prefix)),
            ("limit", MOST_KEYS.into()),
        ] {
            Reflect::set(&options, &JsValue::from_str(name), &value).map_err(failed)?;
        }
        let listed = settled(self.binding()?.list(&options), deadline).await?;
        let listed: Array = field(&listed, "keys")?.unchecked_into();
        let mut keys = Vec::new();
        for key in listed {
            keys.extend(field(&key, "name")?.as_string());
        }
        let values = match keys.is_empty() {
            true => Vec::new(),
            false => self.get(&keys, deadline).await?,
        };
        Ok(keys.into_iter().zip(values).collect())
    }

    fn binding(&self) -> Result<Namespace, KvError> {
        let binding = Reflect::get(&self.env, &JsValue::from_str(PHONES)).unwrap_or_default();
        match binding.is_object() {
            true => Ok(binding.unchecked_into()),
            false => Err(KvError(format!("{PHONES} is not bound"))),
        }
    }
}

impl Kv for KvNamespace {
    async fn get(
        &self,
        keys: &[String],
        deadline: Timestamp,
    ) -> Result<Vec<Option<String>>, KvError> {
        let names = keys.iter().map(|key| JsValue::from_str(key)).collect();
        let found: Map = settled(self.binding()?.get(names), deadline)
            .await?
            .unchecked_into();
        let value = |key: &String| found.get(&JsValue::from_str(key)).as_string();
        Ok(keys.iter().map(value).collect())
    }

    async fn put(&self, entry: KvEntry, deadline: Timestamp) -> Result<(), KvError> {
        let options = Object::new();
        if let Some(lifetime) = entry.lifetime {
            let seconds = lifetime.max(SHORTEST_LIFETIME).as_seconds();
            let seconds = JsValue::from_f64(seconds as f64);
            Reflect::set(&options, &JsValue::from_str("expirationTtl"), &seconds)
                .map_err(failed)?;
        }
        let put = self.binding()?.put(&entry.key, &entry.value, &options);
        settled(put, deadline).await.map(|_| ())
    }

    async fn delete(&self, key: &str, deadline: Timestamp) -> Result<(), KvError> {
        let delete = self.binding()?.delete(key);
        settled(delete, deadline).await.map(|_| ())
    }
}

fn field(object: &JsValue, name: &str) -> Result<JsValue, KvError> {
    Reflect::get(object, &JsValue::from_str(name)).map_err(failed)
}

/// Awaits a call to KV until `deadline`.
async fn settled(call: Result<Promise, JsValue>, deadline: Timestamp) -> Result<JsValue, KvError> {
    let promise = call.map_err(failed)?;
    match timeout::by(deadline, JsFuture::from(promise)).await {
        Some(settled) => settled.map_err(failed),
        None => Err(KvError("KV: no response in time".to_owned())),
    }
}

/// The exception's message alone: the error itself would print the stack too.
fn failed(error: JsValue) -> KvError {
    KvError(format!("KV: {}", worker::Error::from(error)))
}

#[wasm_bindgen]
extern "C" {
    /// A KV binding.
    type Namespace;

    /// The values of all keys, as texts, in a `Map`.
    #[wasm_bindgen(method, catch)]
    fn get(this: &Namespace, keys: Array) -> Result<Promise, JsValue>;

    /// The keys that the options describe.
    #[wasm_bindgen(method, catch)]
    fn list(this: &Namespace, options: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn put(this: &Namespace, key: &str, value: &str, options: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn delete(this: &Namespace, key: &str) -> Result<Promise, JsValue>;
}
