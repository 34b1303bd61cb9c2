//! The filters behind a path: `| trim | truncate: 40`.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    error::{TemplateFault, nearest},
    javascript::print,
    scanner::Scanner,
};
use crate::{redact::excerpt, sms::shorten::shorten};

/// A filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    /// This text for what is missing or empty.
    Default(String),
    /// At most so many characters, as they are read; at least 1. The ellipsis is included, and left out where it
    /// would stand alone.
    Truncate(usize),
    Upper,
    Lower,
    Trim,
}

/// How a filter is written.
struct Form {
    name: &'static str,
    needs: &'static str,
    form: &'static str,
}

const FORMS: [Form; 5] = [
    Form {
        name: "default",
        needs: "needs a text in quotes",
        form: r#"default: "…""#,
    },
    Form {
        name: "truncate",
        needs: "needs a whole number above zero",
        form: "truncate: 40",
    },
    Form {
        name: "upper",
        needs: "takes nothing",
        form: "upper",
    },
    Form {
        name: "lower",
        needs: "takes nothing",
        form: "lower",
    },
    Form {
        name: "trim",
        needs: "takes nothing",
        form: "trim",
    },
];

/// What stands behind the colon of a filter.
enum Argument {
    /// There is no colon.
    None,
    Text(String),
    Number(usize),
    Other,
}

impl Filter {
    /// Reads a filter, given what follows its bar.
    pub(super) fn read(scanner: &mut Scanner<'_>, mark: &str) -> Result<Self, TemplateFault> {
        let not_a_path = || TemplateFault::NotAPath(excerpt(mark));
        let name = scanner.name().ok_or_else(not_a_path)?;
        let form = FORMS
            .iter()
            .find(|form| form.name == name)
            .ok_or_else(|| unknown(name, mark))?;
        Self::of(name, Argument::read(scanner))
            .filter(|_| scanner.is_at_end() || scanner.is_at("|"))
            .ok_or_else(|| TemplateFault::FilterForm {
                filter: form.name,
                mark: excerpt(mark),
                needs: form.needs,
                form: form.form,
            })
    }

    fn of(name: &str, argument: Argument) -> Option<Self> {
        match (name, argument) {
            ("default", Argument::Text(text)) => Some(Self::Default(text)),
            ("truncate", Argument::Number(most @ 1..)) => Some(Self::Truncate(most)),
            ("upper", Argument::None) => Some(Self::Upper),
            ("lower", Argument::None) => Some(Self::Lower),
            ("trim", Argument::None) => Some(Self::Trim),
            _ => None,
        }
    }

    /// The value behind the filter. All but `default` make it a text.
    pub(super) fn apply<'v>(&self, value: Cow<'v, Value>) -> Cow<'v, Value> {
        let text = match self {
            Self::Default(text) if is_empty(&value) => text.clone(),
            Self::Default(_) => return value,
            Self::Truncate(most) => shorten(&print(&value), *most).into_owned(),
            Self::Upper => print(&value).to_uppercase(),
            Self::Lower => print(&value).to_lowercase(),
            Self::Trim => print(&value).trim().to_owned(),
        };
        Cow::Owned(Value::String(text))
    }
}

impl Argument {
    fn read(scanner: &mut Scanner<'_>) -> Self {
        if !scanner.symbol(":") {
            return Self::None;
        }
        if let Some(text) = scanner.quoted() {
            return Self::Text(text);
        }
        let digits = scanner
            .name()
            .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
        // What overflows is more than any text has.
        digits.map_or(Self::Other, |digits| {
            Self::Number(digits.parse().unwrap_or(usize::MAX))
        })
    }
}

fn unknown(name: &str, mark: &str) -> TemplateFault {
    TemplateFault::UnknownFilter {
        filter: excerpt(name),
        mark: excerpt(mark),
        nearest: nearest(name, FORMS.iter().map(|form| form.name)),
    }
}

/// Whether nothing would be printed, or only the braces of an empty object.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(fields) => Map::is_empty(fields),
        value => print(value).is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filtered(filter: &Filter, value: &Value) -> Value {
        filter.apply(Cow::Borrowed(value)).into_owned()
    }

    #[test]
    fn a_text_is_truncated_between_characters_as_they_are_read() {
        let family = "👨\u{200d}👩\u{200d}👧";
        let cases = [
            ("abcdef", 6, "abcdef".to_owned()),
            ("abcdefg", 6, "abc...".to_owned()),
            ("abcdefg", 4, "a...".to_owned()),
            ("abcdefg", 3, "abc".to_owned()),
            ("abcdefg", 1, "a".to_owned()),
            ("", 1, String::new()),
            ("e\u{301}e\u{301}", 2, "e\u{301}e\u{301}".to_owned()),
            (&family.repeat(7), 6, format!("{}...", family.repeat(3))),
            ("abc", usize::MAX, "abc".to_owned()),
        ];
        for (text, most, expected) in cases {
            let truncated = filtered(&Filter::Truncate(most), &json!(text));
            assert_eq!(truncated, json!(expected), "{text} {most}");
        }
    }

    #[test]
    fn the_default_is_for_what_is_missing_or_empty_only() {
        let default = Filter::Default("?".to_owned());
        for empty in [json!(null), json!(""), json!([]), json!({}), json!([null])] {
            assert_eq!(filtered(&default, &empty), json!("?"), "{empty}");
        }
        for full in [
            json!(" "),
            json!(0),
            json!(false),
            json!(["a"]),
            json!({"a": 1}),
        ] {
            assert_eq!(filtered(&default, &full), full);
        }
    }

    #[test]
    fn other_filters_work_on_what_would_be_printed() {
        let cases = [
            (Filter::Upper, json!("straße"), "STRASSE"),
            (Filter::Upper, json!(["a", true]), "A,TRUE"),
            (Filter::Lower, json!("ÀB"), "àb"),
            (Filter::Trim, json!(" \n a b\u{a0}"), "a b"),
            (Filter::Trim, json!(null), ""),
            (Filter::Truncate(4), json!(177_831), "1..."),
        ];
        for (filter, value, expected) in cases {
            assert_eq!(filtered(&filter, &value), json!(expected), "{filter:?}");
        }
    }
}
