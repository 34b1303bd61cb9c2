//! All measurements of a run, as a table for people and as JSON.

mod comparison;
mod row;
mod table;
mod target;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use serde::Serialize;

use self::table::Table;
pub use self::{row::Row, target::Target};
use crate::{Failure, plan::Plan, progress::say};

/// All measurements so far.
#[derive(Serialize)]
pub struct Report {
    plan: Plan,
    /// Folder of the other build.
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<PathBuf>,
    load_before: String,
    load_after: String,
    rows: Vec<Row>,
    #[serde(skip)]
    table: Table,
}

impl Report {
    /// A report without measurements. `against` is the folder of the other build, if one is compared.
    pub fn start(plan: Plan, against: Option<PathBuf>) -> Self {
        Self {
            plan,
            load_before: machine_load(),
            load_after: String::new(),
            rows: Vec::new(),
            table: Table::new(against.is_some()),
            against,
        }
    }

    /// Adds a measurement and prints it as progress.
    pub fn add(&mut self, row: Row) {
        say(&self.table.cells(&row).join("  "));
        self.load_after = machine_load();
        self.rows.push(row);
    }

    /// Prints the table to standard output.
    pub fn print(&self) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        self.table.write(&mut out, &self.rows)?;
        writeln!(out)?;
        if let Some(folder) = &self.against {
            writeln!(out, "other build: {}", folder.display())?;
        }
        writeln!(
            out,
            "load of the machine: {} before, {} after",
            self.load_before, self.load_after
        )?;
        Ok(())
    }

    /// Writes the report as JSON.
    pub fn write_json(&self, file: &Path) -> Result<(), Failure> {
        Ok(fs::write(file, serde_json::to_vec_pretty(self)?)?)
    }
}

/// The machine's load over 1, 5 and 15 minutes; empty where the system has no `/proc`.
fn machine_load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').take(3).collect::<Vec<_>>().join(" ")
}
