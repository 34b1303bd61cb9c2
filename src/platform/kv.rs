//! KV, called directly: the `worker` crate's builders would add a second serializer to the Worker.

use texting::{
    kv::{Kv, KvEntry, KvError},
    time::{MINUTE, Span, Timestamp},
};
use worker::{
    Env,
    js_sys::{Object, Promise, Reflect},
    wasm_bindgen::{self, JsCast, JsValue, prelude::wasm_bindgen},
    wasm_bindgen_futures::JsFuture,
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
        self.bound().is_ok()
    }

    fn bound(&self) -> Result<JsNamespace, KvError> {
        let bound = Reflect::get(&self.env, &PHONES.into()).map_err(failed)?;
        if bound.is_object() {
            Ok(bound.unchecked_into())
        } else {
            Err(KvError(format!("{PHONES} is not bound")))
        }
    }
}

impl Kv for KvNamespace {
    async fn get(&self, key: &str, deadline: Timestamp) -> Result<Option<String>, KvError> {
        let value = settled(self.bound()?.get(key), deadline).await?;
        Ok(value.as_string())
    }

    async fn put(&self, entry: KvEntry, deadline: Timestamp) -> Result<(), KvError> {
        let options = Object::new();
        if let Some(lifetime) = entry.lifetime {
            let seconds = lifetime.max(SHORTEST_LIFETIME).as_seconds() as f64;
            Reflect::set(&options, &"expirationTtl".into(), &seconds.into()).map_err(failed)?;
        }
        let put = self.bound()?.put(&entry.key, &entry.value, &options);
        settled(put, deadline).await?;
        Ok(())
    }

    async fn delete(&self, key: &str, deadline: Timestamp) -> Result<(), KvError> {
        settled(self.bound()?.delete(key), deadline).await?;
        Ok(())
    }
}

/// Awaits a promise from KV until `deadline`.
async fn settled(
    promise: Result<Promise, JsValue>,
    deadline: Timestamp,
) -> Result<JsValue, KvError> {
    let promise = promise.map_err(failed)?;
    match timeout::by(deadline, JsFuture::from(promise)).await {
        Some(settled) => settled.map_err(failed),
        None => Err(KvError("KV: no response in time".to_owned())),
    }
}

fn failed(error: JsValue) -> KvError {
    KvError(format!("KV: {}", worker::Error::from(error)))
}

#[wasm_bindgen]
extern "C" {
    /// A KV namespace.
    type JsNamespace;

    #[wasm_bindgen(method, catch)]
    fn get(this: &JsNamespace, key: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn put(
        this: &JsNamespace,
        key: &str,
        value: &str,
        options: &Object,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn delete(this: &JsNamespace, key: &str) -> Result<Promise, JsValue>;
}
