//! Values nested too deeply. serde_json reads 127 levels, and what it reads is nested once more when it is
//! stored or passed on.

use std::borrow::Cow;

/// Lists and objects at more than this many levels become null.
const DEEPEST: usize = 100;

/// The JSON with each list and object below [`DEEPEST`] levels replaced by null. Does not check the JSON.
pub fn cut(json: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut copied = 0;
    for (start, end) in TooDeep::new(json) {
        kept.push_str(json.get(copied..start).unwrap_or_default());
        kept.push_str("null");
        copied = end;
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    kept.push_str(json.get(copied..).unwrap_or_default());
    Cow::Owned(kept)
}

/// Finds the start and the end of each value that is nested too deeply.
struct TooDeep<'a> {
    bytes: std::iter::Enumerate<std::str::Bytes<'a>>,
    length: usize,
    depth: usize,
}

impl<'a> TooDeep<'a> {
    fn new(json: &'a str) -> Self {
        Self {
            bytes: json.bytes().enumerate(),
            length: json.len(),
            depth: 0,
        }
    }

    /// Skips the rest of a string.
    fn skip_string(&mut self) {
        while let Some((_, byte)) = self.bytes.next() {
            match byte {
                b'"' => return,
                b'\\' => drop(self.bytes.next()),
                _ => {}
            }
        }
    }
}

impl Iterator for TooDeep<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let mut start = None;
        while let Some((at, byte)) = self.bytes.next() {
            match byte {
                b'"' => self.skip_string(),
                b'{' | b'[' => {
                    if self.depth == DEEPEST {
                        start = Some(at);
                    }
                    self.depth += 1;
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if let Some(start) = start.filter(|_| self.depth == DEEPEST) {
                        return Some((start, at + 1));
                    }
                }
                _ => {}
            }
        }
        start.map(|start| (start, self.length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize, inner: &str) -> String {
        format!("{}{inner}{}", "[".repeat(levels), "]".repeat(levels))
    }

    #[test]
    fn values_below_a_hundred_levels_become_null() {
        let deepest = nested(DEEPEST, "");
        assert!(matches!(cut(&deepest), Cow::Borrowed(_)));
        assert_eq!(
            cut(&nested(DEEPEST, "[],7,{}")),
            nested(DEEPEST, "null,7,null")
        );
        assert_eq!(cut(&nested(500, "1")), nested(DEEPEST, "null"));
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        for string in [r#""[[[""#, r#""\"[{""#, r#""\\""#, r#""é[\u005b""#] {
            let json = nested(DEEPEST, &format!("{string},[1]"));
            assert_eq!(cut(&json), nested(DEEPEST, &format!("{string},null")));
        }
    }

    #[test]
    fn a_value_that_is_cut_off_stays_unreadable() {
        let cut_off = "[".repeat(500);
        assert_eq!(cut(&cut_off), format!("{}null", "[".repeat(DEEPEST)));
        assert_eq!(cut("]]\"[\\"), "]]\"[\\");
    }
}
