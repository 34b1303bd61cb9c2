//! Wishes of phones that do not come through a user's record.

use texting::{
    consent::Wish,
    kv::{Kv, KvEntry, KvError},
    phone::Phone,
    time::{SECOND, Span},
};

use crate::platform::{clock::now, kv::KvNamespace};

/// How long KV may take.
const TIMEOUT: Span = SECOND.times(5);

/// Stores in KV that a phone wants no texts, or wants them again, from now on.
pub async fn store(kv: &KvNamespace, phone: &Phone, opted_out: bool) -> Result<(), KvError> {
    let wish = Wish {
        opted_out,
        at: now(),
    };
    let entry = KvEntry::of(Wish::key(phone), &wish, None)?;
    kv.put(entry, now() + TIMEOUT).await
}
