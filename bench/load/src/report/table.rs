//! The table for people, in Markdown.

use std::io::{self, Write};

use super::{
    comparison::Comparison,
    row::{Beside, Row},
};

struct Column {
    head: &'static str,
    cell: fn(&Row) -> String,
}

const fn column(head: &'static str, cell: fn(&Row) -> String) -> Column {
    Column { head, cell }
}

const COLUMNS: [Column; 18] = [
    column("what", |row| row.what.clone()),
    column("connections", |row| row.connections.to_string()),
    column("/s", |row| whole(row.figures.rate)),
    column("p50 ms", |row| tenths(row.figures.p50)),
    column("p95", |row| tenths(row.figures.p95)),
    column("p99", |row| tenths(row.figures.p99)),
    column("worst", |row| tenths(row.figures.worst)),
    column("CPU ms", |row| hundredths(row.figures.cpu)),
    column("beside", |row| beside(row, |it| it.name.to_owned())),
    column("its /s", |row| compared(row, |it| whole(it.figures.rate))),
    column("its p95", |row| compared(row, |it| tenths(it.figures.p95))),
    column("rate ratio", |row| {
        compared(row, |it| hundredths(it.rate_ratio))
    }),
    column("p50 ratio", |row| {
        compared(row, |it| hundredths(it.p50_ratio))
    }),
    column("p95 ratio", |row| {
        compared(row, |it| hundredths(it.p95_ratio))
    }),
    column("CPU ratio", |row| {
        compared(row, |it| hundredths(it.cpu_ratio))
    }),
    column("/empty /s", |row| {
        row.empty_rate.map(whole).unwrap_or_default()
    }),
    column("target", |row| row.target.words()),
    column("met", |row| met(row).to_owned()),
];

/// Ratios of this build's figures to the other build's.
const OTHER_BUILD: [Column; 4] = [
    column("rate ÷ other build", |row| {
        to_other_build(row, |it| it.rate_ratio)
    }),
    column("p50 ÷ other build", |row| {
        to_other_build(row, |it| it.p50_ratio)
    }),
    column("p95 ÷ other build", |row| {
        to_other_build(row, |it| it.p95_ratio)
    }),
    column("CPU ÷ other build", |row| {
        to_other_build(row, |it| it.cpu_ratio)
    }),
];

/// The columns of a report.
pub struct Table {
    columns: Vec<&'static Column>,
}

impl Table {
    /// With the ratios to the other build, or without.
    pub fn new(with_other_build: bool) -> Self {
        let more: &[Column] = if with_other_build { &OTHER_BUILD } else { &[] };
        Self {
            columns: COLUMNS.iter().chain(more).collect(),
        }
    }

    /// The cells of one row.
    pub fn cells(&self, row: &Row) -> Vec<String> {
        let cells = self.columns.iter().map(|column| (column.cell)(row));
        cells.collect()
    }

    /// Writes the table.
    pub fn write(&self, out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
        let heads: Vec<_> = self.columns.iter().map(|column| column.head).collect();
        writeln!(out, "| {} |", heads.join(" | "))?;
        writeln!(out, "|{}", "---|".repeat(heads.len()))?;
        for row in rows {
            writeln!(out, "| {} |", self.cells(row).join(" | "))?;
        }
        Ok(())
    }
}

fn beside(row: &Row, cell: impl Fn(&Beside) -> String) -> String {
    row.beside.as_ref().map(cell).unwrap_or_default()
}

fn compared(row: &Row, cell: impl Fn(&Comparison) -> String) -> String {
    beside(row, |beside| cell(&beside.comparison))
}

/// A dash if the other build was not measured.
fn to_other_build(row: &Row, ratio: impl Fn(&Comparison) -> f64) -> String {
    let ratio = row.other_build.as_ref().map(ratio).map(hundredths);
    let measured = ratio.filter(|ratio| !ratio.is_empty());
    measured.unwrap_or_else(|| "–".to_owned())
}

const fn met(row: &Row) -> &'static str {
    match row.met {
        Some(true) => "yes",
        Some(false) => "NO",
        None => "",
    }
}

fn whole(number: f64) -> String {
    rounded(number, 0)
}

fn tenths(number: f64) -> String {
    rounded(number, 1)
}

fn hundredths(number: f64) -> String {
    rounded(number, 2)
}

/// Empty for 0 and NaN: nothing was measured.
fn rounded(number: f64, digits: usize) -> String {
    if number.is_normal() {
        format!("{number:.digits$}")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::target::Target, *};
    use crate::{rounds::Series, sample::Sample};

    fn series(rate: f64, other: &[f64]) -> Series {
        let sample = |rate: &f64| Sample {
            rate: *rate,
            p50: 1.0,
            p95: 1.0,
            ..Sample::default()
        };
        Series {
            samples: vec![sample(&rate)],
            other: other.iter().map(sample).collect(),
        }
    }

    fn written(table: &Table, row: Row) -> String {
        let mut out = Vec::new();
        table.write(&mut out, &[row]).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_row_has_its_figures_and_those_beside_it() {
        let row = Row::new("message", 32, &series(90.0, &[])).beside(
            "row",
            &series(100.0, &[]),
            Target::NEW,
        );
        let text = written(&Table::new(false), row.empty(&series(500.0, &[])));
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[0].ends_with("| /empty /s | target | met |"));
        assert_eq!(lines[1], format!("|{}", "---|".repeat(18)));
        assert_eq!(
            lines[2],
            "| message | 32 | 90 | 1.0 | 1.0 |  |  |  | row | 100 | 1.0 | 0.90 | 1.00 | 1.00 |  | 500 \
             | rate ≥ 0.9, p95 ≤ 1.5× | yes |"
        );
    }

    #[test]
    fn ratios_to_the_other_build_come_last() {
        let row = Row::new("message", 1, &series(90.0, &[60.0]));
        let text = written(&Table::new(true), row);
        assert!(text.contains("| met | rate ÷ other build | p50 ÷ other build |"));
        assert!(text.ends_with("| 1.50 | 1.00 | 1.00 | – |\n"), "{text}");
    }

    #[test]
    fn without_a_measurement_of_the_other_build_there_are_dashes() {
        let text = written(&Table::new(true), Row::new("start", 0, &series(1.0, &[])));
        assert!(text.ends_with("| – | – | – | – |\n"), "{text}");
    }
}
