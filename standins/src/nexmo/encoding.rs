//! GSM 03.38 and UCS-2, and splitting long texts into parts.

/// A text's alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// `type=text`: GSM 03.38 with its extension.
    Gsm,
    /// `type=unicode`: UCS-2.
    Unicode,
}

impl Alphabet {
    /// Its name in the parameter `type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gsm => "text",
            Self::Unicode => "unicode",
        }
    }

    /// GSM 03.38 if it has all characters of the text, otherwise UCS-2.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if text.chars().all(|character| septets(character).is_some()) {
            Self::Gsm
        } else {
            Self::Unicode
        }
    }

    /// Units of a character: septets, or 16-bit units.
    fn cost(self, character: char) -> usize {
        match self {
            Self::Gsm => septets(character).unwrap_or(1),
            Self::Unicode => character.len_utf16(),
        }
    }

    /// Units in a text of one part.
    fn single(self) -> usize {
        match self {
            Self::Gsm => 160,
            Self::Unicode => 70,
        }
    }

    /// Units in each part of a longer text.
    fn part(self) -> usize {
        match self {
            Self::Gsm => 153,
            Self::Unicode => 67,
        }
    }
}

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// Septets of a character; `None`: GSM 03.38 lacks it.
fn septets(character: char) -> Option<usize> {
    if BASIC.contains(character) {
        return Some(1);
    }
    EXTENSION.contains(character).then_some(2)
}

/// A text as received with `type=text`: `?` for characters that GSM 03.38 lacks.
pub(crate) fn as_gsm(text: &str) -> String {
    text.chars()
        .map(|one| if septets(one).is_some() { one } else { '?' })
        .collect()
}

/// The parts of a text, at least one. Extension pairs and surrogate pairs are not split.
pub(crate) fn parts(text: &str, alphabet: Alphabet) -> Vec<String> {
    if text.chars().map(|one| alphabet.cost(one)).sum::<usize>() <= alphabet.single() {
        return vec![text.to_owned()];
    }
    let mut parts = Vec::new();
    let (mut part, mut used) = (String::new(), 0);
    for character in text.chars() {
        let cost = alphabet.cost(character);
        if used + cost > alphabet.part() {
            parts.push(std::mem::take(&mut part));
            used = 0;
        }
        part.push(character);
        used += cost;
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(text: &str, alphabet: Alphabet) -> Vec<usize> {
        parts(text, alphabet)
            .iter()
            .map(|part| part.chars().count())
            .collect()
    }

    #[test]
    fn parts_have_the_documented_sizes() {
        assert_eq!(sizes(&"a".repeat(160), Alphabet::Gsm), [160]);
        assert_eq!(sizes(&"a".repeat(161), Alphabet::Gsm), [153, 8]);
        assert_eq!(sizes(&"é".repeat(70), Alphabet::Unicode), [70]);
        assert_eq!(sizes(&"я".repeat(71), Alphabet::Unicode), [67, 4]);
    }

    #[test]
    fn pairs_are_not_split() {
        assert_eq!(sizes(&"€".repeat(81), Alphabet::Gsm), [76, 5]);
        assert_eq!(sizes(&"😀".repeat(36), Alphabet::Unicode), [33, 3]);
    }

    #[test]
    fn characters_that_gsm_lacks_become_question_marks() {
        assert_eq!(as_gsm("naïve ç — `€`"), "na?ve ? ? ?€?");
    }
}
