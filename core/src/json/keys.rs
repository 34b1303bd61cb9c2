//! Keys that serde_json reserves for itself: an object with one of them is read as a number or as JSON within a string.

use std::borrow::Cow;

/// What the reserved keys begin with.
const RESERVED: &str = "$serde_json::private::";

/// The JSON with U+FFFD for the dollar in front of each reserved key.
pub fn freed(json: &str) -> Cow<'_, str> {
    if !json.contains(RESERVED) && !json.contains("\\u") {
        return Cow::Borrowed(json);
    }
    let mut freed = String::new();
    let mut copied = 0;
    let mut rest = json;
    while let Some((_, from)) = rest.find('"').and_then(|at| rest.split_at_checked(at)) {
        let start = json.len() - from.len();
        let length = string_length(from);
        rest = from.get(length..).unwrap_or_default();
        let is_key = rest.trim_start().starts_with(':');
        if let Some(dollar) = dollar_of(from.get(..length).unwrap_or_default()).filter(|_| is_key) {
            freed.push_str(json.get(copied..=start).unwrap_or_default());
            freed.push('\u{fffd}');
            copied = start + 1 + dollar;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    freed.push_str(json.get(copied..).unwrap_or_default());
    Cow::Owned(freed)
}

/// The length of the string at the start, quotes included.
fn string_length(from: &str) -> usize {
    let mut bytes = from.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return at + 1,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    from.len()
}

/// The length of the dollar in front of a reserved key, which may be an escape; `None` for any other string.
fn dollar_of(string: &str) -> Option<usize> {
    let inner = string.strip_prefix('"')?;
    let length = if inner.starts_with('$') {
        1
    } else if inner.starts_with("\\u0024") {
        6
    } else {
        return None;
    };
    let read: String = serde_json::from_str(string).ok()?;
    read.starts_with(RESERVED).then_some(length)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn read(json: &str) -> Value {
        serde_json::from_str(&freed(json)).unwrap()
    }

    #[test]
    fn a_reserved_key_spoils_nothing_and_is_not_evaluated() {
        for key in [
            "$serde_json::private::Number",
            "$serde_json::private::RawValue",
            "\\u0024serde_json::private::Number",
            "$serde\\u005fjson::private::RawValue",
        ] {
            for value in ["\"{\"", "\"x\"", "7", "\"[1]\""] {
                let read = read(&format!(
                    r#"{{"unused":{{"{key}" : {value}}},"used":"ok"}}"#
                ));
                assert_eq!(read["used"], "ok");
                assert!(read["unused"].is_object(), "{read}");
            }
        }
    }

    #[test]
    fn values_and_other_keys_are_not_changed() {
        for json in [
            r#"{"a":"$serde_json::private::Number"}"#,
            r#"{"$serde":"\u0024","a\"$serde_json::private::":1}"#,
            r#"["\u00e9",{"\u0024":1}]"#,
        ] {
            assert_eq!(freed(json), json);
        }
        assert_eq!(read(r#"{"a":1e400}"#)["a"].to_string(), "1e+400");
    }

    #[test]
    fn what_is_cut_off_stays_unreadable() {
        for json in [r#"{"$serde_json::private::Number"#, r#"{"\u"#, "\"\\"] {
            assert_eq!(freed(json), json);
        }
    }
}
