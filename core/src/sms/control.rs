//! Characters that cannot be seen.

use std::borrow::Cow;

use crate::phone::is_invisible;

/// The text with U+FFFD for each control character but line breaks and tabs.
pub fn without_controls(text: &str) -> Cow<'_, str> {
    let is_bad = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    match text.contains(is_bad) {
        true => text.replace(is_bad, "\u{fffd}").into(),
        false => text.into(),
    }
}

/// Whether nothing of a text can be seen.
pub fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
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
        assert!(is_blank(" \n\u{200b}\0") && is_blank("") && !is_blank(" a"));
        assert_eq!(without_controls("a\tb\r\nc 😀"), "a\tb\r\nc 😀");
    }
}
