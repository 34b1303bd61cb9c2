//! What a row should reach; docs/benchmarks.md lists the targets.

use serde::Serialize;

use super::comparison::{Comparison, Figures};

/// Limits of a row's figures and of its ratios to the floor or whatever it is measured beside.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Target {
    /// Least ratio of the rates.
    pub rate: Option<f64>,
    /// Greatest ratio of the 95th percentiles.
    pub p95: Option<f64>,
    /// Greatest ratio of the medians.
    pub p50: Option<f64>,
    /// Greatest ratio of the CPU times.
    pub cpu: Option<f64>,
    /// Limit of all response times, in milliseconds.
    pub worst: Option<f64>,
}

impl Target {
    /// No limits.
    pub const NONE: Self = Self {
        rate: None,
        p95: None,
        p50: None,
        worst: None,
        cpu: None,
    };
    /// A webhook for a known user.
    pub const KNOWN: Self = Self {
        rate: Some(0.9),
        p95: Some(1.5),
        ..Self::NONE
    };
    /// A webhook for a new user.
    pub const NEW: Self = Self {
        rate: Some(0.9),
        p95: Some(1.5),
        ..Self::NONE
    };
    /// A text, beside the least that one needs.
    pub const TEXT: Self = Self {
        cpu: Some(2.5),
        ..Self::NONE
    };
    /// Many waiting notices, beside few.
    pub const HOT: Self = Self {
        rate: Some(0.9),
        ..Self::NONE
    };
    /// A start.
    pub const START: Self = Self {
        cpu: Some(1.3),
        ..Self::NONE
    };
    /// A message to many users.
    pub const FAN: Self = Self {
        p50: Some(1.3),
        ..Self::NONE
    };
    /// A message to many new users.
    pub const COLD_FAN: Self = Self {
        worst: Some(1_000.0),
        ..Self::FAN
    };

    /// Whether every limit is kept; nothing if there are none.
    pub fn met(&self, figures: &Figures, beside: &Comparison) -> Option<bool> {
        let checks = [
            self.rate.map(|least| beside.rate_ratio >= least),
            self.p95.map(|most| beside.p95_ratio <= most),
            self.p50.map(|most| beside.p50_ratio <= most),
            self.cpu.map(|most| beside.cpu_ratio <= most),
            self.worst.map(|limit| figures.worst < limit),
        ];
        checks.into_iter().flatten().reduce(|all, one| all && one)
    }

    /// The limits in words, for the table.
    pub fn words(&self) -> String {
        let words = [
            self.rate.map(|least| format!("rate ≥ {least}")),
            self.p95.map(|most| format!("p95 ≤ {most}×")),
            self.p50.map(|most| format!("p50 ≤ {most}×")),
            self.cpu.map(|most| format!("CPU ≤ {most}×")),
            self.worst.map(|limit| format!("all < {limit} ms")),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    fn met(target: Target, rate: f64, p95: f64) -> Option<bool> {
        let floor = Sample {
            rate: 1.0,
            p95: 1.0,
            ..Sample::default()
        };
        let product = Sample { rate, p95, ..floor };
        let figures = Figures::of(&[product]);
        target.met(&figures, &Comparison::of(&[product], &[floor]))
    }

    #[test]
    fn a_target_is_met_when_all_its_limits_are_kept() {
        assert_eq!(met(Target::KNOWN, 0.9, 1.5), Some(true));
        assert_eq!(met(Target::KNOWN, 0.89, 1.5), Some(false));
        assert_eq!(met(Target::KNOWN, 0.9, 1.6), Some(false));
        assert_eq!(met(Target::NONE, 0.1, 9.0), None);
    }

    #[test]
    fn the_words_name_each_limit() {
        assert_eq!(Target::KNOWN.words(), "rate ≥ 0.9, p95 ≤ 1.5×");
        assert_eq!(Target::COLD_FAN.words(), "p50 ≤ 1.3×, all < 1000 ms");
        assert_eq!(Target::NONE.words(), "");
    }
}
