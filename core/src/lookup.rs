//! Reverse lookups in KV: whose texts a number sends to a phone.

use serde::{Deserialize, Serialize};

use crate::{
    ids::UserId,
    phone::{Number, Phone},
    time::{DAY, Span, Timestamp},
};

/// How much longer an entry lives than its link, so that a late reply still finds its user.
const MARGIN: Span = DAY.times(90);
/// An entry is written again when it would live less than this beyond its link.
const RENEW_BELOW: Span = DAY.times(45);
/// No entry is kept for longer than ten years.
const LONGEST: Span = DAY.times(3_650);

/// Whose texts a number sends to a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// The user whose text last went from the number to the phone.
    pub user_id: UserId,
    /// When KV forgets it.
    #[serde(default)]
    pub expires_at: Timestamp,
}

impl Lookup {
    /// The key of an entry in KV.
    pub fn key(phone: &Phone, number: &Number) -> String {
        format!("user/{phone}/{number}")
    }

    /// Reads an entry of KV; `None` when it is not one.
    pub fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// An entry for a link that may last for `number_expiration`.
    pub fn new(user_id: &UserId, now: Timestamp, number_expiration: Span) -> Self {
        let lifetime = (number_expiration + MARGIN).min(LONGEST);
        Self {
            user_id: user_id.clone(),
            expires_at: now + lifetime,
        }
    }

    /// How long KV is to keep it.
    pub fn lifetime(&self, now: Timestamp) -> Span {
        self.expires_at - now
    }

    /// Whether the entry does for a text to this user now.
    pub fn serves(&self, user_id: &UserId, now: Timestamp, number_expiration: Span) -> bool {
        let wanted = (number_expiration + RENEW_BELOW).min(LONGEST - RENEW_BELOW);
        self.user_id == *user_id && self.expires_at >= now + wanted
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WEEK: Span = DAY.times(7);
    const NOW: Timestamp = Timestamp::from_millis(0);

    fn ben() -> UserId {
        UserId::new("ben")
    }

    #[test]
    fn an_entry_serves_its_user_until_it_would_hardly_outlive_the_link() {
        let entry = Lookup::new(&ben(), NOW, WEEK);
        assert!(entry.serves(&ben(), NOW, WEEK));
        assert!(entry.serves(&ben(), NOW + DAY.times(45), WEEK));
        assert!(!entry.serves(&ben(), NOW + DAY.times(46), WEEK));
        assert!(!entry.serves(&UserId::new("ada"), NOW, WEEK));
    }

    #[test]
    fn a_very_long_expiry_does_not_make_every_text_write_its_entry_again() {
        let century = DAY.times(36_500);
        assert!(Lookup::new(&ben(), NOW, century).serves(&ben(), NOW, century));
    }

    #[test]
    fn the_stored_form_stays_readable() {
        let lookup = Lookup::read(r#"{"user_id":"ben"}"#).unwrap();
        assert_eq!(lookup.user_id, ben());
        let stored = serde_json::to_string(&Lookup::new(&ben(), NOW, WEEK)).unwrap();
        assert_eq!(stored, r#"{"user_id":"ben","expires_at":8380800000}"#);
    }

    proptest! {
        #[test]
        fn no_entry_makes_it_panic(json in r#"\{?("[a-z_]{0,9}":[ -~]{0,9},?){0,3}\}?"#) {
            let _ = Lookup::read(&json);
        }
    }
}
