//! JSON from outside, made readable. All readers of what others send use it, so that none is stricter than the
//! others: what one user wrote must not keep texts from another.

mod keys;
mod nesting;
mod surrogates;

use std::borrow::Cow;

use serde_json::Value;

/// The byte order mark of UTF-8, which some servers and editors put before a text.
pub const BOM: &str = "\u{feff}";

/// The JSON without what serde_json refuses although others write it: a byte order mark in front, halves of
/// surrogate pairs, bytes that are not UTF-8, values that are nested too deeply, and keys that serde_json reserves
/// for itself. The mark goes, nested values become null, and U+FFFD stands for the rest.
pub fn readable(body: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(body) {
        Cow::Borrowed(body) => repaired(body),
        Cow::Owned(body) => Cow::Owned(repaired(&body).into_owned()),
    }
}

fn repaired(body: &str) -> Cow<'_, str> {
    let steps = [surrogates::repaired, nesting::cut, keys::freed];
    let mut body = Cow::Borrowed(without_bom(body));
    for step in steps {
        body = match body {
            Cow::Borrowed(body) => step(body),
            Cow::Owned(body) => Cow::Owned(step(&body).into_owned()),
        };
    }
    body
}

/// The value that a body holds; `None` if it is not JSON.
pub fn value(body: &str) -> Option<Value> {
    serde_json::from_str(&repaired(body)).ok()
}

/// A text without its byte order mark.
pub fn without_bom(text: &str) -> &str {
    text.strip_prefix(BOM).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// JSON values of any shape.
    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..5)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_readable_already_is_not_changed(value in any_json()) {
            let json = value.to_string();
            let read: Value = serde_json::from_str(&readable(json.as_bytes())).unwrap();
            prop_assert_eq!(read, value);
        }

        #[test]
        fn a_mark_in_front_and_an_unused_field_of_any_kind_spoil_nothing(
            value in any_json(),
            depth in 0usize..400,
            lone in "\\\\u(d[89abcdef]|D[89ABCDEF])[0-9a-f]{2}",
            key in "x|\\$serde_json::private::(Number|RawValue)|\\\\u0024serde_json::private::Number",
        ) {
            let open = format!("[{{\"{key}\":");
            let deep = format!("{}\"{lone}\"{}", open.repeat(depth), "}]".repeat(depth));
            let json = format!("\u{feff}{{\"unused\":{deep},\"used\":{value}}}");
            let read: Value = serde_json::from_str(&readable(json.as_bytes())).unwrap();
            prop_assert_eq!(&read["used"], &value);
        }

        #[test]
        fn no_bytes_make_it_panic(body in any::<Vec<u8>>()) {
            let readable = readable(&body).into_owned();
            let _ = value(&readable);
        }
    }

    #[test]
    fn a_mark_a_half_pair_and_bytes_that_are_not_utf_8_are_read() {
        assert_eq!(value("\u{feff}{\"a\":1}"), Some(json!({"a": 1})));
        assert_eq!(value(r#"{"a":"\ud83d"}"#), Some(json!({"a": "\u{fffd}"})));
        let read = readable(b"{\"a\":\"x\xff\"}");
        assert_eq!(value(&read), Some(json!({"a": "x\u{fffd}"})));
    }
}
