//! Reads what a mark prints or asks for: a path with its filters.

use super::{error::TemplateFault, filters::Filter, scanner::Scanner};
use crate::redact::excerpt;

/// A path and the filters behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expression {
    pub(super) path: Path,
    pub(super) filters: Vec<Filter>,
}

/// A path as it is written: `first.key['another key'].0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) first: String,
    pub(super) keys: Vec<String>,
}

impl Expression {
    /// Reads an expression. The mark is the one that it stands in.
    pub(super) fn read(text: &str, mark: &str) -> Result<Self, TemplateFault> {
        let mut scanner = Scanner::new(text);
        let not_a_path = || TemplateFault::NotAPath(excerpt(mark));
        let path = Path::read(&mut scanner).ok_or_else(not_a_path)?;
        let mut filters = Vec::new();
        while scanner.symbol("|") {
            filters.push(Filter::read(&mut scanner, mark)?);
        }
        match scanner.is_at_end() {
            true => Ok(Self { path, filters }),
            false => Err(not_a_path()),
        }
    }
}

impl Path {
    pub(super) fn read(scanner: &mut Scanner<'_>) -> Option<Self> {
        let first = scanner
            .name()
            .filter(|name| !name.starts_with(char::is_numeric))?;
        let mut keys = Vec::new();
        while !scanner.is_at_end() {
            let is_after_dot = scanner.symbol("?.") || scanner.symbol(".");
            keys.push(match (scanner.symbol("["), is_after_dot) {
                (true, _) => key_in_brackets(scanner)?,
                (false, true) => scanner.name()?.to_owned(),
                (false, false) => break,
            });
        }
        Some(Self {
            first: first.to_owned(),
            keys,
        })
    }
}

/// Reads `'key']`, `"key"]` or `0]`.
fn key_in_brackets(scanner: &mut Scanner<'_>) -> Option<String> {
    let key = scanner.quoted().or_else(|| {
        let digits = scanner.name()?;
        let are_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        are_digits.then(|| digits.to_owned())
    })?;
    scanner.symbol("]").then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        let Expression { path, filters } = Expression::read(text, "").unwrap();
        assert_eq!(filters, []);
        [vec![path.first], path.keys].concat()
    }

    #[test]
    fn paths_are_written_in_every_way_of_javascript() {
        let cases: [(&str, &[&str]); 9] = [
            ("text", &["text"]),
            ("a.b.c", &["a", "b", "c"]),
            ("a?.b ?. c", &["a", "b", "c"]),
            ("a['b-c'][\"d e\"]", &["a", "b-c", "d e"]),
            ("a [ 'it\\'s' ] . b", &["a", "it's", "b"]),
            ("a[0].b.00.1", &["a", "0", "b", "00", "1"]),
            ("a?.['']", &["a", ""]),
            (
                "a.99999999999999999999999",
                &["a", "99999999999999999999999"],
            ),
            (
                "a.in.for.not.true.as.with.if",
                &["a", "in", "for", "not", "true", "as", "with", "if"],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(path(text), expected, "{text}");
        }
    }

    #[test]
    fn filters_stand_behind_bars() {
        let read = Expression::read("a.b|trim | truncate :40|default: 'x|y'", "").unwrap();
        assert_eq!(
            read.filters,
            [
                Filter::Trim,
                Filter::Truncate(40),
                Filter::Default("x|y".to_owned())
            ]
        );
    }
}
