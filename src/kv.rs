//! KV: whose texts a number sends to a phone, and which phones want no texts.

use texting::{
    attempt::{KvError, KvPut},
    lookup::{Lookup, Wish, lookup_key, wish_key},
    time::Millis,
};
use worker::{Env, kv::KvStore};

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
    let lookup: Option<Lookup> = stored.and_then(|stored| serde_json::from_str(&stored).ok());
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
        let done = within(left(edge::now() + PATIENCE), async {
            store(env)?
                .delete(&lookup_key(phone, number))
                .await
                .map_err(failed)
        });
        return done.await.unwrap_or_else(too_slow);
    }
    Ok(())
}

/// Reads an entry.
pub async fn get(env: &Env, key: &str, deadline: Millis) -> Result<Option<String>, KvError> {
    let read = async { store(env)?.get(key).text().await.map_err(failed) };
    within(left(deadline), read).await.unwrap_or_else(too_slow)
}

/// Writes an entry.
pub async fn put(env: &Env, put: KvPut, deadline: Millis) -> Result<(), KvError> {
    let written = async {
        let mut entry = store(env)?.put(&put.key, put.value).map_err(failed)?;
        if let Some(lifetime) = put.lifetime {
            entry = entry.expiration_ttl(lifetime.max(SHORTEST_LIFETIME));
        }
        entry.execute().await.map_err(failed)
    };
    within(left(deadline), written)
        .await
        .unwrap_or_else(too_slow)
}

fn store(env: &Env) -> Result<KvStore, KvError> {
    env.kv(PHONES).map_err(|error| KvError(error.to_string()))
}

fn failed(error: worker::kv::KvError) -> KvError {
    KvError(format!("KV: {error}"))
}

fn too_slow<T>() -> Result<T, KvError> {
    Err(KvError("KV: no answer in time".to_owned()))
}
