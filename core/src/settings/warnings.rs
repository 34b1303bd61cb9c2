//! What is set but means nothing: mostly misspelt names.

use serde::Serialize;
use strsim::levenshtein;

use super::table::NAMES;

/// Names within this distance of a setting's are taken for misspelt.
const MISSPELT: usize = 2;
/// Nobody else's names begin with these.
const OURS: [&str; 3] = ["LAYER_", "NEXMO_", "MATRIX_"];

/// A var or secret that means nothing. The service works, but the operator may have meant a setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingWarning {
    /// The name in the environment.
    pub setting: String,
    /// What is wrong with it.
    pub problem: &'static str,
    /// What was probably meant.
    pub expected: String,
}

/// The warnings for the names of the vars and secrets that are set.
pub fn warnings<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<SettingWarning> {
    let mut warnings: Vec<SettingWarning> = names.into_iter().filter_map(warning).collect();
    warnings.sort_by(|one, other| one.setting.cmp(&other.setting));
    warnings
}

fn warning(name: &str) -> Option<SettingWarning> {
    if known().any(|known| known == name) {
        return None;
    }
    let upper = name.to_ascii_uppercase();
    let nearest = known()
        .map(|known| (levenshtein(&upper, known), known))
        .filter(|(distance, _)| *distance <= MISSPELT)
        .min();
    let is_ours = OURS.iter().any(|prefix| upper.starts_with(prefix));
    let expected = match nearest {
        Some((_, known)) => format!("{known}, if that is meant"),
        None if is_ours => "a setting in the README".to_owned(),
        None => return None,
    };
    Some(SettingWarning {
        setting: name.to_owned(),
        problem: "is not a setting",
        expected,
    })
}

/// The names of all settings, and their other names.
fn known() -> impl Iterator<Item = &'static str> {
    NAMES
        .iter()
        .flat_map(|setting| [Some(setting.name), setting.alias])
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_like_a_setting_or_with_its_prefix_is_a_warning() {
        let names = [
            "DELAY",
            "DELAYS",
            "NEXMO_NUMBER",
            "nexmo_numbers",
            "LAYER_FOO",
            "MATRIX_URL",
            "RECIPIENT_STATUS_FILTER",
            "MY_OWN",
            "PATH",
        ];
        let found: Vec<(String, String)> = warnings(names)
            .into_iter()
            .map(|warning| (warning.setting, warning.expected))
            .collect();
        let is = |name: &str, expected: &str| (name.to_owned(), expected.to_owned());
        let expected = [
            is("DELAYS", "DELAY, if that is meant"),
            is("LAYER_FOO", "a setting in the README"),
            is("MATRIX_URL", "a setting in the README"),
            is("NEXMO_NUMBER", "NEXMO_NUMBERS, if that is meant"),
            is("nexmo_numbers", "NEXMO_NUMBERS, if that is meant"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn no_setting_is_like_another() {
        for setting in NAMES {
            assert_eq!(warnings([setting.name]), []);
        }
    }
}
