//! Wishes of phones that do not come through a user's record.

use texting::{
    consent::Wish,
    kv::{Kv, KvError, TIMEOUT},
    phone::Phone,
};

use crate::platform::{clock::now, kv::KvNamespace};

/// The last wish of a phone in KV.
pub async fn last(kv: &KvNamespace, phone: &Phone) -> Result<Option<Wish>, KvError> {
    let found = kv.get(&Wish::keys(phone), now() + TIMEOUT).await?;
    Ok(Wish::last_of(&found))
}

/// Stores a wish of a phone in KV, unless KV has a later one.
pub async fn store(kv: &KvNamespace, phone: &Phone, wish: Wish) -> Result<(), KvError> {
    if !wish.replaces(last(kv, phone).await?) {
        return Ok(());
    }
    wish.put(kv, phone, now() + TIMEOUT).await
}
