//! Reads phones as people write them. A field that could mean two phones, or none, is none: a private message
//! must never go to a stranger.

use super::{
    SHORTEST,
    characters::{Token, is_invisible, tokens},
};

/// A phone as it is written.
pub struct Written {
    /// Its digits, without the `00` in front.
    pub digits: String,
    /// Whether it begins with `+` or `00`, so that its country's code follows.
    pub is_international: bool,
}

/// Reads a written phone; `None` when it is none.
///
/// Accepts `tel:` in front, one plus before the digits or `00`, but not both, and between digits blanks, brackets,
/// dashes and dots, of the latter one at a time. A bracketed zero after the country's code goes, except in Italy,
/// where it is part of the number. A fraction of zero after nothing but digits is a spreadsheet's.
pub fn read(written: &str) -> Option<Written> {
    let written = written.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let written = without_fraction(without_scheme(written))?;
    let tokens = without_trunk_zero(tokens(written)?)?;
    if !is_one_phone(&tokens) {
        return None;
    }
    let has_plus = tokens.contains(&Token::Plus);
    let digits: String = tokens.iter().filter_map(digit).collect();
    match digits.strip_prefix("00") {
        Some(_) if has_plus => None,
        Some(rest) => Some(Written {
            digits: rest.to_owned(),
            is_international: true,
        }),
        None => Some(Written {
            digits,
            is_international: has_plus,
        }),
    }
}

fn digit(token: &Token) -> Option<char> {
    match token {
        Token::Digit(digit) => Some(*digit),
        _ => None,
    }
}

/// Without the scheme of a URI.
fn without_scheme(written: &str) -> &str {
    match written.split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tel:") => rest.trim_start(),
        _ => written,
    }
}

/// Without the fraction that a spreadsheet shows of a number; `None` when that is not zero.
fn without_fraction(written: &str) -> Option<&str> {
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let Some((whole, fraction)) = written.split_once('.') else {
        return Some(written);
    };
    let digits = whole.strip_prefix('+').unwrap_or(whole);
    if digits.len() < SHORTEST || !is_digits(digits) || !is_digits(fraction) || fraction.is_empty()
    {
        return Some(written);
    }
    fraction.bytes().all(|byte| byte == b'0').then_some(whole)
}

/// The tokens without a bracketed zero after the country's code. `None` when such a zero stands elsewhere.
fn without_trunk_zero(mut tokens: Vec<Token>) -> Option<Vec<Token>> {
    const ZERO: [Token; 3] = [Token::Open, Token::Digit('0'), Token::Close];
    let Some(at) = tokens.windows(ZERO.len()).position(|found| found == ZERO) else {
        return Some(tokens);
    };
    let before: String = tokens.iter().take(at).filter_map(digit).collect();
    match before.trim_start_matches('0') {
        "" | "39" => Some(tokens),
        code if code.len() <= 3 => {
            tokens.drain(at..at + ZERO.len());
            Some(tokens)
        }
        _ => None,
    }
}

/// Whether tokens are one phone, and not none or two.
fn is_one_phone(tokens: &[Token]) -> bool {
    has_plus_in_front(tokens) && has_lone_marks(tokens) && !could_be_two(tokens)
}

/// Whether there is at most one plus, and no digit before it.
fn has_plus_in_front(tokens: &[Token]) -> bool {
    let mut from_plus = tokens.iter().skip_while(|token| **token != Token::Plus);
    let before = tokens.len() - from_plus.clone().count();
    let has_plus = from_plus.next().is_some();
    let is_first = !tokens
        .iter()
        .take(before)
        .any(|token| digit(token).is_some());
    !from_plus.any(|token| *token == Token::Plus) && (is_first || !has_plus)
}

/// Whether dashes and dots stand only between digits, and not two in a row.
fn has_lone_marks(tokens: &[Token]) -> bool {
    let is_outside = |token: &&Token| digit(token).is_none();
    let ends = tokens.iter().take_while(is_outside);
    let ends = ends.chain(tokens.iter().rev().take_while(is_outside));
    let mut pairs = tokens.windows(2);
    !ends.into_iter().any(|token| *token == Token::Mark)
        && !pairs.any(|pair| pair == [Token::Mark, Token::Mark])
}

/// Whether there is a place between digits where one phone could end and another begin.
fn could_be_two(tokens: &[Token]) -> bool {
    let groups = tokens.split(|token| digit(token).is_none());
    let lengths: Vec<usize> = groups.map(<[Token]>::len).collect();
    let digits: String = tokens.iter().filter_map(digit).collect();
    let of_one = SHORTEST + if digits.starts_with("00") { 2 } else { 0 };
    let mut before = 0;
    lengths.iter().any(|length| {
        before += length;
        before >= of_one && digits.len() - before >= SHORTEST
    })
}
