//! Reads settings one by one and gathers what is wrong with them.

use serde::Serialize;
use thiserror::Error;

use super::table::{NAMES, Setting};
use crate::{secret::Secret, template::shown};

/// One thing that is wrong with the configuration; the operator puts it right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Error)]
#[error("{setting}: {problem} (expected {expected})")]
pub struct Problem {
    /// The name of the setting.
    pub setting: &'static str,
    /// What is wrong; the value is in it unless it is a secret.
    pub problem: String,
    /// What would be right.
    pub expected: String,
}

/// An environment, and the problems found in it so far.
pub(super) struct Reader<G> {
    get: G,
    problems: Vec<Problem>,
}

impl<G: Fn(&str) -> Option<String>> Reader<G> {
    pub(super) fn new(get: G) -> Self {
        let problems = Vec::new();
        Self { get, problems }
    }

    /// Reads a setting's value, or its default's. None when there is neither, or a problem.
    pub(super) fn read<T>(
        &mut self,
        setting: &Setting,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let (name, value) = self.value(setting);
        let Some(value) = value.or_else(|| setting.default.map(str::to_owned)) else {
            if setting.required {
                self.add(setting, name, "is not set".to_owned());
            }
            return None;
        };
        match read(&value) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.add(setting, name, problem);
                None
            }
        }
    }

    /// Reads a setting of which every value is right.
    pub(super) fn text(&mut self, setting: &Setting) -> Option<String> {
        self.read(setting, |value| Ok(value.to_owned()))
    }

    /// Reads a secret of which every value is right.
    pub(super) fn secret(&mut self, setting: &Setting) -> Option<Secret> {
        self.read(setting, |value| Ok(Secret::new(value)))
    }

    /// Reports a problem that only shows beside other settings.
    pub(super) fn problem(&mut self, setting: &Setting, problem: String) {
        self.add(setting, setting.name, problem);
    }

    /// The environment's value for a setting.
    pub(super) fn set_value(&self, setting: &Setting) -> Option<String> {
        self.value(setting).1
    }

    /// Whether the environment has a value for a setting.
    pub(super) fn is_set(&self, setting: &Setting) -> bool {
        self.value(setting).1.is_some()
    }

    /// All problems, in the order of the table.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| {
            NAMES
                .iter()
                .position(|it| it.name == problem.setting || it.alias == Some(problem.setting))
        });
        self.problems
    }

    /// The name that is set, and its value; an empty one is not set.
    fn value(&self, setting: &Setting) -> (&'static str, Option<String>) {
        let set = |name| {
            let value = (self.get)(name)?.trim().to_owned();
            (!value.is_empty()).then_some((name, Some(value)))
        };
        set(setting.name)
            .or_else(|| set(setting.alias?))
            .unwrap_or((setting.name, None))
    }

    fn add(&mut self, setting: &Setting, name: &'static str, problem: String) {
        let expected = setting.expected.to_owned();
        self.problems.push(Problem {
            setting: name,
            problem,
            expected,
        });
    }
}

/// A value as a problem repeats it, cut to a bounded length.
pub(super) fn quote(value: &str) -> String {
    format!("`{}`", shown(value))
}
