//! Repairs lone halves of surrogate pairs in the `\u` escapes of JSON. JavaScript writes them when a text was
//! cut inside an emoji. A string in Rust cannot hold them: the whole message would be unreadable.

use std::borrow::Cow;

/// The JSON with the escape of each lone half replaced by that of U+FFFD, which has the same length.
pub fn repaired(json: &str) -> Cow<'_, str> {
    if !json.contains('\\') || !json.contains("\\ud") && !json.contains("\\uD") {
        return Cow::Borrowed(json);
    }
    let mut repaired = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, from)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        repaired.push_str(before);
        let length = escape_length(from);
        let (escape, after) = from.split_at_checked(length).unwrap_or((from, ""));
        repaired.push_str(if is_lone(escape) { "\\ufffd" } else { escape });
        rest = after;
    }
    repaired.push_str(rest);
    Cow::Owned(repaired)
}

/// Length in bytes of the escape at the start: both halves of a pair, `\u` with four digits, or the backslash
/// with one character.
fn escape_length(from: &str) -> usize {
    let is_pair = half(from).is_some_and(|high| (0xD800..0xDC00).contains(&high))
        && from
            .get(6..)
            .and_then(half)
            .is_some_and(|low| (0xDC00..0xE000).contains(&low));
    match half(from) {
        Some(_) if is_pair => 12,
        Some(_) => 6,
        None => 1 + from.chars().nth(1).map_or(0, char::len_utf8),
    }
}

/// Whether an escape is half of a pair, alone.
fn is_lone(escape: &str) -> bool {
    escape.len() == 6 && half(escape).is_some_and(|unit| (0xD800..0xE000).contains(&unit))
}

/// The UTF-16 unit of the `\u` escape at the start; `None` when there is none.
fn half(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_lone_half_becomes_the_replacement_character() {
        for (json, expected) in [
            (r#""a\ud83d""#, "a\u{fffd}"),
            (r#""\uDE00b""#, "\u{fffd}b"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\n""#, "\u{fffd}\n"),
            (r#""\ud83dé""#, "\u{fffd}é"),
        ] {
            let read: String = serde_json::from_str(&repaired(json)).unwrap();
            assert_eq!(read, expected, "{json}");
        }
    }

    #[test]
    fn anything_else_is_not_changed() {
        for json in [
            r#"{"a":"\ud83d\ude00\u00e9\/x"}"#,
            r#""\\ud83d""#,
            r#""\ud83"#,
            r#""\ud83d\ude00\"#,
            r#""\é\ud83d\ude00""#,
        ] {
            assert_eq!(repaired(json), json);
        }
        assert!(matches!(repaired(r#""plain""#), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_once_is_enough(json in r#"([ué"a0]|\\|\\ud8|\\udc|\\ud83d|\\ude00){0,20}"#) {
            let once = repaired(&json).into_owned();
            prop_assert_eq!(once.len(), json.len());
            prop_assert_eq!(repaired(&once), once.as_str());
        }
    }
}
