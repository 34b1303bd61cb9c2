//! Many users' notices due at the same moment.

use std::ops::Range;

use tokio::time::{Duration, Instant, sleep_until};

use super::{
    installation::{Installation, TIMEOUT},
    least::Least,
    texter::Texter,
};
use crate::{
    Failure, client,
    plan::Plan,
    report::{Report, Row, Target},
    rounds::{Series, Turn},
    sample::Sample,
};

/// Measures in rounds, in which all sides are due at the same moment and are let go one after the other.
pub async fn measure(
    plan: Plan,
    report: &mut Report,
    product: &Installation,
    other: Option<&Installation>,
    least: &Least,
) -> Result<(), Failure> {
    let [mut first, mut later] = [Series::default(), Series::default()];
    let [mut least_first, mut least_later] = [Series::default(), Series::default()];
    for round in 0..=plan.rounds {
        let users = round * plan.due..(round + 1) * plan.due;
        // Each user's first text, and one more in the same conversation.
        for (series, least_series) in [
            (&mut first, &mut least_first),
            (&mut later, &mut least_later),
        ] {
            let sides = Sides {
                product,
                other,
                least,
                delay: Duration::from_secs(plan.delay),
            };
            let turns = sides.play(users.clone(), round % 2 == 1).await?;
            // The first round only warms up.
            if round > 0 {
                series.push(turns.product);
                least_series.push(turns.least);
            }
        }
    }
    for (what, series, least) in [
        ("first text of a link", first, least_first),
        ("another text", later, least_later),
    ] {
        let what = format!("{what}, {} due at once", plan.due);
        let row = Row::new(&what, 0, &series);
        report.add(row.beside("least that a text needs", &least, Target::TEXT));
    }
    Ok(())
}

struct Turns {
    product: Turn,
    least: Turn,
}

struct Sides<'a> {
    product: &'a Installation,
    other: Option<&'a Installation>,
    least: &'a Least,
    delay: Duration,
}

impl Sides<'_> {
    async fn play(&self, users: Range<usize>, other_first: bool) -> Result<Turns, Failure> {
        self.store_for_all(&users).await?;
        let count = users.len();
        let least = texts(self.least, count).await?;
        let (sample, other) = match self.other {
            None => (texts(self.product, count).await?, None),
            Some(other) if other_first => {
                let other = texts(other, count).await?;
                (texts(self.product, count).await?, Some(other))
            }
            Some(other) => {
                let sample = texts(self.product, count).await?;
                (sample, Some(texts(other, count).await?))
            }
        };
        Ok(Turns {
            product: Turn { sample, other },
            least: Turn {
                sample: least,
                other: None,
            },
        })
    }

    /// Returns when the notices of all sides are due.
    async fn store_for_all(&self, users: &Range<usize>) -> Result<(), Failure> {
        let begun = Instant::now();
        store(self.least, users.clone()).await?;
        store(self.product, users.clone()).await?;
        if let Some(other) = self.other {
            store(other, users.clone()).await?;
        }
        let stored = Instant::now();
        if stored - begun >= self.delay {
            return Err("some notices were due before all were stored".into());
        }
        sleep_until(stored + self.delay + Duration::from_millis(100)).await;
        Ok(())
    }
}

/// Tells a Worker of a message to each user, then stops it until all are due.
async fn store(texter: &impl Texter, users: Range<usize>) -> Result<(), Failure> {
    let jobs = users.map(|user| Ok(vec![texter.job(user)?]));
    let jobs = jobs.collect::<Result<Vec<_>, Failure>>()?;
    client::run(texter.worker().address, 32, jobs).await?;
    texter.worker().pause()
}

/// Lets a Worker go on, and waits for all texts.
async fn texts(texter: &impl Texter, count: usize) -> Result<Sample, Failure> {
    let (worker, nexmo) = (texter.worker(), texter.nexmo());
    let before = nexmo.texts().len();
    worker.resume()?;
    let (start, cpu_before) = (Instant::now(), worker.cpu());
    let texts = nexmo.wait_for(TIMEOUT, |texts| texts.len() >= before + count);
    let texts = texts.await?;
    let whole = start.elapsed();
    let cpu = (worker.cpu() - cpu_before) / f64::from(u32::try_from(count)?);
    let new = texts.iter().skip(before);
    let times: Vec<_> = new.map(|text| text.at - start).collect();
    Ok(Sample {
        cpu,
        ..Sample::of(&times, whole)
    })
}
