//! Reads a JSON object field by field. Only the requested fields are parsed. Errors name the field and never
//! its value, which may be something that a user wrote. `null` counts as absent: Layer has sent both.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// A missing or wrong field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FieldProblem {
    /// The path of the field, such as `message.sender.user_id`.
    pub field: String,
    /// What is wrong with it. Completes a sentence that begins with the field.
    pub problem: String,
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the field `{}` {}", self.field, self.problem)
    }
}

impl FieldProblem {
    /// A problem with the field at a path.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            problem: problem.into(),
        }
    }
}

/// An object with unparsed values. The last of a repeated key counts.
pub(crate) struct Fields<'a> {
    path: String,
    values: Members<'a>,
}

/// The members of an object, sorted by name. A list, as a map would add kilobytes to the Worker.
struct Members<'a>(Vec<(String, &'a RawValue)>);

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        // Of equal names the last one comes first, and stays.
        members.reverse();
        members.sort_by(|(one, _), (other, _): &(String, _)| one.cmp(other));
        members.dedup_by(|(later, _), (first, _)| later == first);
        Ok(Members(members))
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

impl<'a> Fields<'a> {
    /// Reads the object at `path`, which is empty for the whole document.
    pub fn read(path: impl Into<String>, json: &'a str) -> Result<Self, FieldProblem> {
        let path = path.into();
        match serde_json::from_str(json) {
            Ok(values) => Ok(Self { path, values }),
            Err(_) => Err(mismatch(path, json, "an object")),
        }
    }

    /// The value of a required field, as read by one of the other methods.
    pub fn must<T>(
        &self,
        name: &str,
        found: Result<Option<T>, FieldProblem>,
    ) -> Result<T, FieldProblem> {
        found?.ok_or_else(|| self.missing(name))
    }

    /// The path of a field.
    pub fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// The problem of an absent field.
    pub fn missing(&self, name: &str) -> FieldProblem {
        FieldProblem::new(self.path_of(name), "is missing")
    }

    /// The unparsed value of a field.
    pub fn raw(&self, name: &str) -> Option<&'a RawValue> {
        let members = &self.values.0;
        let found = members.binary_search_by(|(known, _)| known.as_str().cmp(name));
        let (_, raw) = members.get(found.ok()?)?;
        Some(*raw).filter(|raw| raw.get() != "null")
    }

    /// An optional text.
    pub fn text(&self, name: &str) -> Result<Option<Cow<'a, str>>, FieldProblem> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        match text(raw) {
            Some(text) => Ok(Some(text)),
            None => Err(mismatch(self.path_of(name), raw.get(), "text")),
        }
    }

    /// An optional object.
    pub fn object(&self, name: &str) -> Result<Option<Fields<'a>>, FieldProblem> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        Fields::read(self.path_of(name), raw.get()).map(Some)
    }

    /// An optional list.
    pub fn list(&self, name: &str) -> Result<Option<Vec<&'a RawValue>>, FieldProblem> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        match serde_json::from_str(raw.get()) {
            Ok(list) => Ok(Some(list)),
            Err(_) => Err(mismatch(self.path_of(name), raw.get(), "a list")),
        }
    }

    /// An optional whole number from 0. May be in quotes.
    pub fn number(&self, name: &str) -> Result<Option<u64>, FieldProblem> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        let number = match text(raw) {
            Some(text) => text.parse().ok(),
            None => raw.get().parse().ok(),
        };
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(FieldProblem::new(
                self.path_of(name),
                "is not a whole number from 0",
            )),
        }
    }

    /// All fields with their names.
    pub fn all(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        let members = self.values.0.iter();
        members.map(|(name, raw)| (name.as_str(), *raw))
    }
}

/// The text of a JSON string; `None` for any other value.
pub(crate) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    let json = raw.get();
    match serde_json::from_str::<&str>(json) {
        Ok(plain) => Some(Cow::Borrowed(plain)),
        Err(_) => serde_json::from_str(json).ok().map(Cow::Owned),
    }
}

/// The problem of a field that has another type than `wanted`.
pub(crate) fn mismatch(path: String, json: &str, wanted: &str) -> FieldProblem {
    let kind = match json.trim_start().bytes().next() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "text",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    };
    if kind == wanted {
        return FieldProblem::new(path, format!("is {kind} that cannot be read"));
    }
    FieldProblem::new(path, format!("is {kind}, not {wanted}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problem<T>(result: Result<T, FieldProblem>) -> FieldProblem {
        result.err().unwrap()
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
        let is = |field: &str, problem: &str| FieldProblem::new(field, problem);
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
    fn a_number_may_be_in_quotes() {
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
                let _ = (fields.text(&name), fields.number(&name));
                let _ = fields.list(&name);
            }
        }
    }
}
