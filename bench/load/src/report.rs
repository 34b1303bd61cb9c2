//! What was measured, as a table for people and as JSON.

use std::{fs, io::Write, path::Path};

use serde::Serialize;

use crate::{
    Failure,
    client::Sample,
    plan::Plan,
    rounds::{middle, ratio},
};

/// What a row should reach, where the targets say so.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Target {
    /// At least so much of the other's rate.
    pub rate: Option<f64>,
    /// At most so many times the other's p95.
    pub p95: Option<f64>,
    /// At most so many times the other's median.
    pub p50: Option<f64>,
    /// At most so many times the other's CPU time.
    pub cpu: Option<f64>,
    /// No answer later than this, in milliseconds.
    pub worst: Option<f64>,
}

impl Target {
    /// There is none.
    pub const NONE: Self = Self {
        rate: None,
        p95: None,
        p50: None,
        worst: None,
        cpu: None,
    };
    /// An accepted webhook of a known user.
    pub const KNOWN: Self = Self {
        rate: Some(0.85),
        p95: Some(1.5),
        ..Self::NONE
    };
    /// An accepted webhook of a new user.
    pub const NEW: Self = Self {
        rate: Some(0.7),
        p95: Some(1.5),
        ..Self::NONE
    };
    /// However many notices wait.
    pub const HOT: Self = Self {
        rate: Some(0.9),
        ..Self::NONE
    };
    /// A start.
    pub const START: Self = Self {
        cpu: Some(1.5),
        ..Self::NONE
    };
    /// A message to many.
    pub const FAN: Self = Self {
        p50: Some(1.3),
        ..Self::NONE
    };
    /// The same, to records that were never used.
    pub const COLD_FAN: Self = Self {
        worst: Some(1_000.0),
        ..Self::FAN
    };
}

/// Medians over the rounds; times in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Figures {
    rate: f64,
    p50: f64,
    p95: f64,
    p99: f64,
    worst: f64,
    cpu: f64,
}

impl Figures {
    fn of(samples: &[Sample]) -> Self {
        Self {
            rate: middle(samples, |one| one.rate),
            p50: middle(samples, |one| one.p50),
            p95: middle(samples, |one| one.p95),
            p99: middle(samples, |one| one.p99),
            worst: samples.iter().map(|one| one.worst).fold(0.0, f64::max),
            cpu: middle(samples, |one| one.cpu),
        }
    }
}

/// Another thing that was measured in the same rounds.
#[derive(Clone, Debug, Serialize)]
struct Beside {
    name: &'static str,
    figures: Figures,
    rate_ratio: f64,
    p50_ratio: f64,
    p95_ratio: f64,
    cpu_ratio: f64,
}

/// One measurement.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    what: String,
    connections: usize,
    figures: Figures,
    beside: Option<Beside>,
    empty_rate: Option<f64>,
    target: Target,
    met: Option<bool>,
}

impl Row {
    /// A measurement by itself.
    pub fn new(what: &str, connections: usize, samples: &[Sample]) -> Self {
        Self {
            what: what.to_owned(),
            connections,
            figures: Figures::of(samples),
            beside: None,
            empty_rate: None,
            target: Target::NONE,
            met: None,
        }
    }

    /// With what was measured in the same rounds, and how it should compare.
    pub fn beside(
        mut self,
        (name, of, to): (&'static str, &[Sample], &[Sample]),
        target: Target,
    ) -> Self {
        let beside = Beside {
            name,
            figures: Figures::of(to),
            rate_ratio: ratio(of, to, |one| one.rate),
            p50_ratio: ratio(of, to, |one| one.p50),
            p95_ratio: ratio(of, to, |one| one.p95),
            cpu_ratio: ratio(of, to, |one| one.cpu),
        };
        let checks = [
            target.rate.map(|least| beside.rate_ratio >= least),
            target.p95.map(|most| beside.p95_ratio <= most),
            target.p50.map(|most| beside.p50_ratio <= most),
            target.cpu.map(|most| beside.cpu_ratio <= most),
            target.worst.map(|most| self.figures.worst < most),
        ];
        self.met = checks.into_iter().flatten().reduce(|all, one| all && one);
        self.target = target;
        self.beside = Some(beside);
        self
    }

    /// With the rate of a Worker that does nothing, in the same rounds.
    pub fn empty(mut self, samples: &[Sample]) -> Self {
        self.empty_rate = Some(middle(samples, |one| one.rate));
        self
    }

    fn cells(&self) -> Vec<String> {
        let Figures {
            rate,
            p50,
            p95,
            p99,
            worst,
            cpu,
        } = self.figures;
        let mut cells = vec![self.what.clone(), self.connections.to_string(), whole(rate)];
        cells.extend([p50, p95, p99, worst].map(tenths));
        cells.push(hundredths(cpu));
        match &self.beside {
            Some(beside) => cells.extend([
                beside.name.to_owned(),
                whole(beside.figures.rate),
                tenths(beside.figures.p95),
                hundredths(beside.rate_ratio),
                hundredths(beside.p50_ratio),
                hundredths(beside.p95_ratio),
                hundredths(beside.cpu_ratio),
            ]),
            None => cells.extend([""; 7].map(str::to_owned)),
        }
        cells.push(self.empty_rate.map(whole).unwrap_or_default());
        cells.push(self.target.words());
        cells.push(
            self.met
                .map_or("", |met| if met { "yes" } else { "NO" })
                .to_owned(),
        );
        cells
    }
}

impl Target {
    fn words(self) -> String {
        let words = [
            self.rate.map(|least| format!("rate ≥ {least}")),
            self.p95.map(|most| format!("p95 ≤ {most}×")),
            self.p50.map(|most| format!("p50 ≤ {most}×")),
            self.cpu.map(|most| format!("CPU ≤ {most}×")),
            self.worst.map(|most| format!("all < {most} ms")),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

fn whole(number: f64) -> String {
    written(number, 0)
}

fn tenths(number: f64) -> String {
    written(number, 1)
}

fn hundredths(number: f64) -> String {
    written(number, 2)
}

/// Nothing for what was not measured.
fn written(number: f64, digits: usize) -> String {
    if number.is_normal() {
        format!("{number:.digits$}")
    } else {
        String::new()
    }
}

const HEAD: [&str; 18] = [
    "what",
    "connections",
    "/s",
    "p50 ms",
    "p95",
    "p99",
    "worst",
    "CPU ms",
    "beside",
    "its /s",
    "its p95",
    "rate ratio",
    "p50 ratio",
    "p95 ratio",
    "CPU ratio",
    "/empty /s",
    "target",
    "met",
];

/// All measurements so far.
#[derive(Serialize)]
pub struct Report {
    plan: Plan,
    load_before: String,
    load_after: String,
    rows: Vec<Row>,
}

impl Report {
    /// Nothing measured yet.
    pub fn start(plan: Plan) -> Self {
        Self {
            plan,
            load_before: load(),
            load_after: String::new(),
            rows: Vec::new(),
        }
    }

    /// Adds a measurement, and says so to whoever waits for the rest.
    pub fn add(&mut self, row: Row) {
        say(&row.cells().join("  "));
        self.load_after = load();
        self.rows.push(row);
    }

    /// The table, to standard output.
    pub fn print(&self) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "| {} |", HEAD.join(" | "))?;
        writeln!(out, "|{}", "---|".repeat(HEAD.len()))?;
        for row in &self.rows {
            writeln!(out, "| {} |", row.cells().join(" | "))?;
        }
        writeln!(
            out,
            "\nload of the machine: {} before, {} after",
            self.load_before, self.load_after
        )?;
        Ok(())
    }

    /// The same as JSON.
    pub fn write(&self, file: &Path) -> Result<(), Failure> {
        Ok(fs::write(file, serde_json::to_vec_pretty(self)?)?)
    }
}

/// A line to standard error, where progress goes.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The machine's load over 1, 5 and 15 minutes.
fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').take(3).collect::<Vec<_>>().join(" ")
}
