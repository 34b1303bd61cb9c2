//! Whether a user's identity says no to texts.

use serde_json::Value;

use super::Identity;

/// The words that say no, in any case.
const NO: [&str; 4] = ["false", "no", "off", "0"];

/// The path of a field in identities, such as `metadata.sms_notifications`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath(Vec<String>);

impl FieldPath {
    /// Reads names with points between them; `None` if one of them is blank.
    pub fn read(path: &str) -> Option<Self> {
        let names: Vec<String> = path.split('.').map(|name| name.trim().to_owned()).collect();
        names
            .iter()
            .all(|name| !name.is_empty())
            .then_some(Self(names))
    }
}

impl Identity {
    /// Whether a field says no. What is missing does not, nor does anything but the words for it.
    pub fn says_no(&self, path: &FieldPath) -> bool {
        let mut names = path.0.iter();
        let first = names.next().and_then(|name| self.fields.get(name));
        let value = names.fold(first, |value, name| value?.get(name));
        match value {
            Some(Value::Bool(yes)) => !yes,
            Some(Value::Number(number)) => number.as_f64() == Some(0.0),
            Some(Value::String(word)) => NO.iter().any(|no| word.trim().eq_ignore_ascii_case(no)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn says_no(path: &str, identity: &Value) -> bool {
        let identity = Identity::from_hook(identity).unwrap();
        identity.says_no(&FieldPath::read(path).unwrap())
    }

    #[test]
    fn a_field_says_no_in_several_ways() {
        for no in [
            json!(false),
            json!("False"),
            json!("NO"),
            json!(" off "),
            json!("0"),
            json!(0),
            json!(0.0),
        ] {
            assert!(
                says_no("metadata.texts", &json!({ "metadata": { "texts": no } })),
                "{no}"
            );
            assert!(says_no("texts", &json!({ "texts": no })), "{no}");
        }
    }

    #[test]
    fn anything_else_does_not_say_no() {
        for yes in [
            json!(true),
            json!("true"),
            json!("yes"),
            json!(""),
            json!(1),
            json!(null),
            json!({}),
            json!([]),
        ] {
            assert!(!says_no("texts", &json!({ "texts": yes })), "{yes}");
        }
        assert!(!says_no("metadata.texts", &json!({ "metadata": "false" })));
        assert!(!says_no("metadata.texts", &json!({})));
    }

    #[test]
    fn a_path_has_no_blank_names() {
        for path in ["", ".", "a.", ".a", "a..b", "a. .b"] {
            assert_eq!(FieldPath::read(path), None, "{path}");
        }
        assert!(FieldPath::read("metadata.sms-notifications").is_some());
    }
}
