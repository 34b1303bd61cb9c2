//! Other people's words, made fit for logs and error messages.

use crate::phone::mask;

/// The most characters of another service's error text that are kept.
const LONGEST_ERROR_TEXT: usize = 120;
/// The most characters of a setting that an error repeats.
const LONGEST_EXCERPT: usize = 60;
/// A run of digits this long may be a phone number.
const SHORTEST_PHONE: usize = 5;

/// Another service's error text for a log: one line, at most 120 characters, with anything that may be a
/// phone number masked.
pub(crate) fn error_text(text: &str) -> String {
    let mut line = String::new();
    let mut digits = String::new();
    for c in text.trim().chars().chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        match digits.len() < SHORTEST_PHONE {
            true => line.push_str(&digits),
            false => line.push_str(&mask(&digits)),
        }
        digits.clear();
        line.push(if c.is_control() { ' ' } else { c });
    }
    let short: String = line.chars().take(LONGEST_ERROR_TEXT).collect();
    short.trim_end().to_owned()
}

/// The start of an operator's value, short enough to be repeated in an error. Ends in `…` when cut.
pub(crate) fn excerpt(value: &str) -> String {
    let mut characters = value.trim().chars();
    let mut excerpt: String = characters.by_ref().take(LONGEST_EXCERPT).collect();
    if characters.next().is_some() {
        excerpt.push('…');
    }
    excerpt
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_error_text_is_short_and_shows_no_phone() {
        assert_eq!(error_text(&"é".repeat(200)), "é".repeat(120));
        assert_eq!(
            error_text("code 1234, phone 12345"),
            "code 1234, phone ***45"
        );
    }

    #[test]
    fn an_excerpt_has_at_most_sixty_characters() {
        assert_eq!(excerpt(" short "), "short");
        assert_eq!(excerpt(&"ü".repeat(60)), "ü".repeat(60));
        assert_eq!(excerpt(&"ü".repeat(61)), format!("{}…", "ü".repeat(60)));
    }

    proptest! {
        #[test]
        fn no_long_run_of_digits_survives(text in "[0-9a ]{0,200}") {
            let longest = error_text(&text)
                .split(|c: char| !c.is_ascii_digit())
                .map(str::len)
                .max();
            prop_assert!(longest.is_none_or(|longest| longest < 5));
        }
    }
}
