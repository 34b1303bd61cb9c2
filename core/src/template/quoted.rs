//! Texts in quotes, with JavaScript's escapes.

use std::str::Chars;

/// Reads the text in quotes at the start; returns it and what follows. `None` if there is none or it is not closed.
pub(super) fn read(source: &str) -> Option<(String, &str)> {
    let quote = source.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let mut characters = source.chars();
    characters.next();
    // In units of UTF-16, because an escape may be half a surrogate pair.
    let mut units = Vec::new();
    loop {
        match characters.next()? {
            '\\' => escape(&mut characters, &mut units)?,
            c if c == quote => break,
            c => push(c, &mut units),
        }
    }
    Some((String::from_utf16_lossy(&units), characters.as_str()))
}

/// The text in double quotes.
pub(super) fn written(text: &str) -> String {
    let mut written = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            '\n' => written.push_str("\\n"),
            _ => written.push(c),
        }
    }
    written.push('"');
    written
}

/// Reads an escape, given what follows its backslash.
fn escape(characters: &mut Chars<'_>, units: &mut Vec<u16>) -> Option<()> {
    match characters.next()? {
        'n' => push('\n', units),
        'r' => push('\r', units),
        't' => push('\t', units),
        'b' => push('\u{8}', units),
        'f' => push('\u{c}', units),
        'v' => push('\u{b}', units),
        '0' => push('\0', units),
        'x' => units.push(digits(characters, 2)?),
        'u' => match characters.as_str().strip_prefix('{') {
            Some(braced) => {
                *characters = braced.chars();
                push(code_point(characters)?, units);
            }
            None => units.push(digits(characters, 4)?),
        },
        // A line that goes on.
        '\n' => {}
        c => push(c, units),
    }
    Some(())
}

/// Reads so many hexadecimal digits.
fn digits(characters: &mut Chars<'_>, count: usize) -> Option<u16> {
    (0..count).try_fold(0, |number, _| {
        let digit = characters.next()?.to_digit(16)?;
        Some(number * 16 + u16::try_from(digit).ok()?)
    })
}

/// Reads the digits up to a closing brace.
fn code_point(characters: &mut Chars<'_>) -> Option<char> {
    let (digits, rest) = characters.as_str().split_once('}')?;
    *characters = rest.chars();
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

fn push(c: char, units: &mut Vec<u16>) {
    units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(source: &str) -> Option<String> {
        let (text, rest) = read(source)?;
        rest.is_empty().then_some(text)
    }

    #[test]
    fn escapes_mean_what_they_mean_in_javascript() {
        let cases = [
            (r#"'it\'s "so"'"#, "it's \"so\""),
            (r#""it's \"so\"""#, "it's \"so\""),
            (r"'\\'", "\\"),
            (r"'a\\\n\t\r\0\b\f\v'", "a\\\n\t\r\0\u{8}\u{c}\u{b}"),
            (
                r"'pr\u00e9nom \xE9 \u{1F600} \ud83d\uDE00'",
                "prénom é 😀 😀",
            ),
            (r"'\ud83d|\ude00'", "\u{fffd}|\u{fffd}"),
            (r"'\q\é'", "qé"),
            ("'a\\\nb'", "ab"),
            ("'a\nb'", "a\nb"),
        ];
        for (source, expected) in cases {
            assert_eq!(text(source).as_deref(), Some(expected), "{source}");
        }
    }

    #[test]
    fn a_text_that_is_not_closed_is_none() {
        for source in [
            "",
            "a",
            "`a`",
            "'",
            "'a",
            "'a\"",
            r"'\'",
            r"'\u12'",
            r"'\u{}'",
            r"'\u{110000}'",
            r"'\xg0'",
            r"'\u{12",
            "“a”",
        ] {
            assert_eq!(text(source), None, "{source}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(said in any::<String>(), after in "\\PC{0,5}") {
            let source = format!("{}{after}", written(&said));
            prop_assert_eq!(read(&source), Some((said, after.as_str())));
        }

        #[test]
        fn no_text_panics(source in "['\"]([\\\\'\"xu{}0-9a-f]|\\PC){0,12}") {
            read(&source);
        }
    }
}
