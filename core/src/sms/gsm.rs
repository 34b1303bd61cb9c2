//! Texts as SMS: counts the parts and cuts long texts. Nexmo refuses a text over its limit.

use unicode_segmentation::UnicodeSegmentation;

use super::encoding::Encoding;

/// The most parts of a text; Nexmo recommends at most six.
const MOST_PARTS: usize = 6;

/// A text ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sms {
    /// The text, cut if it was too long.
    pub text: String,
    /// Its encoding.
    pub encoding: Encoding,
    /// The number of its parts, 1 to 6.
    pub parts: usize,
    /// Whether the text was cut.
    pub cut: bool,
}

/// Chooses the encoding of a text and cuts the text to six parts.
pub fn sms(text: &str) -> Sms {
    let encoding = Encoding::of(text);
    let (text, cut) = match cut(text, encoding, 0) {
        Some(shorter) => (shorter, true),
        None => (text.to_owned(), false),
    };
    let parts = parts(&text, encoding);
    Sms {
        text,
        encoding,
        parts,
        cut,
    }
}

/// Whether a text fits into six parts.
pub fn fits(text: &str) -> bool {
    fitting(text, Encoding::of(text), 0).is_none()
}

/// A text of six parts at most that ends in `ending`: cuts what stands before it. `ending` is a short line of
/// characters of one unit each.
pub fn sms_ending_in(text: &str, ending: &str) -> Sms {
    let whole = format!("{text}{ending}");
    let encoding = Encoding::of(&whole);
    if fitting(&whole, encoding, 0).is_none() {
        return sms(&whole);
    }
    let ending_units: usize = ending.chars().map(|c| encoding.width(c)).sum();
    let kept = cut(text, encoding, ending_units).unwrap_or_else(|| text.to_owned());
    let text = format!("{kept}{ending}");
    Sms {
        parts: parts(&text, encoding),
        text,
        encoding,
        cut: true,
    }
}

/// Fills the parts of a text one after the other. A character of two units is never split, so a part may end
/// one unit short.
struct Parts {
    encoding: Encoding,
    full: usize,
    filled: usize,
}

impl Parts {
    fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            full: 0,
            filled: 0,
        }
    }

    fn add(&mut self, c: char) {
        let width = self.encoding.width(c);
        if self.filled + width > self.encoding.each() {
            self.full += 1;
            self.filled = 0;
        }
        self.filled += width;
    }

    /// Free units in all six parts.
    fn room(&self) -> usize {
        (MOST_PARTS * self.encoding.each())
            .saturating_sub(self.full * self.encoding.each() + self.filled)
    }
}

/// The number of parts of a text.
fn parts(text: &str, encoding: Encoding) -> usize {
    let units: usize = text.chars().map(|c| encoding.width(c)).sum();
    if units <= encoding.single() {
        return 1;
    }
    let mut parts = Parts::new(encoding);
    text.chars().for_each(|c| parts.add(c));
    parts.full + 1
}

/// The start of a text that fits into six parts together with an ellipsis and `reserved` units; `None` when the
/// whole text fits. Ends between two characters as they are read, unless a single one of these fills all parts.
fn cut(text: &str, encoding: Encoding, reserved: usize) -> Option<String> {
    let end = fitting(text, encoding, reserved)?;
    let as_read = text.grapheme_indices(true).map(|(at, _)| at);
    let between = as_read.take_while(|at| *at <= end).last();
    let end = between.filter(|at| *at > 0).unwrap_or(end);
    let kept = text.get(..end).unwrap_or_default();
    Some(format!("{kept}{}", encoding.ellipsis()))
}

/// The length in bytes of the characters that fit into six parts together with an ellipsis and `reserved` units;
/// `None` when the whole text fits with these.
fn fitting(text: &str, encoding: Encoding, reserved: usize) -> Option<usize> {
    let room_needed = reserved + encoding.ellipsis().chars().count();
    let mut parts = Parts::new(encoding);
    let mut end = 0;
    for (at, c) in text.char_indices() {
        parts.add(c);
        if parts.full == MOST_PARTS {
            return Some(end);
        }
        if parts.room() >= room_needed {
            end = at + c.len_utf8();
        }
    }
    (parts.room() < reserved).then_some(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_character_outside_makes_it_unicode() {
        assert_eq!(sms("plain €[]~").encoding, Encoding::Gsm);
        for other in ["`", "\t", "ç", "á", "’", "…", "\u{a0}", "😀"] {
            assert_eq!(sms(other).encoding, Encoding::Unicode, "{other:?}");
        }
    }

    #[test]
    fn parts_are_counted_in_the_units_of_the_encoding() {
        let parts_of = |unit: &str, times: usize| sms(&unit.repeat(times)).parts;
        assert_eq!((parts_of("", 1), parts_of("a", 160)), (1, 1));
        assert_eq!(parts_of("a", 161), 2);
        assert_eq!((parts_of("a", 306), parts_of("a", 307)), (2, 3));
        assert_eq!((parts_of("€", 80), parts_of("€", 81)), (1, 2));
        assert_eq!((parts_of("б", 70), parts_of("б", 71)), (1, 2));
        assert_eq!((parts_of("б", 134), parts_of("б", 135)), (2, 3));
        assert_eq!((parts_of("😀", 35), parts_of("😀", 36)), (1, 2));
    }

    #[test]
    fn a_pair_that_does_not_fit_moves_to_the_next_part() {
        assert_eq!(sms(&"€".repeat(152)).parts, 2);
        assert_eq!(sms(&"€".repeat(153)).parts, 3);
        assert_eq!(sms(&"😀".repeat(66)).parts, 2);
        assert_eq!(sms(&"😀".repeat(67)).parts, 3);
    }

    #[test]
    fn six_full_parts_are_not_cut() {
        for text in ["a".repeat(918), "б".repeat(402)] {
            let sms = sms(&text);
            assert_eq!((sms.text, sms.parts, sms.cut), (text, 6, false));
        }
    }

    #[test]
    fn a_longer_text_is_cut_to_six_parts() {
        let gsm = sms(&"a".repeat(919));
        assert_eq!(gsm.text, format!("{}...", "a".repeat(915)));
        assert_eq!((gsm.parts, gsm.cut), (6, true));
        let unicode = sms(&"б".repeat(403));
        assert_eq!(unicode.text, format!("{}…", "б".repeat(401)));
        assert_eq!((unicode.parts, unicode.cut), (6, true));
    }

    #[test]
    fn a_cut_never_splits_a_pair() {
        let euros = sms(&"€".repeat(459));
        assert_eq!(euros.text, format!("{}...", "€".repeat(455)));
        assert_eq!((euros.parts, euros.cut), (6, true));
        let faces = sms(&"😀".repeat(201));
        assert_eq!(faces.text, format!("{}…", "😀".repeat(198)));
        assert_eq!((faces.parts, faces.cut), (6, true));
    }

    #[test]
    fn a_cut_never_stands_inside_what_is_read_as_one_character() {
        for one in [
            "👨\u{200d}👩\u{200d}👧\u{200d}👦",
            "👍🏽",
            "🇪🇺",
            "e\u{301}\u{323}",
            "❤\u{fe0f}\u{200d}🔥",
        ] {
            let cut = sms(&one.repeat(420));
            let kept = cut.text.strip_suffix('…').unwrap();
            assert!(cut.cut && !kept.is_empty(), "{one}");
            assert_eq!(kept.replace(one, ""), "", "{one}");
        }
        let endless = format!("e{}", "\u{301}".repeat(500));
        assert_eq!(sms(&endless).text.chars().count(), 402);
    }

    #[test]
    fn a_text_whose_only_unicode_was_cut_off_is_still_unicode() {
        let sms = sms(&format!("{}😀", "a".repeat(500)));
        assert_eq!(sms.encoding, Encoding::Unicode);
        assert!(sms.text.ends_with("a…"));
    }

    proptest! {
        #[test]
        fn preparing_twice_changes_nothing(
            text in "[a€\\[é😀б\n ]{0,1200}|[a€\\[\n ]{0,1200}"
        ) {
            let first = sms(&text);
            prop_assert!((1..=6).contains(&first.parts));
            match first.cut {
                false => prop_assert_eq!(&first.text, &text),
                true => {
                    let kept = first.text.strip_suffix(first.encoding.ellipsis());
                    prop_assert!(kept.is_some_and(|kept| text.starts_with(kept)));
                    prop_assert_eq!(first.parts, 6);
                }
            }
            let units: usize = first.text.chars().map(|c| first.encoding.width(c)).sum();
            prop_assert!(units <= 6 * first.encoding.each());
            let again = sms(&first.text);
            prop_assert!(!again.cut);
            prop_assert_eq!((again.encoding, again.parts), (first.encoding, first.parts));
        }

        #[test]
        fn any_string_can_be_prepared(text in any::<String>()) {
            prop_assert!(!sms(&text).cut || text.len() > 70);
        }
    }
}
