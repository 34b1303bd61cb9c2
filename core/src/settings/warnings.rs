//! What is set but means nothing: mostly misspelt names.

use strsim::levenshtein;

use super::{
    reader::{Get, Reader, SettingWarning},
    receipts,
    setting::{ChatKind, Setting},
    table::NAMES,
};

/// Names within this distance of a setting's are taken for misspelt.
const MISSPELT: usize = 2;
/// Nobody else's names begin with these.
const OURS: [&str; 3] = ["LAYER_", "NEXMO_", "MATRIX_"];

/// The warnings for the names of the vars and secrets that are set. `get` returns their values.
pub fn warnings<'a>(names: impl IntoIterator<Item = &'a str>, get: Get<'_>) -> Vec<SettingWarning> {
    let chat = super::chat::kind(&mut Reader::new(get));
    let names = names.into_iter();
    let mut warnings: Vec<SettingWarning> = names.filter_map(|name| warning(name, chat)).collect();
    warnings.extend(receipts::warning(get));
    warnings.sort_by(|one, other| one.setting.cmp(&other.setting));
    warnings
}

fn warning(name: &str, chat: Option<ChatKind>) -> Option<SettingWarning> {
    if let Some(setting) = NAMES.iter().find(|it| names(it).any(|it| it == name)) {
        return of_other_chat(name, setting, chat?);
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

/// The warning for a setting that is only for another chat than the operator's.
fn of_other_chat(name: &str, setting: &Setting, chat: ChatKind) -> Option<SettingWarning> {
    setting
        .chat
        .filter(|it| *it != chat)
        .map(|other| SettingWarning {
            setting: name.to_owned(),
            problem: "is ignored with this CHAT",
            expected: format!("CHAT={}, if that is meant", <&str>::from(other)),
        })
}

/// The names of all settings, and their other names.
fn known() -> impl Iterator<Item = &'static str> {
    NAMES.iter().flat_map(names)
}

fn names(setting: &Setting) -> impl Iterator<Item = &'static str> {
    [Some(setting.name), setting.alias].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Var;

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
        let found: Vec<(String, String)> = warnings(names, &|_| None)
            .into_iter()
            .map(|warning| (warning.setting, warning.expected))
            .collect();
        let is = |name: &str, expected: &str| (name.to_owned(), expected.to_owned());
        let expected = [
            is("DELAYS", "DELAY, if that is meant"),
            is("LAYER_FOO", "a setting in the README"),
            is("MATRIX_URL", "CHAT=matrix, if that is meant"),
            is("NEXMO_NUMBER", "NEXMO_NUMBERS, if that is meant"),
            is("nexmo_numbers", "NEXMO_NUMBERS, if that is meant"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_setting_of_another_chat_is_a_warning() {
        let names = [
            "LAYER_PATH",
            "RECIPIENT_STATUS_FILTER",
            "MATRIX_URL",
            "DELAY",
        ];
        let found = warnings(names, &|name| (name == "CHAT").then(|| Var::from("matrix")));
        let found: Vec<String> = found.into_iter().map(|it| it.setting).collect();
        assert_eq!(found, ["LAYER_PATH", "RECIPIENT_STATUS_FILTER"]);
        let unreadable = |_: &str| Some(Var::from("slack"));
        assert_eq!(warnings(names, &unreadable), []);
    }

    #[test]
    fn no_setting_is_like_another() {
        for setting in NAMES {
            let chat: &str = setting.chat.unwrap_or(ChatKind::Layer).into();
            assert_eq!(warnings([setting.name], &|_| Some(Var::from(chat))), []);
        }
    }
}
