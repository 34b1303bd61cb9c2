//! Reads as much of JavaScript as its translation needs.

use super::super::{quoted, scanner::Scanner};

/// Operators that consist of others.
const DOUBLED: [&str; 4] = ["||", "??", "?.", "&&"];

/// Splits at an operator's first place that is neither in brackets nor in quotes.
pub(super) fn split<'s>(code: &'s str, operator: &str) -> Option<(&'s str, &'s str)> {
    let mut depth = 0_usize;
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let longest = DOUBLED.iter().find(|doubled| rest.starts_with(**doubled));
        let token = longest.copied().unwrap_or_default();
        if depth == 0 && rest.starts_with(operator) && (token.is_empty() || token == operator) {
            let before = code.get(..code.len() - rest.len())?;
            return Some((before, rest.get(operator.len()..)?));
        }
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        rest = match quoted::read(rest) {
            Some((_, after)) => after,
            None => rest.get(token.len().max(c.len_utf8())..)?,
        };
    }
    None
}

/// What stands in the brackets around all of the code.
pub(super) fn unwrapped(code: &str) -> Option<&str> {
    let inside = code.trim().strip_prefix('(')?.strip_suffix(')')?;
    Some(inside.trim())
}

/// The text, if the code is nothing but one in quotes.
pub(super) fn literal(code: &str) -> Option<String> {
    let (text, rest) = quoted::read(code.trim())?;
    rest.is_empty().then_some(text)
}

/// A call of a method at the end of the code.
pub(super) struct Call<'s> {
    /// What the method is called on.
    pub(super) of: &'s str,
    pub(super) method: &'s str,
    pub(super) arguments: &'s str,
}

impl<'s> Call<'s> {
    pub(super) fn read(code: &'s str) -> Option<Self> {
        let (before, arguments) = code.trim().strip_suffix(')')?.rsplit_once('(')?;
        let (of, method) = before.rsplit_once('.')?;
        Some(Self {
            of: of.trim(),
            method: method.trim(),
            arguments: arguments.trim(),
        })
    }
}

/// The head of a loop over a list.
pub(super) struct Loop<'s> {
    pub(super) item: &'s str,
    pub(super) list: &'s str,
}

impl<'s> Loop<'s> {
    /// Reads a head up to its `{`.
    pub(super) fn read(code: &'s str) -> Option<Self> {
        let head = code.trim().strip_suffix('{')?.trim();
        let mut scanner = Scanner::new(head);
        match scanner.word("for") {
            true => Self::of(unwrapped(scanner.rest())?),
            false => Self::each(head),
        }
    }

    /// Reads `const item of list`.
    fn of(code: &'s str) -> Option<Self> {
        let mut scanner = Scanner::new(code);
        let first = scanner.name()?;
        let item = match matches!(first, "const" | "let" | "var") {
            true => scanner.name()?,
            false => first,
        };
        let list = scanner.word("of").then(|| scanner.rest())?;
        Some(Self { item, list })
    }

    /// Reads `_.each(list, function(item)`, `_(list).each(item =>` and `list.forEach((item) =>`.
    fn each(head: &'s str) -> Option<Self> {
        let (before, item) = callback(head)?;
        if let Some(call) = before.strip_suffix(',') {
            let (of, list) = call.split_once('(')?;
            return is_each(of.strip_prefix("_.")?).then_some(Self { item, list });
        }
        let (of, method) = before.strip_suffix('(')?.rsplit_once('.')?;
        let list = of.strip_prefix('_').and_then(unwrapped).unwrap_or(of);
        is_each(method).then_some(Self { item, list })
    }
}

fn is_each(method: &str) -> bool {
    matches!(method.trim(), "each" | "forEach")
}

/// What stands before the callback at the end of the code, and the name of its first parameter.
fn callback(code: &str) -> Option<(&str, &str)> {
    let (before, parameters) = match code.strip_suffix("=>").map(str::trim) {
        Some(arrow) => match arrow.strip_suffix(')') {
            Some(arrow) => arrow.rsplit_once('(')?,
            None => arrow.split_at_checked(arrow.rfind(['(', ','])? + 1)?,
        },
        None => {
            let (before, parameters) = code.strip_suffix(')')?.rsplit_once('(')?;
            (before.trim().strip_suffix("function")?, parameters)
        }
    };
    Some((before.trim(), Scanner::new(parameters).name()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_found_outside_of_brackets_and_quotes() {
        let cases = [
            ("a || b", "||", Some(("a ", " b"))),
            ("a?.b ? c : d", "?", Some(("a?.b ", " c : d"))),
            ("a ?? b ? c : d", "?", Some(("a ?? b ", " c : d"))),
            ("(a ? b : c)", "?", None),
            ("a + ' + ' + b", "+", Some(("a ", " ' + ' + b"))),
            ("['+', '\\'+'] + b", "+", Some(("['+', '\\'+'] ", " b"))),
            ("a) || b", "||", None),
            ("a | b", "||", None),
        ];
        for (code, operator, expected) in cases {
            assert_eq!(split(code, operator), expected, "{code}");
        }
    }

    #[test]
    fn loops_are_read_in_their_common_forms() {
        for code in [
            "_.each(messages, function(m) {",
            "_.each( messages , function (m, index) {",
            "_.forEach(messages, m => {",
            "_(messages).each(function(m){",
            "_(messages).forEach((m, i) => {",
            "messages.forEach(function (m) {",
            "messages.forEach(m => {",
            "messages.forEach((m) => {",
            "for (const m of messages) {",
            "for (m of messages) {",
        ] {
            let read = Loop::read(code).unwrap();
            assert_eq!((read.item, read.list.trim()), ("m", "messages"), "{code}");
        }
        for code in [
            "messages.map(m => {",
            "for (var i = 0; i < 3; i++) {",
            "each(m => {",
            "{",
        ] {
            assert!(Loop::read(code).is_none(), "{code}");
        }
    }
}
