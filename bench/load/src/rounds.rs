//! Rounds in which what is compared takes turns, so that what else the machine does hits all alike.

use crate::{
    Failure,
    client::{Job, Sample, run},
    process::Worker,
    statistics::median,
};

/// The requests of one round. Those of one inner list go over one connection, in their order.
pub struct Round {
    /// Sent first, and not measured: they put the objects into the state that is meant.
    pub before: Vec<Vec<Job>>,
    /// Measured.
    pub measured: Vec<Vec<Job>>,
}

impl Round {
    /// Requests that are independent of each other and of any state.
    pub fn of(jobs: impl Iterator<Item = Job>) -> Self {
        Self {
            before: Vec::new(),
            measured: jobs.map(|job| vec![job]).collect(),
        }
    }

    /// The same after others.
    pub fn after(self, jobs: impl Iterator<Item = Job>) -> Self {
        Self {
            before: jobs.map(|job| vec![job]).collect(),
            ..self
        }
    }
}

/// One of those who take turns.
pub struct Side<'a> {
    worker: &'a Worker,
    round: Box<dyn FnMut() -> Round + 'a>,
}

impl<'a> Side<'a> {
    /// Sends what `round` makes, anew each time.
    pub fn new(worker: &'a Worker, round: impl FnMut() -> Round + 'a) -> Self {
        Self {
            worker,
            round: Box::new(round),
        }
    }

    /// One round.
    pub async fn play(&mut self, connections: usize) -> Result<Sample, Failure> {
        let Round { before, measured } = (self.round)();
        let host = self.worker.address;
        run(host, 32.min(before.len().max(1)), before).await?;
        let count: usize = measured.iter().map(Vec::len).sum();
        let begun = self.worker.cpu();
        let sample = run(host, connections, measured).await?;
        let cpu = (self.worker.cpu() - begun) / f64::from(u32::try_from(count)?);
        Ok(Sample { cpu, ..sample })
    }
}

/// Lets all sides take turns, once to warm up and then so many times; each side's samples.
pub async fn alternate<const N: usize>(
    rounds: usize,
    connections: usize,
    mut sides: [Side<'_>; N],
) -> Result<[Vec<Sample>; N], Failure> {
    let mut samples = [const { Vec::new() }; N];
    for round in 0..=rounds {
        for (side, samples) in sides.iter_mut().zip(&mut samples) {
            let sample = side.play(connections).await?;
            if round > 0 {
                samples.push(sample);
            }
        }
    }
    Ok(samples)
}

/// The median over the rounds of one figure.
pub fn middle(samples: &[Sample], figure: impl Fn(&Sample) -> f64) -> f64 {
    median(&samples.iter().map(figure).collect::<Vec<_>>())
}

/// The median over the rounds of the ratio of a figure.
pub fn ratio(of: &[Sample], to: &[Sample], figure: impl Fn(&Sample) -> f64) -> f64 {
    let pairs = of.iter().zip(to);
    median(
        &pairs
            .map(|(of, to)| figure(of) / figure(to))
            .collect::<Vec<_>>(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(rates: &[f64]) -> Vec<Sample> {
        let sample = |rate: &f64| Sample {
            rate: *rate,
            p50: 1.0,
            p95: 1.0,
            p99: 1.0,
            worst: 1.0,
            cpu: 1.0,
        };
        rates.iter().map(sample).collect()
    }

    #[test]
    fn a_ratio_is_taken_within_each_round() {
        let (slow, quick) = (samples(&[10.0, 1.0, 100.0]), samples(&[20.0, 2.0, 100.0]));
        assert_eq!(ratio(&slow, &quick, |one| one.rate), 0.5);
        assert_eq!(middle(&quick, |one| one.rate), 20.0);
    }
}
