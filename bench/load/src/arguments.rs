//! The command line.

use std::path::PathBuf;

use crate::{Failure, plan::Plan};

/// What to measure, and where to write the report.
pub struct Arguments {
    /// How many rounds and requests.
    pub plan: Plan,
    /// File for the report as JSON.
    pub json: Option<PathBuf>,
    /// Folder of another build to compare with; relative to the project's folder.
    pub against: Option<PathBuf>,
    only: Vec<String>,
}

impl Arguments {
    /// Reads the arguments after the program's name.
    pub fn read(mut given: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut read = Self {
            plan: Plan::FULL,
            json: None,
            against: None,
            only: Vec::new(),
        };
        while let Some(argument) = given.next() {
            let mut value = || given.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--quick" => read.plan = Plan::QUICK,
                "--json" => read.json = Some(value()?.into()),
                "--only" => read.only = value()?.split(',').map(str::to_owned).collect(),
                "--against" => read.against = Some(value()?.into()),
                _ => return Err(format!("unknown argument {argument}").into()),
            }
        }
        Ok(read)
    }

    /// Whether to measure a group: all of them without `--only`.
    pub fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments, Failure> {
        Arguments::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn all_groups_are_measured_unless_some_are_named() {
        assert!(read("--quick").unwrap().wants("fan"));
        let some = read("--only new,known --json x.json").unwrap();
        assert!(some.wants("new") && some.wants("known") && !some.wants("fan"));
        assert_eq!(some.json, Some("x.json".into()));
    }

    #[test]
    fn another_build_is_optional() {
        assert_eq!(read("--quick").unwrap().against, None);
        let against = read("--against /old/build --quick").unwrap().against;
        assert_eq!(against, Some("/old/build".into()));
    }

    #[test]
    fn unknown_arguments_and_missing_values_are_errors() {
        assert!(read("--fast").is_err());
        assert!(read("--json").is_err());
        assert!(read("--against").is_err());
    }
}
