//! Whether a user may be texted, given the STOPs and STARTs of the user and of other users with the same
//! phone.

use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    kv::{Kv, KvEntry, KvError},
    phone::Phone,
    time::{SECOND, Span, Timestamp},
};

/// A user's own STOP, as the user's record keeps it. It holds for all numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptOut {
    /// When it came in.
    pub at: Timestamp,
    /// The phone that it came from.
    pub phone: Phone,
}

/// The last STOP or START from a phone, as KV keeps it. It holds for all numbers and for all users with that
/// phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Wish {
    /// `true` for STOP, `false` for START.
    pub opted_out: bool,
    /// When it came in.
    pub at: Timestamp,
}

/// Whether a user may be texted at a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// They may be texted.
    Given,
    /// They may be texted: a later START, from the phone of their STOP or from their present one, revokes it.
    GivenAgain,
    /// They must not be texted.
    Withdrawn,
}

impl Wish {
    /// A wish that came in at `now`. Nexmo may deliver a text again, or after a later one, so what counts is when it
    /// was sent: within the second `sent_at`, if that is known.
    pub fn sent(opted_out: bool, sent_at: Option<Timestamp>, now: Timestamp) -> Self {
        let end = SECOND - Span::from_millis(1);
        let at = sent_at.map_or(now, |second| (second + end).min(now));
        Self { opted_out, at }
    }

    /// The entries in KV that store the wish of a phone: one for each of its guises, so that the first release, which
    /// knows of none, finds it if it is deployed again.
    ///
    /// # Errors
    /// [`KvError`] if the wish cannot be serialized.
    pub fn entries(self, phone: &Phone) -> Result<Vec<KvEntry>, KvError> {
        let keys = Self::keys(phone).into_iter();
        keys.map(|key| KvEntry::of(key, &self, None)).collect()
    }

    /// Writes the entries that store the wish of a phone.
    ///
    /// # Errors
    /// [`KvError`] if KV fails or does not respond by `deadline`.
    pub async fn put(
        self,
        kv: &impl Kv,
        phone: &Phone,
        deadline: Timestamp,
    ) -> Result<(), KvError> {
        for entry in self.entries(phone)? {
            kv.put(entry, deadline).await?;
        }
        Ok(())
    }

    /// The keys under which an entry may be: the first release wrote entries under the phone as it was. The latest
    /// of them counts.
    pub fn keys(phone: &Phone) -> Vec<String> {
        let guises = phone.guises().into_iter();
        guises.map(|guise| format!("wish/{guise}")).collect()
    }

    /// The last wish of a phone, of those that are under its [`keys`](Self::keys).
    pub fn last(found: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        found.into_iter().flatten().max_by_key(|wish| wish.at)
    }

    /// The last wish of a phone, of the values that KV has under its [`keys`](Self::keys). One that is no wish counts
    /// as none.
    pub fn last_of(values: &[Option<String>]) -> Option<Self> {
        Self::last(values.iter().map(|it| it.as_deref().and_then(Self::read)))
    }

    /// Whether the wish is to be stored in place of the phone's last one: that is not a later one.
    pub fn replaces(self, last: Option<Self>) -> bool {
        last.is_none_or(|last| last.at <= self.at)
    }

    /// Reads the JSON of an entry in KV; `None` if it is not a wish.
    pub fn read(json: &str) -> Option<Self> {
        let entry: Json = serde_json::from_str(json).ok()?;
        Some(Self {
            opted_out: entry.get("opted_out")?.as_bool()?,
            at: Timestamp::from_millis(entry.get("at")?.as_i64()?),
        })
    }

    fn withdraws(self) -> bool {
        self.opted_out
    }

    fn takes_back(self, opt_out: &OptOut) -> bool {
        !self.opted_out && self.at > opt_out.at
    }
}

/// Whether a user may be texted at a phone. `own` is the user's own opt-out, `phone` the wish that KV has for
/// the phone, and `stopped_from` the wish that KV has for the phone that the user's own STOP came from.
pub fn consent(own: Option<&OptOut>, phone: Option<Wish>, stopped_from: Option<Wish>) -> Consent {
    if phone.is_some_and(Wish::withdraws) {
        return Consent::Withdrawn;
    }
    let Some(own) = own else {
        return Consent::Given;
    };
    let mut wishes = [phone, stopped_from].into_iter().flatten();
    match wishes.any(|wish| wish.takes_back(own)) {
        true => Consent::GivenAgain,
        false => Consent::Withdrawn,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_wish_is_stored_under_every_guise_of_the_phone() {
        let stop = Wish {
            opted_out: true,
            at: Timestamp::from_millis(7),
        };
        let stored = |phone: &str| {
            let entries = stop.entries(&Phone::from_digits(phone)).unwrap();
            let found: Vec<_> = entries.iter().map(|it| Some(it.value.clone())).collect();
            assert_eq!(Wish::last_of(&found), Some(stop));
            entries.into_iter().map(|it| it.key).collect::<Vec<_>>()
        };
        let both = ["wish/525512345678", "wish/5215512345678"];
        assert_eq!(stored("5215512345678"), both);
        assert_eq!(stored("525512345678"), both);
        assert_eq!(stored("15550102030"), ["wish/15550102030"]);
    }

    fn wish(opted_out: bool, at: i64) -> Option<Wish> {
        let at = Timestamp::from_millis(at);
        Some(Wish { opted_out, at })
    }

    #[test]
    fn a_stop_holds_for_every_user_of_the_phone_until_a_later_start() {
        let own = OptOut {
            at: Timestamp::from_millis(10),
            phone: Phone::from_digits("15550102030"),
        };
        let (stop, start) = (wish(true, 10), wish(false, 20));
        assert_eq!(consent(None, stop, None), Consent::Withdrawn);
        assert_eq!(consent(Some(&own), None, None), Consent::Withdrawn);
        assert_eq!(consent(Some(&own), start, start), Consent::GivenAgain);
        assert_eq!(consent(Some(&own), start, stop), Consent::GivenAgain);
        assert_eq!(consent(Some(&own), None, start), Consent::GivenAgain);
        assert_eq!(consent(None, start, None), Consent::Given);
        for earlier in [wish(false, 5), wish(false, 10)] {
            assert_eq!(consent(Some(&own), earlier, earlier), Consent::Withdrawn);
        }
    }

    #[test]
    fn a_wish_replaces_all_but_a_later_one() {
        let stop = wish(true, 7).unwrap();
        assert!(stop.replaces(None));
        assert!(stop.replaces(wish(false, 7)));
        assert!(!stop.replaces(wish(false, 8)));
    }

    #[test]
    fn a_wish_counts_from_the_second_in_which_it_was_sent() {
        let now = Timestamp::from_millis(100_500);
        let at =
            |sent_at: Option<i64>| Wish::sent(true, sent_at.map(Timestamp::from_millis), now).at;
        assert_eq!(at(Some(60_000)), Timestamp::from_millis(60_999));
        for recent in [Some(100_000), Some(200_000), None] {
            assert_eq!(at(recent), now);
        }
    }

    #[test]
    fn the_stored_form_stays_readable() {
        let stored = serde_json::to_string(&wish(true, 7)).unwrap();
        assert_eq!(stored, r#"{"opted_out":true,"at":7}"#);
        let read = Wish::read(r#"{"opted_out":false,"at":7,"by":"hand"}"#);
        assert_eq!(read, wish(false, 7));
    }

    #[test]
    fn a_foreign_entry_is_no_wish() {
        for foreign in [
            r#"{"opted_out":1,"at":7}"#,
            r#"{"opted_out":"true","at":7}"#,
            r#"{"opted_out":true}"#,
            r#"{"at":7}"#,
            "true",
            "",
        ] {
            assert_eq!(Wish::read(foreign), None, "{foreign}");
        }
    }

    proptest! {
        #[test]
        fn no_entry_makes_it_panic(json in r#"\{?("[a-z_]{0,9}":[ -~]{0,9},?){0,3}\}?"#) {
            let _ = Wish::read(&json);
        }
    }
}
