//! KV: whose texts a number sends to a phone, and which phones want no texts.
//!
//! The namespace is called directly: the `worker` crate's builders bring a second serializer.

use texting::{
    attempt::{KvError, KvPut},
    lookup::{Lookup, Wish, lookup_key, wish_key},
    time::Millis,
};
use worker::{
    Env,
    js_sys::{Object, Promise, Reflect},
    wasm_bindgen::{self, JsCast, JsValue, prelude::wasm_bindgen},
    wasm_bindgen_futures::JsFuture,
};

use crate::{
    configuration::PHONES,
    edge,
    outbound::{left, within},
};

/// KV takes no shorter lifetime than this, in seconds.
const SHORTEST_LIFETIME: u64 = 60;
/// How long a question on behalf of a webhook may take, in milliseconds.
const PATIENCE: Millis = 5_000;

/// The user whose texts a number sends to a phone.
pub async fn user_at(env: &Env, phone: &str, number: &str) -> Result<Option<String>, KvError> {
    let stored = get(env, &lookup_key(phone, number), edge::now() + PATIENCE).await?;
    let lookup = stored.and_then(|stored| Lookup::read(&stored));
    Ok(lookup.map(|lookup| lookup.user_id))
}

/// Notes that a phone's owner wants no texts, though nobody knows which user they are.
pub async fn opt_out(env: &Env, phone: &str) -> Result<(), KvError> {
    let wish = Wish {
        opted_out: true,
        at: edge::now(),
    };
    let value = serde_json::to_string(&wish).map_err(|error| KvError(error.to_string()))?;
    put(
        env,
        KvPut {
            key: wish_key(phone),
            value,
            lifetime: None,
        },
        edge::now() + PATIENCE,
    )
    .await
}

/// Forgets whose texts a number sends to a phone, if it is this user.
pub async fn forget(env: &Env, (phone, number): (&str, &str), user: &str) -> Result<(), KvError> {
    if user_at(env, phone, number).await?.as_deref() == Some(user) {
        let deleted = settled(store(env)?.delete(&lookup_key(phone, number)));
        let done = within(left(edge::now() + PATIENCE), deleted).await;
        return done.unwrap_or_else(too_slow).map(|_| ());
    }
    Ok(())
}

/// Reads an entry.
pub async fn get(env: &Env, key: &str, deadline: Millis) -> Result<Option<String>, KvError> {
    let read = within(left(deadline), settled(store(env)?.get(key))).await;
    Ok(read.unwrap_or_else(too_slow)?.as_string())
}

/// Writes an entry.
pub async fn put(env: &Env, put: KvPut, deadline: Millis) -> Result<(), KvError> {
    let options = Object::new();
    if let Some(lifetime) = put.lifetime {
        let lifetime = lifetime.max(SHORTEST_LIFETIME) as f64;
        Reflect::set(&options, &"expirationTtl".into(), &lifetime.into()).map_err(failed)?;
    }
    let written = settled(store(env)?.put(&put.key, &put.value, &options));
    let written = within(left(deadline), written).await;
    written.unwrap_or_else(too_slow).map(|_| ())
}

#[wasm_bindgen]
extern "C" {
    /// A KV namespace.
    pub type Namespace;

    #[wasm_bindgen(method, catch)]
    fn get(this: &Namespace, key: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn put(this: &Namespace, key: &str, value: &str, options: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn delete(this: &Namespace, key: &str) -> Result<Promise, JsValue>;
}

/// The namespace, if one is bound.
pub fn store(env: &Env) -> Result<Namespace, KvError> {
    let bound = Reflect::get(env, &PHONES.into()).map_err(failed)?;
    if bound.is_object() {
        Ok(bound.unchecked_into())
    } else {
        Err(KvError(format!("{PHONES} is not bound")))
    }
}

async fn settled(promise: Result<Promise, JsValue>) -> Result<JsValue, KvError> {
    JsFuture::from(promise.map_err(failed)?)
        .await
        .map_err(failed)
}

fn failed(error: JsValue) -> KvError {
    KvError(format!("KV: {}", worker::Error::from(error)))
}

fn too_slow<T>() -> Result<T, KvError> {
    Err(KvError("KV: no answer in time".to_owned()))
}
