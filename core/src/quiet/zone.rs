//! Names of time zones, and which one an identity names.

use serde_json::Value;

use crate::{identity::Identity, newtype::newtype};

newtype! {
    /// The name of a time zone, such as `Europe/Berlin`, in any case. It is written like one; whether there is such
    /// a zone only a runtime knows.
    ZoneName made by unchecked
}

/// No name in the IANA's time zone database is this long.
const LONGEST: usize = 64;

/// Abbreviations that runtimes know although they are no names of the IANA's. People mean other zones by them: to the
/// runtime `BST` is Dhaka, to whoever writes it more likely London.
const ABBREVIATIONS: [&str; 25] = [
    "ACT", "AET", "AGT", "ART", "AST", "BET", "BST", "CAT", "CNT", "CST", "CTT", "EAT", "ECT",
    "IET", "IST", "JST", "MIT", "NET", "NST", "PLT", "PNT", "PRT", "PST", "SST", "VST",
];

/// The fields of an identity that may name its zone; the first that is there decides.
const FIELDS: [&str; 4] = [
    "time_zone",
    "timezone",
    "metadata.time_zone",
    "metadata.timezone",
];

impl ZoneName {
    /// Reads a name, without the blanks around it. `None` for what is not written like one, such as an offset.
    pub fn read(text: &str) -> Option<Self> {
        let name = text.trim();
        let is_written_like_one = name.len() <= LONGEST
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte));
        let is_abbreviation = ABBREVIATIONS.iter().any(|it| it.eq_ignore_ascii_case(name));
        (is_written_like_one && !is_abbreviation).then(|| Self::unchecked(name))
    }
}

/// What an identity says of its time zone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The field that decides.
    pub field: &'static str,
    /// The name in it; `None` if what it holds is not written like one.
    pub zone: Option<ZoneName>,
}

/// The zone that an identity names; `None` if no field is there. Blanks count as nothing.
pub(super) fn named(identity: &Identity) -> Option<Named> {
    FIELDS.into_iter().find_map(|field| {
        let value = value(identity, field)?;
        let zone = value.as_str().and_then(ZoneName::read);
        Some(Named { field, zone })
    })
}

fn value<'a>(identity: &'a Identity, field: &str) -> Option<&'a Value> {
    let value = match field.strip_prefix("metadata.") {
        Some(name) => identity.fields.get("metadata")?.get(name)?,
        None => identity.fields.get(field)?,
    };
    let is_blank = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    (!is_blank).then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn named_in(identity: &Value) -> Option<(&'static str, Option<String>)> {
        let identity = Identity::from_hook(identity).unwrap();
        let named = named(&identity)?;
        Some((named.field, named.zone.map(|zone| zone.to_string())))
    }

    #[test]
    fn a_name_is_read_in_any_case_without_the_blanks_around_it() {
        for name in [
            "Europe/Berlin",
            "europe/berlin",
            "America/Argentina/Buenos_Aires",
            "America/Port-au-Prince",
            "Etc/GMT+2",
            "EST5EDT",
            "UTC",
            "GMT0",
        ] {
            let padded = format!(" {name}\n");
            assert_eq!(ZoneName::read(&padded).as_deref(), Some(name));
        }
    }

    #[test]
    fn offsets_abbreviations_and_garbage_are_no_names() {
        let long = "A".repeat(LONGEST + 1);
        for text in [
            "",
            " ",
            "-05:00",
            "+02:00",
            "+02",
            "GMT+02:00",
            "5",
            "/Europe",
            "Europe Berlin",
            "Europe/Zürich",
            "PST",
            "bst",
            "Europe/Berlin;",
            long.as_str(),
        ] {
            assert_eq!(ZoneName::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_first_field_that_is_there_decides() {
        let mut identity = json!({
            "time_zone": "Asia/Tokyo", "timezone": "Asia/Seoul",
            "metadata": {"time_zone": "Asia/Kolkata", "timezone": "Asia/Dhaka"},
        });
        for (field, zone) in FIELDS
            .into_iter()
            .zip(["Tokyo", "Seoul", "Kolkata", "Dhaka"])
        {
            let found = named_in(&identity);
            assert_eq!(found, Some((field, Some(format!("Asia/{zone}")))));
            let parent = match field.starts_with("metadata") {
                true => &mut identity["metadata"],
                false => &mut identity,
            };
            let name = field.rsplit('.').next().unwrap();
            parent.as_object_mut().unwrap().remove(name);
        }
        assert_eq!(named_in(&identity), None);
    }

    #[test]
    fn a_blank_and_a_null_are_not_there() {
        let identity = json!({"time_zone": " ", "timezone": null, "metadata": {"timezone": "UTC"}});
        let expected = Some(("metadata.timezone", Some("UTC".to_owned())));
        assert_eq!(named_in(&identity), expected);
        assert_eq!(named_in(&json!({"metadata": "Asia/Tokyo"})), None);
    }

    #[test]
    fn what_is_there_and_is_no_name_hides_the_later_fields() {
        for value in [
            json!("+02:00"),
            json!(2),
            json!({}),
            json!(["UTC"]),
            json!(false),
        ] {
            let identity = json!({"time_zone": value, "timezone": "Asia/Tokyo"});
            assert_eq!(named_in(&identity), Some(("time_zone", None)));
        }
    }

    proptest! {
        #[test]
        fn a_name_is_short_and_ascii(text in "[A-Za-z/_+-]{0,70}|\\PC{0,70}") {
            if let Some(name) = ZoneName::read(&text) {
                prop_assert!(name.is_ascii() && (1..=LONGEST).contains(&name.len()));
            }
        }
    }
}
