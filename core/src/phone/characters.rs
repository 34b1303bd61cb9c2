//! The characters of a written phone.

/// What a character of a written phone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// A digit of any script, 0 to 9.
    Digit(char),
    /// A plus.
    Plus,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// A dot.
    Dot,
    /// A dash.
    Dash,
    /// A blank.
    Blank,
}

impl Token {
    /// The digit, as an ASCII digit.
    pub fn digit(self) -> Option<char> {
        match self {
            Self::Digit(digit) => Some(digit),
            _ => None,
        }
    }

    /// Whether it is a dot or a dash.
    pub fn is_mark(self) -> bool {
        matches!(self, Self::Dot | Self::Dash)
    }
}

/// The tokens of a text; `None` when it has a character that phones do not have. Invisible characters count as
/// blanks: some of them separate words.
pub fn tokens(text: &str) -> Option<Vec<Token>> {
    text.chars().map(token).collect()
}

fn token(c: char) -> Option<Token> {
    Some(match c {
        '+' | '\u{ff0b}' | '\u{fe62}' => Token::Plus,
        '(' | '\u{ff08}' | '\u{fe59}' => Token::Open,
        ')' | '\u{ff09}' | '\u{fe5a}' => Token::Close,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => {
            Token::Dash
        }
        '.' | '\u{b7}' | '\u{2024}' | '\u{ff0e}' => Token::Dot,
        // The sound mark that stands for a dash on Japanese keyboards.
        '\u{30fc}' | '\u{ff70}' => Token::Dash,
        _ if is_line_break(c) => return None,
        _ if c.is_whitespace() || is_invisible(c) => Token::Blank,
        _ => Token::Digit(digit(c)?),
    })
}

/// Line breaks separate two things, as commas do.
fn is_line_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Formatting marks that are copied along with a phone from a contact or a web page.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

/// The zeros of the scripts that have digits of their own (Unicode's category Nd), each followed by the other nine.
const ZEROS: [u32; 51] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650,
    0x116c0, 0x11730, 0x118e0, 0x1e950,
];

/// A digit of any script as an ASCII digit.
fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS.iter().rev().find(|zero| **zero <= code)?;
    char::from_digit(code - zero, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_has_ten_digits_from_its_zero() {
        assert!(ZEROS.is_sorted());
        for zero in ZEROS {
            for (value, expected) in ('0'..='9').enumerate() {
                let c = char::from_u32(zero + u32::try_from(value).unwrap()).unwrap();
                assert!(c.is_numeric(), "{c:?}");
                assert_eq!(digit(c), Some(expected), "{c:?}");
            }
            let after = char::from_u32(zero + 10).unwrap();
            assert!(
                digit(after).is_none() || ZEROS.contains(&(zero + 10)),
                "{after:?}"
            );
        }
        for c in ['a', '²', '½', '①', '/', 'Ⅳ', '一'] {
            assert_eq!(digit(c), None, "{c}");
        }
    }
}
