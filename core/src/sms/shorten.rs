//! Texts made to fit a place that is shorter than they are.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

/// The end of a shortened text.
const DOTS: &str = "...";

/// The text in at most `most` characters as they are read. A longer one ends in `...`, unless `most` leaves no
/// room for anything else.
pub fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    if text.graphemes(true).nth(most).is_none() {
        return text.into();
    }
    let (kept, dots) = match most.checked_sub(DOTS.len()) {
        None | Some(0) => (most, ""),
        Some(kept) => (kept, DOTS),
    };
    let kept: String = text.graphemes(true).take(kept).collect();
    (kept + dots).into()
}

/// The text on one line: each line break, with the blanks around it, is one blank.
pub fn on_one_line(text: &str) -> String {
    let lines = text.split(['\r', '\n', '\u{85}', '\u{2028}', '\u{2029}']);
    let lines = lines.map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_that_fits_is_not_changed() {
        assert_eq!(shorten("four", 4), "four");
        assert_eq!(shorten("", 0), "");
    }

    #[test]
    fn a_longer_text_ends_in_dots() {
        assert_eq!(
            shorten(&"a".repeat(41), 40),
            format!("{}...", "a".repeat(37))
        );
        assert_eq!(shorten("abcde", 4), "a...");
        assert_eq!(
            (shorten("abcde", 3), shorten("abcde", 1)),
            ("abc".into(), "a".into())
        );
    }

    #[test]
    fn what_is_read_as_one_character_counts_as_one() {
        let family = "👨\u{200d}👩\u{200d}👧";
        assert_eq!(shorten(&family.repeat(5), 5), family.repeat(5));
        assert_eq!(
            shorten(&family.repeat(6), 5),
            format!("{}...", family.repeat(2))
        );
    }

    #[test]
    fn a_line_break_is_one_blank() {
        assert_eq!(on_one_line("a\r\nb \n\n c"), "a b c");
        assert_eq!(on_one_line(" \n "), "");
    }

    proptest! {
        #[test]
        fn nothing_is_longer_than_asked(text in "\\PC{0,30}", most in 0_usize..20) {
            let shortened = shorten(&text, most);
            prop_assert!(shortened.graphemes(true).count() <= most);
            prop_assert!(shortened == text || most < 4 || shortened.ends_with(DOTS));
        }
    }
}
