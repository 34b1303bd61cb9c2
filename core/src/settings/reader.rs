//! Reads settings from the environment and collects the problems.

use serde::Serialize;
use thiserror::Error;

use super::{setting::Setting, table::NAMES, var::Var};
use crate::{redact::excerpt, secret::Secret};

/// A problem with a setting. The operator has to fix it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Error)]
#[error("{setting}: {problem} (expected {expected})")]
pub struct SettingProblem {
    /// The name of the setting.
    pub setting: &'static str,
    /// What is wrong. Quotes the value unless it is secret.
    pub problem: String,
    /// What the value should be.
    pub expected: String,
}

/// A var or secret that means nothing, or not what it says. The service works, but the operator may have meant something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingWarning {
    /// The name in the environment.
    pub setting: String,
    /// What is wrong with it.
    pub problem: &'static str,
    /// What was probably meant.
    pub expected: String,
}

/// A trimmed value in the environment or what is wrong with it, and the name that it has there.
struct Found {
    name: &'static str,
    value: Result<String, String>,
}

/// The environment: returns the value of a var or a secret by its name.
pub type Get<'a> = &'a dyn Fn(&str) -> Option<Var>;

/// The environment and the problems found so far.
pub(super) struct Reader<'a> {
    get: Get<'a>,
    problems: Vec<SettingProblem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(get: Get<'a>) -> Self {
        let problems = Vec::new();
        Self { get, problems }
    }

    /// Reads the value of a setting, or its default. `None` without either, or when there is a problem.
    pub(super) fn read<T>(
        &mut self,
        setting: &Setting,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let Found { name, value } = self.value(setting)?;
        let read = value.and_then(|value| read(&value));
        read.map_err(|problem| self.add(setting, name, problem))
            .ok()
    }

    /// The value of a setting, or its default.
    fn value(&mut self, setting: &Setting) -> Option<Found> {
        let default = |default: &str| Found {
            name: setting.name,
            value: Ok(default.to_owned()),
        };
        let found = self.find(setting).or_else(|| setting.default.map(default));
        if found.is_none() && setting.required {
            self.add(setting, setting.name, "is not set".to_owned());
        }
        found
    }

    /// Reads a setting that accepts any value.
    pub(super) fn text(&mut self, setting: &Setting) -> Option<String> {
        self.read(setting, |value| Ok(value.to_owned()))
    }

    /// Reads a secret that accepts any value.
    pub(super) fn secret(&mut self, setting: &Setting) -> Option<Secret> {
        self.read(setting, |value| Ok(Secret::new(value)))
    }

    /// Adds a problem that was found by comparing settings.
    pub(super) fn problem(&mut self, setting: &Setting, problem: String) {
        self.add(setting, setting.name, problem);
    }

    /// The value of a setting in the environment; empty if it cannot be one text.
    pub(super) fn set_value(&self, setting: &Setting) -> Option<String> {
        self.find(setting)
            .map(|found| found.value.unwrap_or_default())
    }

    /// Whether the environment has a value for a setting.
    pub(super) fn is_set(&self, setting: &Setting) -> bool {
        self.find(setting).is_some()
    }

    /// All problems, in the order of the table.
    pub(super) fn into_problems(mut self) -> Vec<SettingProblem> {
        self.problems.sort_by_key(|problem| {
            NAMES
                .iter()
                .position(|it| it.name == problem.setting || it.alias == Some(problem.setting))
        });
        self.problems
    }

    /// Looks a setting up by its name, then by its alias. A blank value counts as not set.
    fn find(&self, setting: &Setting) -> Option<Found> {
        let find = |name| {
            let value = (self.get)(name).filter(|value| !value.is_blank())?;
            let value = value.text().map(|text| text.trim().to_owned());
            Some(Found { name, value })
        };
        find(setting.name).or_else(|| find(setting.alias?))
    }

    fn add(&mut self, setting: &Setting, name: &'static str, problem: String) {
        let expected = setting.expected.to_owned();
        self.problems.push(SettingProblem {
            setting: name,
            problem,
            expected,
        });
    }
}

/// A value for a problem: quoted, and cut when long.
pub(super) fn quote(value: &str) -> String {
    format!("`{}`", excerpt(value))
}
