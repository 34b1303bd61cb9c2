//! Reverse lookups: KV maps a phone and a number to the user who was last texted from that number on that
//! phone. A text from the phone to the number is that user's reply.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::{
    ids::UserId,
    phone::{Number, Phone},
    time::{DAY, Span, Timestamp},
};

/// How much longer KV keeps an entry than its link can last, so that a late reply still finds its user.
const MARGIN: Span = DAY.times(90);
/// An entry is written again if KV would keep it for less than this after its link has expired.
const RENEW_BELOW: Span = DAY.times(45);
/// No entry is kept for longer than ten years.
const LONGEST: Span = DAY.times(3_650);

/// An entry in KV: the user that a phone and a number belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lookup {
    /// The user who was last texted from the number on the phone.
    pub user_id: UserId,
    /// When KV deletes the entry.
    pub expires_at: Timestamp,
}

impl Lookup {
    /// The key of an entry in KV. One phone in two guises has one key.
    pub fn key(phone: &Phone, number: &Number) -> String {
        format!("user/{}/{number}", phone.key().as_str())
    }

    /// The keys under which an entry may be, in the order in which they count: the first release wrote entries
    /// under the phone as it was.
    pub fn keys(phone: &Phone, number: &Number) -> Vec<String> {
        let former = phone
            .guises()
            .into_iter()
            .map(|guise| format!("user/{guise}/{number}"));
        let mut keys = vec![Self::key(phone, number)];
        keys.extend(former.filter(|former| *former != Self::key(phone, number)));
        keys
    }

    /// What the keys of all entries of a phone begin with, in each of its guises.
    pub fn prefixes(phone: &Phone) -> Vec<String> {
        let guises = phone.guises().into_iter();
        guises.map(|guise| format!("user/{guise}/")).collect()
    }

    /// The entry that counts, of those that are under the [`keys`](Self::keys) of a phone and a number.
    pub fn find(found: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        found.into_iter().flatten().next()
    }

    /// Reads the JSON of an entry in KV; `None` if it is not a reverse lookup.
    pub fn read(json: &str) -> Option<Self> {
        let entry: Json = serde_json::from_str(json).ok()?;
        let expires_at = match entry.get("expires_at") {
            Some(millis) => Timestamp::from_millis(millis.as_i64()?),
            None => Timestamp::default(),
        };
        Some(Self {
            user_id: UserId::new(entry.get("user_id")?.as_str()?),
            expires_at,
        })
    }

    /// A new entry for a link that can last for `number_expiration` from now.
    pub fn new(user_id: &UserId, now: Timestamp, number_expiration: Span) -> Self {
        let lifetime = (number_expiration + MARGIN).min(LONGEST);
        Self {
            user_id: user_id.clone(),
            expires_at: now + lifetime,
        }
    }

    /// How long KV is to keep the entry from now.
    pub fn lifetime(&self, now: Timestamp) -> Span {
        self.expires_at - now
    }

    /// Whether a text to this user can be sent without writing the entry again: it names the user, and KV
    /// keeps it long enough after the link's expiry.
    pub fn serves(&self, user_id: &UserId, now: Timestamp, number_expiration: Span) -> bool {
        let wanted = (number_expiration + RENEW_BELOW).min(LONGEST - RENEW_BELOW);
        self.user_id == *user_id && self.expires_at >= now + wanted
    }
}

/// The users whom texts from a phone reach, and the numbers to which they do, for an operator. `entries`: the keys and
/// values of the phone's entries in KV.
pub fn reached(entries: &[(String, Option<String>)]) -> Json {
    let mut users = Map::new();
    for (key, value) in entries {
        let lookup = value.as_deref().and_then(Lookup::read);
        let number = key.rsplit_once('/').map(|(_, number)| number);
        if let (Some(lookup), Some(number)) = (lookup, number) {
            let numbers = users.entry(lookup.user_id.as_str()).or_insert(json!([]));
            if let Json::Array(numbers) = numbers {
                numbers.push(number.into());
            }
        }
    }
    let shown = |(user, numbers)| json!({ "user_id": user, "numbers": numbers });
    users.into_iter().map(shown).collect()
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
    fn an_entry_of_the_first_release_is_found_under_the_phone_as_it_was() {
        let number = Number::from_digits("12025550101");
        let keys = |phone: &str| Lookup::keys(&Phone::from_digits(phone), &number);
        let both = [
            "user/525512345678/12025550101",
            "user/5215512345678/12025550101",
        ];
        for phone in ["5215512345678", "525512345678"] {
            assert_eq!(keys(phone), both);
        }
        assert_eq!(keys("15550102030"), ["user/15550102030/12025550101"]);
    }

    #[test]
    fn a_phones_entries_name_its_users() {
        let entry = |user: &str| Some(format!(r#"{{"user_id":"{user}"}}"#));
        let entries = [
            ("user/15550102030/12025550102", entry("ben")),
            ("user/15550102030/12025550101", entry("ben")),
            ("user/15550102030/12025550103", entry("ada")),
            ("user/15550102030/12025550104", None),
            ("user/15550102030/12025550105", Some("{}".to_owned())),
        ]
        .map(|(key, value)| (key.to_owned(), value));
        let shown = reached(&entries).to_string();
        let expected = r#"[{"numbers":["12025550103"],"user_id":"ada"},{"numbers":["12025550102","12025550101"],"user_id":"ben"}]"#;
        assert_eq!(shown, expected);
        assert_eq!(
            Lookup::prefixes(&Phone::from_digits("5215512345678")),
            ["user/525512345678/", "user/5215512345678/"]
        );
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
