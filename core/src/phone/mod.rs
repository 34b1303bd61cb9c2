//! Phones and numbers: E.164 digits without a plus.

mod characters;
mod country;
mod key;
mod written;

pub use self::{characters::is_invisible, country::Country, key::PhoneKey};

use self::written::{Written, read};
use crate::newtype::newtype;

/// The fewest digits of a plausible phone.
const SHORTEST: usize = 7;
/// The most digits that E.164 allows.
const LONGEST: usize = 15;
/// The most stars in a masked text.
const MOST_STARS: usize = 13;

newtype! {
    /// A user's own phone.
    Phone made by from_digits
}

newtype! {
    /// One of the operator's Nexmo numbers.
    Number made by from_digits
}

macro_rules! read_from_writing {
    ($($name:ident),*) => { $(
        impl $name {
            /// Reads a phone number as people write it, with its country's code; `None` when it is not plausible,
            /// or could mean two.
            pub fn parse(written: &str) -> Option<Self> {
                read(written).and_then(complete).map(Self::from_digits)
            }

            /// The digits for a log: all but the last two masked.
            pub fn masked(&self) -> String {
                mask(self)
            }
        }
    )* };
}

read_from_writing!(Phone, Number);

impl Phone {
    /// Reads a phone of an identity. Without `+` or `00`, it is a national one of `country`, if there is one;
    /// `None` when it is no valid number there.
    pub fn of_identity(written: &str, country: Option<Country>) -> Option<Self> {
        let read = read(written)?;
        let digits = match country.filter(|_| !read.is_international) {
            Some(country) => country.complete(&read.digits)?,
            None => complete(read)?,
        };
        Some(Self::from_digits(digits))
    }
}

/// The digits of a phone that has its country's code; `None` when they are not plausible.
fn complete(written: Written) -> Option<String> {
    let digits = written.digits;
    let plausible = (SHORTEST..=LONGEST).contains(&digits.len()) && !digits.starts_with('0');
    plausible.then_some(digits)
}

/// Masks a phone for a log: all but the last two characters, which stay only if alphanumeric.
pub fn mask(phone: &str) -> String {
    let length = phone.chars().count();
    let hidden = if length > 2 { length - 2 } else { length };
    let shown = phone.chars().skip(hidden);
    let mut masked = "*".repeat(hidden.min(MOST_STARS));
    masked.extend(shown.map(|c| if c.is_alphanumeric() { c } else { '*' }));
    masked
}

#[cfg(test)]
mod tests;
