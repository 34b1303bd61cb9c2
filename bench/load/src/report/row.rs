//! One measurement: its figures, and how they compare.

use serde::Serialize;

use super::{
    comparison::{Comparison, Figures, median_of},
    target::Target,
};
use crate::{rounds::Series, sample::Sample};

/// What a row is measured beside.
#[derive(Clone, Debug, Serialize)]
pub struct Beside {
    /// For people.
    pub name: &'static str,
    /// Its figures, and the row's ratios to them.
    #[serde(flatten)]
    pub comparison: Comparison,
}

/// A row of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// Connections that shared the requests; 0 if there were none.
    pub connections: usize,
    /// Of this build.
    pub figures: Figures,
    /// The floor, or another scenario, in the same rounds.
    pub beside: Option<Beside>,
    /// Rate of requests that do nothing, in the same rounds.
    pub empty_rate: Option<f64>,
    /// Limits of the comparison with `beside`.
    pub target: Target,
    /// Whether the target is met; nothing without limits.
    pub met: Option<bool>,
    /// The same scenario with the other build, in the same rounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_build: Option<Comparison>,
    #[serde(skip)]
    samples: Vec<Sample>,
}

impl Row {
    /// A measurement, compared with the other build if that was measured too.
    pub fn new(what: &str, connections: usize, series: &Series) -> Self {
        let Series { samples, other } = series;
        Self {
            what: what.to_owned(),
            connections,
            figures: Figures::of(samples),
            beside: None,
            empty_rate: None,
            target: Target::NONE,
            met: None,
            other_build: (!other.is_empty()).then(|| Comparison::of(samples, other)),
            samples: samples.clone(),
        }
    }

    /// Compares with another side of the same rounds, within these limits.
    pub fn beside(mut self, name: &'static str, series: &Series, target: Target) -> Self {
        let comparison = Comparison::of(&self.samples, &series.samples);
        self.met = target.met(&self.figures, &comparison);
        self.target = target;
        self.beside = Some(Beside { name, comparison });
        self
    }

    /// Adds the rate of requests that do nothing.
    pub fn empty(mut self, series: &Series) -> Self {
        self.empty_rate = Some(median_of(&series.samples, |one| one.rate));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(rate: f64, other: Option<f64>) -> Series {
        let sample = |rate| Sample {
            rate,
            ..Sample::default()
        };
        Series {
            samples: vec![sample(rate)],
            other: other.map(sample).into_iter().collect(),
        }
    }

    #[test]
    fn a_row_compares_with_the_floor_and_with_the_other_build() {
        let row = Row::new("message", 1, &series(80.0, Some(40.0)));
        let row = row.beside("floor", &series(100.0, None), Target::NEW);
        assert_eq!(row.beside.unwrap().comparison.rate_ratio, 0.8);
        assert_eq!(row.other_build.unwrap().rate_ratio, 2.0);
    }

    #[test]
    fn without_another_build_the_json_has_no_field_for_it() {
        let row = Row::new("message", 1, &series(80.0, None));
        let json = serde_json::to_value(row.beside("floor", &series(100.0, None), Target::NEW));
        let json = json.unwrap();
        assert_eq!(json.get("other_build"), None);
        assert_eq!(json["beside"]["rate_ratio"], 0.8);
    }
}
