//! MIME types with their parameters, as tolerantly as chats write them.

/// A MIME type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mime {
    /// The type and subtype in lower case: `image/png`.
    pub essence: String,
    parameters: Vec<Parameter>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parameter {
    name: String,
    value: String,
}

impl Mime {
    /// Reads a MIME type. Skips parameters that are not `name=value`.
    pub fn read(written: &str) -> Self {
        let mut sections = sections(written).into_iter();
        let essence = sections.next().unwrap_or_default();
        Self {
            essence: essence.trim().to_ascii_lowercase(),
            parameters: sections.filter_map(|it| Parameter::read(&it)).collect(),
        }
    }

    /// A parameter's value; `None` if there is none or it is blank.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut named = self.parameters.iter().filter(|it| it.name == name);
        let value = named.next()?.value.trim();
        (!value.is_empty()).then_some(value)
    }
}

impl Parameter {
    fn read(written: &str) -> Option<Self> {
        let (name, value) = written.split_once('=')?;
        Some(Self {
            name: name.trim().to_ascii_lowercase(),
            value: unquoted(value.trim()),
        })
    }
}

/// Splits at the semicolons outside quotes.
fn sections(written: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for c in written.chars() {
        if c == ';' && !quoted {
            sections.push(String::new());
            continue;
        }
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        if let Some(section) = sections.last_mut() {
            section.push(c);
        }
    }
    sections
}

/// The content of a quoted string (RFC 9110, section 5.6.4); any other value as it is.
fn unquoted(value: &str) -> String {
    let inner = value
        .strip_prefix('"')
        .map(|rest| rest.strip_suffix('"').unwrap_or(rest));
    let Some(inner) = inner else {
        return value.to_owned();
    };
    let mut content = String::new();
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => content.extend(characters.next()),
            c => content.push(c),
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_type_is_read_in_any_case_and_without_its_parameters() {
        for written in ["image/png", " IMAGE/PNG ; role=root", "image/png;;role"] {
            assert_eq!(Mime::read(written).essence, "image/png", "{written}");
        }
        assert_eq!(Mime::read("").essence, "");
    }

    #[test]
    fn parameters_are_read_with_and_without_quotes() {
        let mime = Mime::read(r#"a/b;Role = root; NAME="a; \"b\".pdf" ;empty="";x"#);
        assert_eq!(mime.parameter("role"), Some("root"));
        assert_eq!(mime.parameter("name"), Some(r#"a; "b".pdf"#));
        assert_eq!(mime.parameter("empty"), None);
        assert_eq!(mime.parameter("x"), None);
        assert_eq!(
            Mime::read(r#"a/b; name="open"#).parameter("name"),
            Some("open")
        );
    }

    proptest! {
        #[test]
        fn any_string_is_read(written in "[a-z/;=\"\\\\ ]{0,30}|\\PC{0,30}") {
            let mime = Mime::read(&written);
            let _ = mime.parameter("name");
        }

        #[test]
        fn a_quoted_name_is_read_as_it_was_written(name in "[ -~]{0,20}[!-~]") {
            let quoted = name.replace('\\', r"\\").replace('"', "\\\"");
            let mime = Mime::read(&format!("a/b; name=\"{quoted}\"; role=root"));
            prop_assert_eq!(mime.parameter("name"), Some(name.trim()));
            prop_assert_eq!(mime.parameter("role"), Some("root"));
        }
    }
}
