//! The settings as the operator sees them: whether each is set, and its value unless it is secret. Works
//! however wrong the settings are.

use serde::Serialize;

use super::{
    reader::{Get, Reader},
    setting::Setting,
    table::{self, NAMES},
};
use crate::secret::Secret;

/// A setting and its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingOverview {
    /// Its name.
    pub name: &'static str,
    /// Whether its value is hidden.
    pub secret: bool,
    /// Whether it must be set.
    pub required: bool,
    /// Whether the environment has a value for it.
    pub set: bool,
    /// The value; `None` for a secret.
    pub value: Option<String>,
    /// The default value.
    pub default: Option<&'static str>,
    /// What its value should be.
    pub expected: &'static str,
}

/// Every setting, in the order of [`NAMES`].
pub fn overview(get: Get<'_>) -> Vec<SettingOverview> {
    let mut reader = Reader::new(get);
    let chat = super::chat::kind(&mut reader);
    let is_for = |setting: &Setting| setting.chat.is_none() || setting.chat == chat;
    let shown = |setting: &Setting| {
        let value = reader.set_value(setting);
        SettingOverview {
            name: setting.name,
            secret: setting.secret,
            required: setting.required && is_for(setting),
            set: value.is_some(),
            value: value.filter(|_| !setting.secret),
            default: setting.default,
            expected: setting.expected,
        }
    };
    NAMES.iter().map(shown).collect()
}

/// The bearer token of the operator's routes, whatever the other settings are.
pub fn admin_token(get: Get<'_>) -> Option<Secret> {
    Reader::new(get).secret(&table::ADMIN_TOKEN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Var;

    fn one(name: &str, environment: &[(&str, &str)]) -> SettingOverview {
        let all = overview(&|name| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| Var::from(*value))
        });
        assert_eq!(all.len(), NAMES.len());
        all.into_iter().find(|shown| shown.name == name).unwrap()
    }

    #[test]
    fn a_secret_shows_only_whether_it_is_set() {
        let shown = one("NEXMO_SECRET", &[("NEXMO_SECRET", "xyzzy")]);
        assert_eq!((shown.set, shown.value, shown.secret), (true, None, true));
        assert!(!one("NEXMO_SECRET", &[("NEXMO_SECRET", "  ")]).set);
    }

    #[test]
    fn a_wrong_value_is_shown_unchanged() {
        assert_eq!(
            one("DELAY", &[("DELAY", "soon")]).value.as_deref(),
            Some("soon")
        );
    }

    #[test]
    fn a_value_under_the_alias_counts() {
        let shown = one("REPORT_ON_STATUS", &[("RECIPIENT_STATUS_FILTER", "sent")]);
        assert_eq!(shown.value.as_deref(), Some("sent"));
    }

    #[test]
    fn an_unset_setting_has_its_default() {
        let shown = one("LAYER_PATH", &[]);
        assert_eq!(
            (shown.set, shown.default),
            (false, Some("nexmo-new-message"))
        );
    }

    #[test]
    fn the_token_is_read_when_all_other_settings_are_wrong() {
        let get = |name: &str| Some(Var::from(if name == "ADMIN_TOKEN" { " t " } else { "?" }));
        assert!(admin_token(&get).unwrap().matches(b"t"));
        assert!(admin_token(&|_| None).is_none());
    }
}
