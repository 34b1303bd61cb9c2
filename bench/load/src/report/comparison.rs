//! Figures over several rounds, and their ratios to those of another side in the same rounds.

use serde::Serialize;

use crate::{sample::Sample, statistics::median};

/// Medians over the rounds; times in milliseconds. `worst` is the longest time of all rounds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Figures {
    /// Responses per second.
    pub rate: f64,
    /// Median response time.
    pub p50: f64,
    /// 95th percentile of the response times.
    pub p95: f64,
    /// 99th percentile of the response times.
    pub p99: f64,
    /// Longest response time.
    pub worst: f64,
    /// CPU time per request.
    pub cpu: f64,
}

impl Figures {
    /// Of the samples of all rounds.
    pub fn of(samples: &[Sample]) -> Self {
        Self {
            rate: median_of(samples, |one| one.rate),
            p50: median_of(samples, |one| one.p50),
            p95: median_of(samples, |one| one.p95),
            p99: median_of(samples, |one| one.p99),
            worst: samples.iter().map(|one| one.worst).fold(0.0, f64::max),
            cpu: median_of(samples, |one| one.cpu),
        }
    }
}

/// Another side's figures, and the ratios to them: medians over the rounds of the ratio within each
/// round.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Comparison {
    /// The other side's.
    pub figures: Figures,
    /// Ratio of the rates; more is better.
    pub rate_ratio: f64,
    /// Ratio of the median response times; less is better, as for all that follow.
    pub p50_ratio: f64,
    /// Ratio of the 95th percentiles.
    pub p95_ratio: f64,
    /// Ratio of the CPU times.
    pub cpu_ratio: f64,
}

impl Comparison {
    /// Compares samples with those of the other side in the same rounds.
    pub fn of(samples: &[Sample], other: &[Sample]) -> Self {
        Self {
            figures: Figures::of(other),
            rate_ratio: ratio(samples, other, |one| one.rate),
            p50_ratio: ratio(samples, other, |one| one.p50),
            p95_ratio: ratio(samples, other, |one| one.p95),
            cpu_ratio: ratio(samples, other, |one| one.cpu),
        }
    }
}

/// The median over the rounds of one figure.
pub fn median_of(samples: &[Sample], figure: impl Fn(&Sample) -> f64) -> f64 {
    median(&samples.iter().map(figure).collect::<Vec<_>>())
}

fn ratio(samples: &[Sample], other: &[Sample], figure: impl Fn(&Sample) -> f64) -> f64 {
    let pairs = samples.iter().zip(other);
    let ratios = pairs.map(|(one, other)| figure(one) / figure(other));
    median(&ratios.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(rates: [f64; 3]) -> [Sample; 3] {
        rates.map(|rate| Sample {
            rate,
            worst: rate,
            ..Sample::default()
        })
    }

    #[test]
    fn a_ratio_is_taken_within_each_round() {
        let (slow, quick) = (samples([10.0, 1.0, 100.0]), samples([20.0, 2.0, 100.0]));
        let comparison = Comparison::of(&slow, &quick);
        assert_eq!(comparison.rate_ratio, 0.5);
        assert_eq!(comparison.figures.rate, 20.0);
    }

    #[test]
    fn figures_are_medians_but_for_the_worst() {
        let figures = Figures::of(&samples([10.0, 1.0, 100.0]));
        assert_eq!([figures.rate, figures.worst], [10.0, 100.0]);
    }
}
