//! A cache of users' identities in each isolate's memory.

use std::{cell::RefCell, collections::HashMap};

use texting::{
    identity::IdentityOutcome,
    ids::UserId,
    settings::Settings,
    time::{MINUTE, Span, Timestamp},
};
use worker::Env;

use crate::{
    hooks::{self, Identities},
    platform::clock::now,
};

/// How long a user's identity is cached.
const KNOWN_FOR: Span = MINUTE.times(5);
/// How long it is cached that there is no such user.
const UNKNOWN_FOR: Span = MINUTE;
/// The most identities in the cache.
const MOST: usize = 2_000;

struct Remembered {
    until: Timestamp,
    answer: IdentityOutcome,
}

thread_local! {
    /// Values only, never futures: the runtime does not let one request await the I/O of another.
    static CACHE: RefCell<HashMap<UserId, Remembered>> = RefCell::default();
}

/// A user's identity, from the configured source. It is then cached, unless that failed.
pub async fn ask(
    env: &Env,
    settings: &Settings,
    user_id: &UserId,
    deadline: Timestamp,
) -> IdentityOutcome {
    let identities = hooks::identities(env, settings);
    let answer = identities.identity(user_id, deadline).await;
    remember(user_id, &answer);
    answer
}

/// A user's identity, if it is in the cache.
pub fn known(user_id: &UserId) -> Option<IdentityOutcome> {
    let now = now();
    CACHE.with_borrow(|cache| {
        let known = cache.get(user_id).filter(|known| known.until > now);
        known.map(|known| known.answer.clone())
    })
}

fn remember(user_id: &UserId, answer: &IdentityOutcome) {
    let now = now();
    let lifetime = match answer {
        IdentityOutcome::Found(_) => KNOWN_FOR,
        IdentityOutcome::NoSuchUser => UNKNOWN_FOR,
        IdentityOutcome::Failed { .. } => return,
    };
    let remembered = Remembered {
        until: now + lifetime,
        answer: answer.clone(),
    };
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= MOST {
            cache.retain(|_, known| known.until > now);
        }
        if cache.len() >= MOST {
            cache.clear();
        }
        cache.insert(user_id.clone(), remembered);
    });
}
