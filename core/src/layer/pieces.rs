//! Cuts a text into pieces that Layer accepts as message parts.

/// The largest body of a message part that Layer accepts, in bytes of UTF-8.
const PIECE_BYTES: usize = 2_048;
/// A piece ends after a blank only if that costs at most 10 % of its length.
const BLANK_FROM: usize = PIECE_BYTES - PIECE_BYTES / 10;

/// Cuts a text into pieces of at most 2 KB, between characters, after a blank if there is one near the
/// end of a piece. Joined, the pieces are the text; an empty text has none.
pub fn split(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at_checked(cut(rest)).unwrap_or((rest, ""));
        pieces.push(piece.to_owned());
        rest = after;
    }
    pieces
}

/// Length of the first piece, in bytes.
fn cut(text: &str) -> usize {
    if text.len() <= PIECE_BYTES {
        return text.len();
    }
    let most = text.floor_char_boundary(PIECE_BYTES);
    let after_blank = text
        .char_indices()
        .map(|(at, c)| (at + c.len_utf8(), c))
        .take_while(|(end, _)| *end <= most)
        .filter(|(end, c)| c.is_whitespace() && *end >= BLANK_FROM)
        .last();
    after_blank.map_or(most, |(end, _)| end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_of_2_kb_is_one_piece_and_one_more_byte_two() {
        assert!(split("").is_empty());
        let full = "x".repeat(2_048);
        assert_eq!(split(&full), [full.as_str()]);
        assert_eq!(split(&format!("{full}y")), [full, "y".to_owned()]);
    }

    #[test]
    fn a_piece_ends_after_a_blank_near_its_end() {
        let lengths = |text: String| split(&text).iter().map(String::len).collect::<Vec<_>>();
        let blank_at = |at: usize| format!("{} {}", "x".repeat(at), "y".repeat(2_100));
        assert_eq!(lengths(blank_at(2_000)), [2_001, 2_048, 52]);
        assert_eq!(lengths(blank_at(1_843)), [1_844, 2_048, 52]);
        assert_eq!(lengths(blank_at(1_000)), [2_048, 1_053]);
        assert_eq!(lengths("é".repeat(1_024) + "é"), [2_048, 2]);
        assert_eq!(lengths(format!("x{}", "😀".repeat(512))), [2_045, 4]);
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text_and_none_is_too_long(text in "[a é😀\n]{0,3000}") {
            let pieces = split(&text);
            prop_assert_eq!(pieces.concat(), text);
            prop_assert!(pieces.iter().all(|piece| !piece.is_empty() && piece.len() <= 2_048));
        }
    }
}
