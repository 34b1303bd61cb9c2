//! A var or a secret as the environment holds it: a text, or what TOML makes of a value without quotes.

use serde_json::Value;

/// JavaScript keeps the digits of whole numbers below this.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The value of a var or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Var {
    /// A text. Secrets are always texts.
    Text(String),
    /// A number, true or false, a list or a table of `wrangler.toml`.
    Bare(Value),
}

impl From<String> for Var {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Var {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Var {
    /// The text that the value stands for; a list is one with commas between its items. The error completes a
    /// sentence that begins with the setting.
    pub fn text(&self) -> Result<String, String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Bare(Value::Array(items)) if items.is_empty() => {
                Err("is an empty list".to_owned())
            }
            Self::Bare(Value::Array(items)) => {
                let items: Result<Vec<String>, String> = items.iter().map(scalar).collect();
                Ok(items?.join(","))
            }
            Self::Bare(value) => scalar(value),
        }
    }

    /// Whether it counts as not set.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

fn scalar(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) if number.as_f64().is_none_or(|number| number.abs() >= EXACT) => {
            Err("is a number too long to be exact: write it in quotes".to_owned())
        }
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(on) => Ok(on.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err("is a table: write its value as one text, in quotes".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_toml_writes_without_quotes_stands_for_its_text() {
        for (value, text) in [
            (json!(30), "30"),
            (json!(1.5), "1.5"),
            (json!(12_025_550_101_i64), "12025550101"),
            (json!(true), "true"),
            (json!(["sent", "delivered"]), "sent,delivered"),
            (
                json!([12_025_550_101_i64, "12025550102"]),
                "12025550101,12025550102",
            ),
        ] {
            assert_eq!(Var::Bare(value).text().as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_table_anywhere_and_an_empty_list_are_problems() {
        let long = json!(12_345_678_901_234_567_890_u64);
        for value in [
            json!({"a": 1}),
            json!([["sent"]]),
            json!([{}]),
            json!([]),
            long,
        ] {
            assert!(Var::Bare(value.clone()).text().is_err(), "{value}");
        }
        assert!(
            Var::Bare(json!({}))
                .text()
                .unwrap_err()
                .contains("in quotes")
        );
    }
}
