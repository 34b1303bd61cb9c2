//! Reads phones as people write them. A field that could mean two phones, or none, is none: a private message
//! must never go to a stranger.

use super::{
    SHORTEST,
    characters::{Token, is_invisible, tokens},
};

/// The longest fraction that a spreadsheet shows of a number.
const LONGEST_FRACTION: usize = 2;
/// The fewest digits of a phone within an area.
const SHORTEST_LOCAL: usize = 6;

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
/// where it is part of the number. A fraction of zero is a spreadsheet's.
pub fn read(written: &str) -> Option<Written> {
    let written = written.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let tokens = without_fraction(tokens(without_scheme(written))?)?;
    let tokens = without_trunk_zero(tokens)?;
    if !is_one_phone(&tokens) {
        return None;
    }
    let has_plus = tokens.contains(&Token::Plus);
    let digits = digits(&tokens);
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

/// The places of a token.
fn places(tokens: &[Token], wanted: Token) -> impl Iterator<Item = usize> {
    let places = tokens.iter().enumerate();
    places.filter_map(move |(place, token)| (*token == wanted).then_some(place))
}

fn digits(tokens: &[Token]) -> String {
    tokens.iter().filter_map(|token| token.digit()).collect()
}

/// Without the scheme of a URI.
fn without_scheme(written: &str) -> &str {
    match written.split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tel:") => rest.trim_start(),
        _ => written,
    }
}

/// Without the fraction that a spreadsheet shows of a number: one or two digits after the only dot, with enough digits
/// for a phone before it. `None` when the fraction is not zero.
fn without_fraction(mut tokens: Vec<Token>) -> Option<Vec<Token>> {
    let dots: Vec<usize> = places(&tokens, Token::Dot).collect();
    let [dot] = *dots.as_slice() else {
        return Some(tokens);
    };
    let (before, after) = tokens.split_at_checked(dot)?;
    let fraction = digits(after);
    let is_fraction =
        (1..=LONGEST_FRACTION).contains(&fraction.len()) && after.len() == fraction.len() + 1;
    if !is_fraction || digits(before).len() < SHORTEST {
        return Some(tokens);
    }
    tokens.truncate(dot);
    fraction.bytes().all(|byte| byte == b'0').then_some(tokens)
}

/// The tokens without a bracketed zero after the country's code. `None` when such a zero stands elsewhere.
fn without_trunk_zero(tokens: Vec<Token>) -> Option<Vec<Token>> {
    let Some(zero) = bracketed_zero(&tokens) else {
        return Some(tokens);
    };
    let (before, after) = (tokens.get(..zero.start)?, tokens.get(zero.end..)?);
    if bracketed_zero(after).is_some() {
        return None;
    }
    match digits(before).trim_start_matches('0') {
        "" | "39" => Some(tokens),
        code if code.len() <= 3 => Some([before, &[Token::Blank], after].concat()),
        _ => None,
    }
}

/// The place of the first zero that stands alone in brackets.
fn bracketed_zero(tokens: &[Token]) -> Option<std::ops::Range<usize>> {
    places(tokens, Token::Open).find_map(|open| {
        let length = tokens
            .get(open..)?
            .iter()
            .position(|token| *token == Token::Close)?;
        let inside = tokens.get(open + 1..open + length)?;
        let is_zero = digits(inside) == "0" && !inside.iter().any(|token| token.is_mark());
        is_zero.then_some(open..open + length + 1)
    })
}

/// Whether tokens are one phone, and not none or two.
fn is_one_phone(tokens: &[Token]) -> bool {
    has_plus_in_front(tokens)
        && has_lone_marks(tokens)
        && !has_extension(tokens)
        && !could_be_two(tokens)
}

/// Whether there is at most one plus, and no digit before it.
fn has_plus_in_front(tokens: &[Token]) -> bool {
    let mut from_plus = tokens.iter().skip_while(|token| **token != Token::Plus);
    let before = tokens.len() - from_plus.clone().count();
    let has_plus = from_plus.next().is_some();
    let is_first = tokens
        .get(..before)
        .is_some_and(|before| digits(before).is_empty());
    !from_plus.any(|token| *token == Token::Plus) && (is_first || !has_plus)
}

/// Whether dashes and dots stand only between digits, and not two in a row.
fn has_lone_marks(tokens: &[Token]) -> bool {
    let is_outside = |token: &&Token| token.digit().is_none();
    let ends = tokens.iter().take_while(is_outside);
    let mut ends = ends.chain(tokens.iter().rev().take_while(is_outside));
    let mut pairs = tokens.windows(2);
    !ends.any(|token| token.is_mark())
        && !pairs.any(|pair| pair.iter().all(|token| token.is_mark()))
}

/// Whether a bracket opens after enough digits for a phone: what it holds is an extension.
fn has_extension(tokens: &[Token]) -> bool {
    let mut before = places(tokens, Token::Open).filter_map(|open| tokens.get(..open));
    before.any(|before| digits(before).len() >= SHORTEST + prefix(tokens))
}

/// Whether there is a place between digits where one phone could end and another begin. Two groups of digits alone,
/// without a country's code, could be two phones of one area, which are shorter.
fn could_be_two(tokens: &[Token]) -> bool {
    let groups = tokens.split(|token| token.digit().is_none());
    let lengths: Vec<usize> = groups
        .map(<[Token]>::len)
        .filter(|length| *length > 0)
        .collect();
    let is_international = tokens.contains(&Token::Plus) || prefix(tokens) > 0;
    let shortest = match lengths.len() {
        2 if !is_international => SHORTEST_LOCAL,
        _ => SHORTEST,
    };
    let total: usize = lengths.iter().sum();
    let mut before = 0;
    lengths.iter().any(|length| {
        before += length;
        before >= shortest + prefix(tokens) && total - before >= shortest
    })
}

/// How many digits stand before the country's code.
fn prefix(tokens: &[Token]) -> usize {
    if digits(tokens).starts_with("00") {
        2
    } else {
        0
    }
}
