//! The command line.

use std::path::PathBuf;

use crate::{Failure, plan::Plan};

/// What is to be measured, and where it goes.
pub struct Arguments {
    /// How much of it.
    pub plan: Plan,
    /// Where the report also goes, as JSON.
    pub json: Option<PathBuf>,
    only: Vec<String>,
}

impl Arguments {
    /// Reads what follows the program's name.
    pub fn read(mut given: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut read = Self {
            plan: Plan::FULL,
            json: None,
            only: Vec::new(),
        };
        while let Some(argument) = given.next() {
            let mut value = || given.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--quick" => read.plan = Plan::QUICK,
                "--json" => read.json = Some(value()?.into()),
                "--only" => read.only = value()?.split(',').map(str::to_owned).collect(),
                _ => return Err(format!("unknown argument {argument}").into()),
            }
        }
        Ok(read)
    }

    /// Whether a group of measurements was asked for.
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
    fn everything_is_wanted_unless_some_is_named() {
        assert!(read("--quick").unwrap().wants("fan"));
        let some = read("--only new,known --json x.json").unwrap();
        assert!(some.wants("new") && some.wants("known") && !some.wants("fan"));
        assert_eq!(some.json, Some("x.json".into()));
    }

    #[test]
    fn a_slip_is_refused() {
        assert!(read("--fast").is_err());
        assert!(read("--json").is_err());
    }
}
