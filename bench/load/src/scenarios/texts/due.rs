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

/// What takes turns.
pub struct Sides<'a> {
    /// This build.
    pub product: &'a Installation,
    /// The other build, if one is compared.
    pub other: Option<&'a Installation>,
    /// The floor.
    pub least: &'a Least,
    /// The floor, with the guarantees that the product gives.
    pub careful: &'a Least,
    /// How long after its message a text is due.
    pub delay: Duration,
}

/// One round of all sides.
struct Turns {
    product: Turn,
    least: Turn,
    careful: Turn,
}

/// The rounds of one kind of text.
#[derive(Default)]
struct Rounds {
    product: Series,
    least: Series,
    careful: Series,
}

impl Rounds {
    fn push(&mut self, turns: Turns) {
        self.product.push(turns.product);
        self.least.push(turns.least);
        self.careful.push(turns.careful);
    }

    fn report(&self, what: &str, report: &mut Report) {
        let row = Row::new(what, 0, &self.product);
        report.add(row.beside("least that a text needs", &self.least, Target::TEXT));
        let row = Row::new(what, 0, &self.product);
        report.add(row.beside(
            "least with the same guarantees",
            &self.careful,
            Target::NONE,
        ));
    }
}

/// Measures in rounds, in which all sides are due at the same moment and are let go one after the other.
pub async fn measure(plan: Plan, report: &mut Report, sides: &Sides<'_>) -> Result<(), Failure> {
    let [mut first, mut later] = [Rounds::default(), Rounds::default()];
    for round in 0..=plan.rounds {
        let users = round * plan.due..(round + 1) * plan.due;
        // Each user's first text, and one more in the same conversation.
        for rounds in [&mut first, &mut later] {
            let turns = sides.play(users.clone(), round % 2 == 1).await?;
            // The first round only warms up.
            if round > 0 {
                rounds.push(turns);
            }
        }
    }
    for (what, rounds) in [("first text of a link", first), ("another text", later)] {
        rounds.report(&format!("{what}, {} due at once", plan.due), report);
    }
    Ok(())
}

impl Sides<'_> {
    async fn play(&self, users: Range<usize>, other_first: bool) -> Result<Turns, Failure> {
        self.store_for_all(&users).await?;
        let count = users.len();
        let least = texts(self.least, count).await?;
        let careful = texts(self.careful, count).await?;
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
            least: Turn::alone(least),
            careful: Turn::alone(careful),
        })
    }

    /// Returns when the notices of all sides are due.
    async fn store_for_all(&self, users: &Range<usize>) -> Result<(), Failure> {
        let begun = Instant::now();
        store(self.least, users.clone()).await?;
        store(self.careful, users.clone()).await?;
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
