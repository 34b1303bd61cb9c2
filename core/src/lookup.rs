//! What is kept in KV, for all users together: whose texts a number sends to a phone, and which
//! phones want no texts.

use serde::Serialize;

use crate::{
    fields::Fields,
    record::profile::OptOut,
    time::{DAY, Millis},
};

/// An entry outlives its link by this much, so that a late reply still finds its user.
const MARGIN: Millis = 90 * DAY;
/// An entry is written again when less than this would be left after its link's expiry.
const RENEW_BELOW: Millis = 45 * DAY;
/// No entry is kept for longer than ten years.
const LONGEST: Millis = 3_650 * DAY;

/// Whose texts a number sends to a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lookup {
    /// The user whose text last went from the number to the phone.
    pub user_id: String,
    /// When KV forgets it, in milliseconds since the epoch.
    pub expires_at: Millis,
}

/// What a phone's owner wants, over all of the operator's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Wish {
    /// Whether they want no texts.
    pub opted_out: bool,
    /// When they said so, in milliseconds since the epoch.
    pub at: Millis,
}

impl Wish {
    /// Reads an entry; none when it is not one.
    pub fn read(json: &str) -> Option<Self> {
        let fields = Fields::read("", json).ok()?;
        let opted_out = match fields.raw("opted_out")?.get() {
            "true" => true,
            "false" => false,
            _ => return None,
        };
        Some(Self {
            opted_out,
            at: fields.integer("at").ok()??,
        })
    }
}

/// The key of the entry that says whose texts a number sends to a phone.
pub fn lookup_key(phone: &str, number: &str) -> String {
    format!("user/{phone}/{number}")
}

/// The key of the entry that says what a phone's owner wants.
pub fn wish_key(phone: &str) -> String {
    format!("wish/{phone}")
}

impl Lookup {
    /// Reads an entry; none when it is not one.
    pub fn read(json: &str) -> Option<Self> {
        let fields = Fields::read("", json).ok()?;
        Some(Self {
            user_id: fields.owned("user_id").ok()?,
            expires_at: fields.integer("expires_at").ok()?.unwrap_or_default(),
        })
    }

    /// An entry for a link that may last for `number_expiration`.
    pub fn new(user_id: &str, now: Millis, number_expiration: Millis) -> Self {
        let lifetime = (number_expiration + MARGIN).min(LONGEST);
        Self {
            user_id: user_id.to_owned(),
            expires_at: now + lifetime,
        }
    }

    /// How long KV is to keep it, in seconds.
    pub fn lifetime_seconds(&self, now: Millis) -> u64 {
        u64::try_from((self.expires_at - now) / 1_000).unwrap_or(0)
    }

    /// Whether the entry does for a text to this user now.
    pub fn serves(&self, user_id: &str, now: Millis, number_expiration: Millis) -> bool {
        let wanted = (number_expiration + RENEW_BELOW).min(LONGEST - RENEW_BELOW);
        self.user_id == user_id && self.expires_at >= now + wanted
    }
}

/// What two wishes and their times amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// They may be texted.
    Texts,
    /// They may be texted: a START of another user of the same phone took their own STOP back.
    TextsAgain,
    /// They must not be texted.
    Nothing,
}

/// Whether a user may be texted at a phone: what the user said themselves, what the owner of the
/// phone said, and what the owner of the phone that the user once sent STOP from said.
pub fn wanted(own: Option<&OptOut>, phone: Option<Wish>, stopped_from: Option<Wish>) -> Wanted {
    if phone.is_some_and(|wish| wish.opted_out) {
        return Wanted::Nothing;
    }
    match (own, stopped_from) {
        (None, _) => Wanted::Texts,
        (Some(own), Some(wish)) if !wish.opted_out && wish.at > own.at => Wanted::TextsAgain,
        (Some(_), _) => Wanted::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WEEK: Millis = 7 * DAY;

    #[test]
    fn an_entry_serves_its_user_until_it_would_hardly_outlive_the_link() {
        let entry = Lookup::new("ben", 0, WEEK);
        assert!(entry.serves("ben", 0, WEEK) && entry.serves("ben", 45 * DAY, WEEK));
        assert!(!entry.serves("ben", 46 * DAY, WEEK));
        assert!(!entry.serves("ada", 0, WEEK));
    }

    #[test]
    fn a_very_long_expiry_does_not_make_every_text_write_its_entry_again() {
        let century = 36_500 * DAY;
        assert!(Lookup::new("ben", 0, century).serves("ben", 0, century));
    }

    #[test]
    fn a_stop_holds_for_every_user_of_the_phone_until_a_later_start() {
        let out = OptOut {
            at: 10,
            phone: "15550102030".to_owned(),
        };
        let stop = Some(Wish {
            opted_out: true,
            at: 10,
        });
        let start = Some(Wish {
            opted_out: false,
            at: 20,
        });
        assert_eq!(wanted(None, stop, None), Wanted::Nothing);
        assert_eq!(wanted(Some(&out), None, None), Wanted::Nothing);
        assert_eq!(wanted(Some(&out), start, start), Wanted::TextsAgain);
        assert_eq!(wanted(None, start, None), Wanted::Texts);
        let earlier = Some(Wish {
            opted_out: false,
            at: 5,
        });
        assert_eq!(wanted(Some(&out), earlier, earlier), Wanted::Nothing);
    }

    #[test]
    fn the_stored_forms_stay_readable() {
        let lookup = Lookup::read(r#"{"user_id":"ben"}"#).unwrap();
        assert_eq!(lookup.user_id, "ben");
        let wish = serde_json::to_string(&Wish {
            opted_out: true,
            at: 7,
        })
        .unwrap();
        assert_eq!(wish, r#"{"opted_out":true,"at":7}"#);
    }

    #[test]
    fn what_others_wrote_into_the_namespace_is_nobodys_wish() {
        let read = Wish::read(r#"{"opted_out":false,"at":7,"by":"hand"}"#).unwrap();
        assert!(!read.opted_out && read.at == 7);
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
            let _ = (Lookup::read(&json), Wish::read(&json));
        }
    }
}
