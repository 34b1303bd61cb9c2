//! Reads what stands in a mark from left to right: names, symbols and texts in quotes, with blanks between them.

use unicode_segmentation::UnicodeSegmentation;

use super::quoted;

/// What is left to read of a mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scanner<'s> {
    rest: &'s str,
}

impl<'s> Scanner<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Self {
            rest: text.trim_start(),
        }
    }

    /// Reads a name, or digits. In a name, a letter may carry combining marks.
    pub(super) fn name(&mut self) -> Option<&'s str> {
        let letters = self
            .rest
            .graphemes(true)
            .take_while(|letter| letter.starts_with(is_of_a_name));
        let length = letters.map(str::len).sum();
        let (name, rest) = self.rest.split_at_checked(length)?;
        *self = Self::new(rest);
        Some(name).filter(|name| !name.is_empty())
    }

    /// Reads this name, if it comes next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let mut ahead = *self;
        let is_next = ahead.name() == Some(word);
        if is_next {
            *self = ahead;
        }
        is_next
    }

    /// Reads this symbol, if it comes next.
    pub(super) fn symbol(&mut self, symbol: &str) -> bool {
        match self.rest.strip_prefix(symbol) {
            Some(rest) => {
                *self = Self::new(rest);
                true
            }
            None => false,
        }
    }

    /// Reads a text in quotes.
    pub(super) fn quoted(&mut self) -> Option<String> {
        let (text, rest) = quoted::read(self.rest)?;
        *self = Self::new(rest);
        Some(text)
    }

    /// Whether this comes next.
    pub(super) fn is_at(&self, symbol: &str) -> bool {
        self.rest.starts_with(symbol)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is left.
    pub(super) fn rest(&self) -> &'s str {
        self.rest
    }
}

fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters_digits_and_their_marks() {
        for name in [
            "text",
            "_a$1",
            "00123",
            "prénom",
            "pre\u{301}nom",
            "नमस्ते",
            "名前",
            "if",
        ] {
            let text = format!(" {name}\n.x");
            let mut scanner = Scanner::new(&text);
            assert_eq!(scanner.name(), Some(name));
            assert_eq!(scanner.rest(), ".x", "{name}");
        }
        for other in ["", ".", "-a", "’", "\u{301}", "😀"] {
            assert_eq!(Scanner::new(other).name(), None, "{other}");
        }
    }

    #[test]
    fn what_does_not_come_next_is_not_read() {
        let mut scanner = Scanner::new("ifs (x");
        assert!(!scanner.word("if") && !scanner.symbol("("));
        assert!(scanner.word("ifs") && scanner.symbol("(") && scanner.is_at("x"));
        assert!(scanner.quoted().is_none() && !scanner.is_at_end());
    }
}
