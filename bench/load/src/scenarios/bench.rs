//! The Workers that a scenario compares, and the comparison.

use crate::{
    Failure,
    job::Job,
    plan::{Load, Plan},
    process::Worker,
    report::{Report, Row, Target},
    rounds::{Round, Side, alternate},
};

/// The running Workers, and the report on them.
pub struct Bench<'a> {
    /// How much is measured.
    pub plan: Plan,
    /// Where the measurements go.
    pub report: &'a mut Report,
    /// The build under test.
    pub product: &'a Worker,
    /// Another build of the product, if one is compared.
    pub other: Option<&'a Worker>,
    /// The Worker that does the least.
    pub floor: &'a Worker,
}

/// A row's name, what it is measured beside, and its target.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// What the product does.
    pub what: &'static str,
    /// What the floor does.
    pub beside: &'static str,
    /// Limits of the product's ratios to the floor.
    pub target: Target,
}

impl<'a> Bench<'a> {
    /// All builds of the product.
    pub fn builds(&self) -> impl Iterator<Item = &'a Worker> + use<'a> {
        [self.product].into_iter().chain(self.other)
    }

    /// Requests to the product, and to its other build.
    pub fn product<'r>(&self, round: impl FnMut() -> Round + 'r) -> Side<'r>
    where
        'a: 'r,
    {
        Side::new(self.product, round).against(self.other)
    }

    /// Measures the product beside the floor and beside empty requests, under each load. `product`
    /// and `floor` make a round of so many requests.
    pub async fn compare(
        &mut self,
        scenario: Scenario,
        loads: impl IntoIterator<Item = Load>,
        mut product: impl FnMut(usize) -> Round,
        mut floor: impl FnMut(usize) -> Round,
    ) -> Result<(), Failure> {
        let Scenario {
            what,
            beside,
            target,
        } = scenario;
        for Load {
            connections,
            requests,
        } in loads
        {
            let sides = [
                self.product(|| product(requests)),
                Side::new(self.floor, || floor(requests)),
                Side::new(self.floor, || empty(requests)),
            ];
            let [product, floor, empty] = alternate(self.plan.rounds, connections, sides).await?;
            let row = Row::new(what, connections, &product).beside(beside, &floor, target);
            self.report.add(row.empty(&empty));
        }
        Ok(())
    }
}

/// Requests to the floor that store nothing.
pub fn empty(count: usize) -> Round {
    Round::of((0..count).map(|_| Job::get("/empty")))
}
