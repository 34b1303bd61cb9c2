//! JSON that keeps the order of members, as the real services do.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

/// A JSON value; objects keep the order of their members.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    Plain(Value),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

impl Json {
    pub(crate) const NULL: Self = Self::Plain(Value::Null);

    /// The JSON as text, without spaces.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Appends a member to an object; other values stay as they are.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Self>) -> Self {
        if let Self::Map(members) = &mut self {
            members.push((name.to_owned(), value.into()));
        }
        self
    }
}

/// An object with these members.
pub(crate) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Map(members.map(|(name, value)| (name.to_owned(), value)).into())
}

impl<T: Into<Value>> From<T> for Json {
    fn from(value: T) -> Self {
        Self::Plain(value.into())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(value) => value.serialize(serializer),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Map(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_unicode_is_not_escaped() {
        let json = object([("z", "é/😀".into()), ("a", Json::NULL)]).with("m", 1);
        assert_eq!(json.text(), r#"{"z":"é/😀","a":null,"m":1}"#);
    }
}
