//! What values are in JavaScript, and what JavaScript is in a template.

mod syntax;
pub(super) mod translate;
mod values;

use serde_json::{Map, Number, Value};

/// A value as text. Null is empty; lists are joined by commas. Objects are printed as JSON instead of
/// JavaScript's `[object Object]`.
pub(super) fn print(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => print_number(number),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(print).collect::<Vec<_>>().join(","),
        Value::Object(_) => value.to_string(),
    }
}

/// Every number in JavaScript is a double: large integers lose their last digits.
fn print_number(number: &Number) -> String {
    match number.as_f64() {
        Some(double) => print_double(double),
        None => number.to_string(),
    }
}

/// Rust finds the same digits as JavaScript, which writes very large and very small numbers with an exponent and its sign
/// (`Number::toString` in ECMAScript's specification).
fn print_double(double: f64) -> String {
    match double.abs() {
        0.0 => "0".to_owned(),
        1e21.. => format!("{double:e}").replace('e', "e+"),
        1e-6.. => double.to_string(),
        _ => format!("{double:e}"),
    }
}

/// Whether a value counts as true. Unlike in JavaScript, an empty list and an empty object do not.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        // What is too large for a double is infinite.
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !Map::is_empty(fields),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_printed_as_javascript_prints_them() {
        let cases = [
            ("0", "0"),
            ("-0.0", "0"),
            ("1.0", "1"),
            ("177831018496", "177831018496"),
            ("1.5", "1.5"),
            ("-0.25", "-0.25"),
            ("9007199254740993", "9007199254740992"),
            ("18446744073709551615", "18446744073709552000"),
            ("1e20", "100000000000000000000"),
            ("1e21", "1e+21"),
            ("1.5e300", "1.5e+300"),
            ("0.000001", "0.000001"),
            ("1.5e-7", "1.5e-7"),
        ];
        for (written, printed) in cases {
            let value: Value = serde_json::from_str(written).unwrap();
            assert_eq!(print(&value), printed, "{written}");
        }
    }

    #[test]
    fn other_values_are_printed_as_underscore_prints_them() {
        assert_eq!(print(&Value::Null), "");
        assert_eq!(print(&json!(true)), "true");
        assert_eq!(print(&json!("<b> & \"")), "<b> & \"");
        assert_eq!(print(&json!([1, null, ["a", "b"], false])), "1,,a,b,false");
        assert_eq!(print(&json!({"a": [1]})), r#"{"a":[1]}"#);
    }

    #[test]
    fn what_is_missing_empty_false_or_zero_is_false() {
        for json in [
            "null", "false", "0", "-0.0", "0e5", "0.00", "1e-400", "\"\"", "[]", "{}",
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            assert!(!is_true(&value), "{json}");
        }
        for json in [
            "true",
            "1",
            "-1",
            "0.1",
            "1e400",
            "\"0\"",
            "\" \"",
            "[null]",
            "{\"a\":null}",
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            assert!(is_true(&value), "{json}");
        }
    }
}
