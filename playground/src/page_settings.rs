//! The settings of the Worker that the page can change.

use serde::Deserialize;

/// The settings that the page can change, as text.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct PageSettings {
    /// `DELAY`.
    pub(crate) delay: String,
    /// `NUMBER_EXPIRATION_TIME`.
    pub(crate) expiration: String,
}

impl PageSettings {
    /// Whether both can be written to a settings file without quoting. The Worker checks their meaning.
    pub(crate) fn are_plain(&self) -> bool {
        let plain = |one: char| one.is_ascii_alphanumeric() || " .-+,".contains(one);
        let fits = |text: &str| text.len() <= 40 && text.chars().all(plain);
        fits(&self.delay) && fits(&self.expiration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_need_quoting_are_rejected() {
        let settings = |delay: &str| PageSettings {
            delay: delay.to_owned(),
            expiration: "1 week".to_owned(),
        };
        for good in ["5 seconds", "1.5h", "banana", ""] {
            assert!(settings(good).are_plain(), "{good}");
        }
        for bad in ["1\"\nADMIN_TOKEN=\"x", "$HOME", "`x`", &"1".repeat(41)] {
            assert!(!settings(bad).are_plain(), "{bad}");
        }
    }
}
