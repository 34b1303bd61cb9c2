//! Reading a JSON object field by field: what a reader asks for is parsed and the rest only skipped,
//! and what is wrong is told by the field's name and never by its value, which may be what a user
//! wrote. `null` counts as absent throughout, as Layer has sent both.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde_json::value::RawValue;

/// A field that is not what it must be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The path of the field, such as `message.sender.user_id`.
    pub field: String,
    /// What is wrong with it, after the words "the field".
    pub problem: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the field `{}` {}", self.field, self.problem)
    }
}

impl Problem {
    /// One with its path.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            problem: problem.into(),
        }
    }
}

/// An object whose values are still JSON text. Of a key that comes twice, the last counts.
pub(crate) struct Fields<'a> {
    path: String,
    values: BTreeMap<String, &'a RawValue>,
}

impl<'a> Fields<'a> {
    /// Reads an object that stands at `path`, which is empty for the whole document.
    pub fn read(path: impl Into<String>, json: &'a str) -> Result<Self, Problem> {
        let path = path.into();
        match serde_json::from_str(json) {
            Ok(values) => Ok(Self { path, values }),
            Err(_) => Err(mismatch(path, json, "an object")),
        }
    }

    /// What a reader found of a field, or the problem that the field is absent.
    pub fn must<T>(&self, name: &str, found: Result<Option<T>, Problem>) -> Result<T, Problem> {
        found?.ok_or_else(|| self.missing(name))
    }

    /// A field that must be there and be text.
    pub fn owned(&self, name: &str) -> Result<String, Problem> {
        Ok(self.must(name, self.text(name))?.into_owned())
    }

    /// The path of one of its fields.
    pub fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// The problem that a field is absent.
    pub fn missing(&self, name: &str) -> Problem {
        Problem::new(self.path_of(name), "is missing")
    }

    /// A field as it came.
    pub fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.values
            .get(name)
            .copied()
            .filter(|raw| raw.get() != "null")
    }

    /// A field that must be text when it is there.
    pub fn text(&self, name: &str) -> Result<Option<Cow<'a, str>>, Problem> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        match text(raw) {
            Some(text) => Ok(Some(text)),
            None => Err(mismatch(self.path_of(name), raw.get(), "text")),
        }
    }

    /// A field that must be an object when it is there.
    pub fn object(&self, name: &str) -> Result<Option<Fields<'a>>, Problem> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        Fields::read(self.path_of(name), raw.get()).map(Some)
    }

    /// A field that must be a list when it is there.
    pub fn list(&self, name: &str) -> Result<Option<Vec<&'a RawValue>>, Problem> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        match serde_json::from_str(raw.get()) {
            Ok(list) => Ok(Some(list)),
            Err(_) => Err(mismatch(self.path_of(name), raw.get(), "a list")),
        }
    }

    /// A field that must be a list of objects when it is there.
    pub fn objects(&self, name: &str) -> Result<Option<Vec<Fields<'a>>>, Problem> {
        let Some(list) = self.list(name)? else {
            return Ok(None);
        };
        let objects = list.into_iter().enumerate();
        let objects = objects.map(|(index, raw)| {
            Fields::read(format!("{}[{index}]", self.path_of(name)), raw.get())
        });
        objects.collect::<Result<_, _>>().map(Some)
    }

    /// A field that must be a whole number from 0, or one in quotes, when it is there.
    pub fn number(&self, name: &str) -> Result<Option<u64>, Problem> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        let number = match text(raw) {
            Some(text) => text.parse().ok(),
            None => raw.get().parse().ok(),
        };
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(Problem::new(
                self.path_of(name),
                "is not a whole number from 0",
            )),
        }
    }

    /// A field that must be a whole number, of either sign, when it is there.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        let not_whole = || Problem::new(self.path_of(name), "is not a whole number");
        raw.get().parse().map(Some).map_err(|_| not_whole())
    }

    /// All fields with their names.
    pub fn all(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.values.iter().map(|(name, raw)| (name.as_str(), *raw))
    }
}

/// JSON text as a string, if it is one.
pub(crate) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    let json = raw.get();
    match serde_json::from_str::<&str>(json) {
        Ok(plain) => Some(Cow::Borrowed(plain)),
        Err(_) => serde_json::from_str(json).ok().map(Cow::Owned),
    }
}

/// The problem that a field is one kind of value instead of another.
pub(crate) fn mismatch(path: String, json: &str, wanted: &str) -> Problem {
    let kind = match json.trim_start().bytes().next() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "text",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    };
    if kind == wanted {
        return Problem::new(path, format!("is {kind} that cannot be read"));
    }
    Problem::new(path, format!("is {kind}, not {wanted}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problem<T>(result: Result<T, Problem>) -> (String, String) {
        let problem = result.err().unwrap();
        (problem.field, problem.problem)
    }

    #[test]
    fn null_is_absent_and_the_last_of_two_equal_keys_counts() {
        let fields = Fields::read("m", r#"{"a":null,"b":"x","b":"y"}"#).unwrap();
        assert_eq!(fields.text("a"), Ok(None));
        assert_eq!(fields.text("c"), Ok(None));
        assert_eq!(fields.text("b").unwrap().as_deref(), Some("y"));
    }

    #[test]
    fn a_problem_names_the_field_and_the_kind_but_never_the_value() {
        let fields = Fields::read("m", r#"{"a":"secret","b":7,"c":[1],"d":"\ud800"}"#).unwrap();
        let is = |field: &str, problem: &str| (field.to_owned(), problem.to_owned());
        assert_eq!(
            problem(fields.object("a")),
            is("m.a", "is text, not an object")
        );
        assert_eq!(problem(fields.list("a")), is("m.a", "is text, not a list"));
        assert_eq!(
            problem(fields.text("b")),
            is("m.b", "is a number, not text")
        );
        assert_eq!(
            problem(fields.number("c")),
            is("m.c", "is not a whole number from 0")
        );
        assert_eq!(
            problem(fields.text("d")),
            is("m.d", "is text that cannot be read")
        );
        assert_eq!(
            problem(Fields::read("", "true")),
            is("", "is true or false, not an object")
        );
    }

    #[test]
    fn a_number_may_stand_in_quotes() {
        let json = r#"{"a":177831018496,"b":"18446744073709551615","c":-1,"d":1.5,"e":"x"}"#;
        let fields = Fields::read("", json).unwrap();
        assert_eq!(fields.number("a"), Ok(Some(177_831_018_496)));
        assert_eq!(fields.number("b"), Ok(Some(u64::MAX)));
        for name in ["c", "d", "e"] {
            assert!(fields.number(name).is_err(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(json in ".*", name in "[a-c]") {
            if let Ok(fields) = Fields::read("", &json) {
                let _ = (fields.text(&name), fields.number(&name), fields.integer(&name));
                let _ = (fields.list(&name).is_ok(), fields.objects(&name).is_ok());
            }
        }
    }
}
