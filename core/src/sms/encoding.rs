//! The encodings of SMS and how much fits into a part.
//!
//! The alphabet is that of 3GPP 23.038. A single part holds 160 septets or 70 UTF-16 units; each of several
//! holds 153 or 67. Nexmo converts nothing: a character outside the alphabet arrives as `?` unless the text
//! is sent as Unicode.

/// The encoding of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// The GSM 7-bit alphabet: Nexmo's `type=text`.
    Gsm,
    /// UCS-2: Nexmo's `type=unicode`.
    Unicode,
}

impl Encoding {
    pub(super) fn of(text: &str) -> Self {
        match text.chars().all(|c| septets(c).is_some()) {
            true => Self::Gsm,
            false => Self::Unicode,
        }
    }

    /// Width of a character in units; a character is never split across parts.
    pub(super) fn width(self, c: char) -> usize {
        match self {
            Self::Gsm => septets(c).unwrap_or(1),
            Self::Unicode => c.len_utf16(),
        }
    }

    /// Units in a single part.
    pub(super) fn single(self) -> usize {
        match self {
            Self::Gsm => 160,
            Self::Unicode => 70,
        }
    }

    /// Units in each of several parts.
    pub(super) fn each(self) -> usize {
        match self {
            Self::Gsm => 153,
            Self::Unicode => 67,
        }
    }

    /// The end of a cut text: characters of one unit each.
    pub(super) fn ellipsis(self) -> &'static str {
        match self {
            Self::Gsm => "...",
            Self::Unicode => "…",
        }
    }
}

/// Septets of a character in the GSM alphabet; `None` when it is not in the alphabet.
fn septets(c: char) -> Option<usize> {
    match c {
        '\n' | '\r' | ' '..='#' | '%'..='?' | 'A'..='Z' | 'a'..='z' => Some(1),
        '@' | '£' | '$' | '¥' | 'è' | 'é' | 'ù' | 'ì' | 'ò' | 'Ç' | 'Ø' | 'ø' | 'Å' | 'å' => {
            Some(1)
        }
        'Δ' | '_' | 'Φ' | 'Γ' | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' => Some(1),
        'Æ' | 'æ' | 'ß' | 'É' | '¤' | '¡' | 'Ä' | 'Ö' | 'Ñ' | 'Ü' | '§' => Some(1),
        '¿' | 'ä' | 'ö' | 'ñ' | 'ü' | 'à' => Some(1),
        '\u{c}' | '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
        ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    const EXTENSION: &str = "\u{c}^{}\\[~]|€";

    #[test]
    fn the_alphabet_is_that_of_the_standard() {
        assert_eq!(BASIC.chars().count(), 127);
        for c in '\0'..=char::MAX {
            let expected = match () {
                () if BASIC.contains(c) => Some(1),
                () if EXTENSION.contains(c) => Some(2),
                () => None,
            };
            assert_eq!(septets(c), expected, "{c:?}");
        }
    }
}
