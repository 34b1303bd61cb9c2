//! Advice on how many numbers the operator needs, from how many conversations users have.

use serde::Serialize;

use super::tables::Bar;

/// The pool sizes for which [`RunOut`] is computed.
const SIZES: std::ops::RangeInclusive<u32> = 1..=30;
/// The largest advised pool.
const LARGEST: u32 = 1_000;
/// At most one user in this many may run out of numbers.
const ONE_IN: u64 = 100;

/// The advice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    /// Mean of the conversations with a number per user.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
    /// The rule of the original service: mean plus two standard deviations, rounded up, at least 1. Only
    /// knows conversations that got a number from the present pool. `None` without users.
    pub by_mean: Option<u32>,
    /// The smallest pool with which at most one user in a hundred would run out of numbers. `None` without
    /// users.
    pub enough: Option<u32>,
    /// How many users would run out, by the size of the pool.
    pub run_out: Vec<RunOut>,
}

/// How many users would run out of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RunOut {
    /// The size of the pool.
    pub numbers: u32,
    /// The users with more conversations than that.
    pub users: u64,
}

/// Advice from the histograms of conversations that have a number (`links`), and of those that have or need
/// one (`demand`).
pub fn advise(links: &[Bar], demand: &[Bar]) -> Advice {
    let Moments { mean, deviation } = moments(links);
    let wanted = mean + 2.0 * deviation;
    let by_mean = (1..=LARGEST)
        .find(|size| f64::from(*size) >= wanted)
        .unwrap_or(LARGEST);
    let users = total(demand);
    let enough = (1..=LARGEST).find(|size| short_of(demand, *size) * ONE_IN <= users);
    Advice {
        mean,
        deviation,
        by_mean: (total(links) > 0).then_some(by_mean),
        enough: enough.filter(|_| users > 0),
        run_out: SIZES
            .map(|numbers| RunOut {
                numbers,
                users: short_of(demand, numbers),
            })
            .collect(),
    }
}

/// The number of users in a histogram.
pub fn total(histogram: &[Bar]) -> u64 {
    histogram.iter().map(|bar| u64::from(bar.users)).sum()
}

/// The number of users who need more than `size` numbers.
fn short_of(demand: &[Bar], size: u32) -> u64 {
    let short = demand.iter().filter(|bar| bar.numbers > size);
    short.map(|bar| u64::from(bar.users)).sum()
}

/// Mean and standard deviation of a population, not of a sample.
#[derive(Clone, Copy, Default)]
struct Moments {
    mean: f64,
    deviation: f64,
}

fn moments(histogram: &[Bar]) -> Moments {
    let weighed = |of: &dyn Fn(f64) -> f64| -> f64 {
        histogram
            .iter()
            .map(|bar| of(f64::from(bar.numbers)) * f64::from(bar.users))
            .sum()
    };
    let users = weighed(&|_| 1.0);
    if users < 1.0 {
        return Moments::default();
    }
    let mean = weighed(&|value| value) / users;
    let variance = weighed(&|value| (value - mean) * (value - mean)) / users;
    Moments {
        mean,
        deviation: variance.sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bars(pairs: &[(u32, u32)]) -> Vec<Bar> {
        let bar = |&(numbers, users): &(u32, u32)| Bar { numbers, users };
        pairs.iter().map(bar).collect()
    }

    fn advise(links: &[(u32, u32)], demand: &[(u32, u32)]) -> Advice {
        super::advise(&bars(links), &bars(demand))
    }

    #[test]
    fn without_users_there_is_no_advice() {
        for nobody in [&[][..], &[(3, 0)]] {
            let advice = advise(nobody, nobody);
            assert_eq!((advice.by_mean, advice.enough), (None, None));
            assert_eq!((advice.mean, advice.deviation), (0.0, 0.0));
        }
    }

    #[test]
    fn mean_and_deviation_are_those_of_the_textbook() {
        // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, standard deviation 2.
        let users = [(2, 1), (4, 3), (5, 2), (7, 1), (9, 1)];
        let advice = advise(&users, &users);
        assert_eq!((advice.mean, advice.deviation), (5.0, 2.0));
        assert_eq!(advice.by_mean, Some(9));
    }

    #[test]
    fn a_fraction_of_a_number_is_rounded_up() {
        assert_eq!(
            advise(&[(1, 1), (2, 1)], &[]).by_mean,
            Some(3),
            "1.5 + 2 × 0.5 = 2.5"
        );
        assert_eq!(
            advise(&[(0, 9)], &[]).by_mean,
            Some(1),
            "nobody can do with none"
        );
    }

    #[test]
    fn one_user_in_a_hundred_may_run_out_and_no_more() {
        assert_eq!(advise(&[], &[(1, 99), (7, 1)]).enough, Some(1));
        assert_eq!(advise(&[], &[(1, 98), (7, 1)]).enough, Some(7));
        assert_eq!(advise(&[], &[(1, 197), (4, 2), (9, 1)]).enough, Some(4));
    }

    #[test]
    fn a_user_runs_out_who_has_more_conversations_than_there_are_numbers() {
        let advice = advise(&[], &[(0, 5), (1, 4), (3, 2), (40, 1)]);
        let out: Vec<_> = advice
            .run_out
            .iter()
            .map(|one| (one.numbers, one.users))
            .collect();
        assert_eq!(out.len(), 30);
        assert_eq!(out[..3], [(1, 3), (2, 3), (3, 1)]);
        assert_eq!(out.last(), Some(&(30, 1)));
    }

    proptest! {
        #[test]
        fn a_pool_that_is_enough_is_the_smallest(
            demand in proptest::collection::btree_map(0_u32..60, 1_u32..500, 1..12)
        ) {
            let demand: Vec<_> = demand.into_iter().collect();
            let enough = advise(&[], &demand).enough.unwrap();
            let share = |size| short_of(&bars(&demand), size) as f64 / total(&bars(&demand)) as f64;
            prop_assert!(share(enough) <= 0.01);
            prop_assert!(enough == 1 || share(enough - 1) > 0.01);
        }
    }
}
