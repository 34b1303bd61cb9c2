//! Phones and numbers: E.164 digits without a plus.

use crate::newtype::newtype;

/// The fewest digits of a plausible phone.
const SHORTEST: usize = 7;
/// The most digits that E.164 allows.
const LONGEST: usize = 15;
/// The most stars in a masked text.
const MOST_STARS: usize = 13;

newtype! {
    /// A user's own phone.
    Phone made by from_digits
}

newtype! {
    /// One of the operator's Nexmo numbers.
    Number made by from_digits
}

macro_rules! read_from_writing {
    ($($name:ident),*) => { $(
        impl $name {
            /// Reads a phone number as people write it; `None` when it is not plausible.
            pub fn parse(written: &str) -> Option<Self> {
                normalise(written).map(Self::from_digits)
            }

            /// The digits for a log: all but the last two masked.
            pub fn masked(&self) -> String {
                mask(self)
            }
        }
    )* };
}

read_from_writing!(Phone, Number);

/// The E.164 digits of a phone number as people write it; `None` when it is not plausible.
///
/// Removes blanks, dashes, dots, slashes, brackets, invisible formatting marks and a leading `+` or `00`. The
/// rest must be 7 to 15 digits that do not start with a zero. Also removes a bracketed zero after the country
/// code, as in `+44 (0)20 …`, except in Italy, where that zero is part of the number.
fn normalise(written: &str) -> Option<String> {
    let mut digits = digits(&without_trunk_zero(written))?;
    if let Some(rest) = digits.strip_prefix("00") {
        digits = rest.to_owned();
    }
    let plausible = (SHORTEST..=LONGEST).contains(&digits.len()) && !digits.starts_with('0');
    plausible.then_some(digits)
}

/// The digits of a written phone number; `None` when it has any other character that is not removed.
fn digits(written: &str) -> Option<String> {
    let mut digits = String::new();
    for c in written.chars() {
        match c {
            '0'..='9' => digits.push(c),
            // A plus after digits separates two phones, or a phone and an extension.
            '+' | '\u{ff0b}' if digits.is_empty() => {}
            '-' | '(' | ')' | '.' | '/' => {}
            _ if is_dash(c) || is_invisible(c) || c.is_whitespace() => {}
            _ => return None,
        }
    }
    Some(digits)
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    )
}

/// Formatting marks that are copied along with a phone from a contact or a web page.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

/// Removes a bracketed zero after the country code.
fn without_trunk_zero(written: &str) -> String {
    let Some((before, after)) = written.split_once("(0)") else {
        return written.to_owned();
    };
    let country = digits(before).unwrap_or_default();
    match country.trim_start_matches('0') {
        "" | "39" => written.to_owned(),
        _ => format!("{before}{after}"),
    }
}

/// Masks a phone for a log: all but the last two characters, which stay only if alphanumeric.
pub fn mask(phone: &str) -> String {
    let length = phone.chars().count();
    let hidden = if length > 2 { length - 2 } else { length };
    let shown = phone.chars().skip(hidden);
    let mut masked = "*".repeat(hidden.min(MOST_STARS));
    masked.extend(shown.map(|c| if c.is_alphanumeric() { c } else { '*' }));
    masked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_read_as(written: &str, digits: &str) {
        assert_eq!(normalise(written).as_deref(), Some(digits), "{written:?}");
    }

    #[test]
    fn punctuation_and_blanks_are_removed() {
        is_read_as("+1 (555) 010-2030", "15550102030");
        is_read_as("1.555.010.2030", "15550102030");
        is_read_as("+49/30/123456", "4930123456");
        is_read_as("\t15550102030\n", "15550102030");
    }

    #[test]
    fn unicode_spaces_dashes_and_invisible_marks_are_removed() {
        is_read_as(
            "\u{202a}+1\u{a0}555\u{2011}010\u{2013}2030\u{202c}",
            "15550102030",
        );
        is_read_as("\u{ff0b}1\u{3000}555\u{2212}0102030\u{feff}", "15550102030");
    }

    #[test]
    fn a_leading_00_is_removed() {
        is_read_as("0044 20 7946 0000", "442079460000");
        is_read_as("(00)44 20 7946 0000", "442079460000");
    }

    #[test]
    fn a_bracketed_trunk_zero_is_removed() {
        is_read_as("+44 (0)20 7946 0000", "442079460000");
        is_read_as("0044(0)2079460000", "442079460000");
    }

    #[test]
    fn an_italian_zero_is_kept() {
        is_read_as("+39 (0)6 1234567", "39061234567");
        is_read_as("0039 (0)6 1234567", "39061234567");
    }

    #[test]
    fn seven_to_fifteen_digits_are_plausible() {
        is_read_as("1234567", "1234567");
        is_read_as("123456789012345", "123456789012345");
        assert_eq!(normalise("123456"), None);
        assert_eq!(normalise("1234567890123456"), None);
    }

    #[test]
    fn a_national_form_is_not_plausible() {
        assert_eq!(normalise("020 7946 0000"), None);
        assert_eq!(normalise("(0)20 7946 0000"), None);
        assert_eq!(normalise("000 1234567"), None);
    }

    #[test]
    fn anything_else_is_not_a_phone() {
        for written in [
            "",
            " ",
            "+",
            "MTN",
            "1555010203x",
            "15550102030 ext. 4",
            "15550102030+4",
            "1555010\u{0662}030",
            "15550102030,15550102031",
        ] {
            assert_eq!(normalise(written), None, "{written:?}");
        }
    }

    #[test]
    fn the_last_two_characters_stay_readable() {
        assert_eq!(mask("15550102030"), "*********30");
        assert_eq!(mask("MTN"), "*TN");
        assert_eq!(mask("12"), "**");
        assert_eq!(mask(""), "");
        assert_eq!(mask("é1\n"), "*1*");
        assert_eq!(mask(&"7".repeat(1000)), format!("{}77", "*".repeat(13)));
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(written in "[0-9+() ./-]{0,24}") {
            if let Some(phone) = normalise(&written) {
                prop_assert_eq!(normalise(&phone), Some(phone.clone()));
                prop_assert!((7..=15).contains(&phone.len()));
            }
        }

        #[test]
        fn any_string_can_be_read_and_masked(written in any::<String>()) {
            let _ = normalise(&written);
            prop_assert!(mask(&written).chars().count() <= 15);
        }
    }
}
