//! Control characters in texts from phones.

use std::borrow::Cow;

/// The text with U+FFFD for each control character but line breaks and tabs.
pub fn without_controls(text: &str) -> Cow<'_, str> {
    let is_bad = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    match text.contains(is_bad) {
        true => text.replace(is_bad, "\u{fffd}").into(),
        false => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_line_breaks_and_tabs_stay() {
        assert_eq!(
            without_controls("a\0b\u{7f}\u{9b}c"),
            "a\u{fffd}b\u{fffd}\u{fffd}c"
        );
        assert_eq!(without_controls("a\tb\r\nc 😀"), "a\tb\r\nc 😀");
    }
}
