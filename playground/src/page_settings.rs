//! The settings of the Worker that the page can change.

use crate::quiet;

/// The settings that the page can change, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageSettings {
    /// `DELAY`.
    pub(crate) delay: String,
    /// `NUMBER_EXPIRATION_TIME`.
    pub(crate) expiration: String,
    /// `DIGEST`.
    pub(crate) digests: bool,
    /// `QUIET_HOURS`, by real UTC.
    pub(crate) quiet_hours: Option<String>,
}

impl PageSettings {
    /// With the defaults of the Worker for what the page only switches.
    pub(crate) fn new(delay: &str, expiration: &str) -> Self {
        Self {
            delay: delay.to_owned(),
            expiration: expiration.to_owned(),
            digests: false,
            quiet_hours: None,
        }
    }

    /// Whether what people type can be written to a settings file without quoting. The Worker checks its meaning.
    pub(crate) fn are_plain(&self) -> bool {
        let plain = |one: char| one.is_ascii_alphanumeric() || " .-+,".contains(one);
        let fits = |text: &str| text.len() <= 40 && text.chars().all(plain);
        fits(&self.delay) && fits(&self.expiration)
    }

    /// Names and values for the Worker.
    pub(crate) fn named(&self) -> Vec<(&'static str, &str)> {
        let mut named = vec![
            ("DELAY", self.delay.as_str()),
            ("NUMBER_EXPIRATION_TIME", &self.expiration),
            ("DIGEST", if self.digests { "on" } else { "off" }),
        ];
        if let Some(hours) = &self.quiet_hours {
            named.push(("QUIET_HOURS", hours));
            named.push(("TIME_ZONE", quiet::TIME_ZONE));
        }
        named
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_need_quoting_are_rejected() {
        let settings = |delay: &str| PageSettings::new(delay, "1 week");
        for good in ["5 seconds", "1.5h", "banana", ""] {
            assert!(settings(good).are_plain(), "{good}");
        }
        for bad in ["1\"\nADMIN_TOKEN=\"x", "$HOME", "`x`", &"1".repeat(41)] {
            assert!(!settings(bad).are_plain(), "{bad}");
        }
    }

    #[test]
    fn a_time_zone_is_set_only_with_quiet_hours() {
        let mut settings = PageSettings::new("5 seconds", "1 week");
        let value = |settings: &PageSettings, name: &str| {
            let named = settings.named();
            let found = named.iter().find(|(one, _)| *one == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(value(&settings, "DIGEST").as_deref(), Some("off"));
        assert_eq!(value(&settings, "TIME_ZONE"), None);
        settings.quiet_hours = Some(quiet::setting(60));
        assert_eq!(
            value(&settings, "QUIET_HOURS").as_deref(),
            Some("20:00-07:00")
        );
        assert_eq!(value(&settings, "TIME_ZONE").as_deref(), Some("UTC"));
    }
}
