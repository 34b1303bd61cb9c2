//! Rounds in which the sides take turns, so that other load on the machine affects all alike.

use crate::{Failure, client, job::Job, process::Worker, sample::Sample};

/// The requests of one round. Those of one inner list go over one connection, in order.
pub struct Round {
    /// Sent first and not measured; brings the objects into the intended state.
    pub preparation: Vec<Vec<Job>>,
    /// Measured.
    pub measured: Vec<Vec<Job>>,
}

impl Round {
    /// Requests in any order, without preparation.
    pub fn of(jobs: impl Iterator<Item = Job>) -> Self {
        Self {
            preparation: Vec::new(),
            measured: jobs.map(|job| vec![job]).collect(),
        }
    }

    /// The same, prepared by other requests.
    pub fn after(self, jobs: impl Iterator<Item = Job>) -> Self {
        Self {
            preparation: jobs.map(|job| vec![job]).collect(),
            ..self
        }
    }
}

/// What takes turns with others: a Worker, the requests to it, and the other build of this Worker if
/// one is compared.
pub struct Side<'a> {
    worker: &'a Worker,
    other: Option<&'a Worker>,
    other_first: bool,
    round: Box<dyn FnMut() -> Round + 'a>,
}

/// One round of a side.
pub struct Turn {
    /// Of its Worker.
    pub sample: Sample,
    /// Of the other build.
    pub other: Option<Sample>,
}

impl Turn {
    /// A round that no other build takes part in.
    pub fn alone(sample: Sample) -> Self {
        Self {
            sample,
            other: None,
        }
    }
}

/// All rounds of a side.
#[derive(Debug, Default)]
pub struct Series {
    /// One per round.
    pub samples: Vec<Sample>,
    /// Of the other build, in the same rounds; empty if there is none.
    pub other: Vec<Sample>,
}

impl Series {
    /// Adds a round.
    pub fn push(&mut self, turn: Turn) {
        self.samples.push(turn.sample);
        self.other.extend(turn.other);
    }
}

impl From<Vec<Sample>> for Series {
    fn from(samples: Vec<Sample>) -> Self {
        Self {
            samples,
            other: Vec::new(),
        }
    }
}

impl<'a> Side<'a> {
    /// `round` is called for each round and each Worker.
    pub fn new(worker: &'a Worker, round: impl FnMut() -> Round + 'a) -> Self {
        Self {
            worker,
            other: None,
            other_first: false,
            round: Box::new(round),
        }
    }

    /// Sends the same kind of requests to another build in each round.
    pub fn against(self, other: Option<&'a Worker>) -> Self {
        Self { other, ..self }
    }

    /// Plays one round. With another build, each of the two is first in every other round.
    pub async fn play(&mut self, connections: usize) -> Result<Turn, Failure> {
        let Some(other) = self.other else {
            let sample = self.measure(self.worker, connections).await?;
            return Ok(Turn::alone(sample));
        };
        self.other_first = !self.other_first;
        let (sample, other) = if self.other_first {
            let other = self.measure(other, connections).await?;
            (self.measure(self.worker, connections).await?, other)
        } else {
            let sample = self.measure(self.worker, connections).await?;
            (sample, self.measure(other, connections).await?)
        };
        Ok(Turn {
            sample,
            other: Some(other),
        })
    }

    async fn measure(&mut self, worker: &Worker, connections: usize) -> Result<Sample, Failure> {
        let Round {
            preparation,
            measured,
        } = (self.round)();
        let preparing = preparation.len().clamp(1, 32);
        client::run(worker.address, preparing, preparation).await?;
        let count: usize = measured.iter().map(Vec::len).sum();
        let cpu_before = worker.cpu();
        let sample = client::run(worker.address, connections, measured).await?;
        let cpu = (worker.cpu() - cpu_before) / f64::from(u32::try_from(count)?);
        Ok(Sample { cpu, ..sample })
    }
}

/// Lets all sides take turns: one round to warm up, which is dropped, and then `rounds`.
pub async fn alternate<const N: usize>(
    rounds: usize,
    connections: usize,
    mut sides: [Side<'_>; N],
) -> Result<[Series; N], Failure> {
    for side in &mut sides {
        side.play(connections).await?;
    }
    let mut all = [(); N].map(|()| Series::default());
    for _ in 0..rounds {
        for (side, series) in sides.iter_mut().zip(&mut all) {
            series.push(side.play(connections).await?);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_builds_rounds_are_kept_apart() {
        let mut series = Series::default();
        let sample = |rate| Sample {
            rate,
            ..Sample::default()
        };
        for rate in [1.0, 2.0] {
            series.push(Turn {
                sample: sample(rate),
                other: Some(sample(10.0 * rate)),
            });
        }
        let rates = |samples: &[Sample]| samples.iter().map(|one| one.rate).collect::<Vec<_>>();
        assert_eq!(rates(&series.samples), [1.0, 2.0]);
        assert_eq!(rates(&series.other), [10.0, 20.0]);
    }

    #[test]
    fn without_another_build_there_are_no_rounds_of_it() {
        let mut series = Series::default();
        series.push(Turn {
            sample: Sample::default(),
            other: None,
        });
        assert_eq!((series.samples.len(), series.other.len()), (1, 0));
    }
}
