//! How much is measured.

use serde::Serialize;

/// Counts, chosen so that a round of each scenario takes some seconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Plan {
    /// Rounds that count; one more comes first, to warm up.
    pub rounds: usize,
    /// Requests per round where each makes a new Durable Object: over one connection, over 32.
    pub new: [usize; 2],
    /// Requests per round where the objects exist: over one connection, over 32.
    pub known: [usize; 2],
    /// Notices that wait for the hot user.
    pub waiting: usize,
    /// Users whose notices are due at once.
    pub due: usize,
    /// Seconds from a message until its notice is due: long enough for all of a round to be stored.
    pub delay: u64,
    /// Fan-outs per round.
    pub fans: usize,
    /// Starts of each Worker.
    pub starts: usize,
}

impl Plan {
    /// Enough for ratios that repeat.
    pub const FULL: Self = Self {
        rounds: 5,
        new: [100, 400],
        known: [400, 2_000],
        waiting: 10_000,
        due: 1_000,
        delay: 30,
        fans: 20,
        starts: 10,
    };
    /// Only shows that everything works.
    pub const QUICK: Self = Self {
        rounds: 2,
        new: [20, 64],
        known: [60, 300],
        waiting: 500,
        due: 100,
        delay: 6,
        fans: 3,
        starts: 2,
    };
}

/// The requests of one round.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Connections that share the requests.
    pub connections: usize,
    /// Requests over all connections together.
    pub requests: usize,
}

impl Load {
    /// Both loads of a scenario: over one connection, over 32.
    pub fn both([one, many]: [usize; 2]) -> [Self; 2] {
        [
            Self {
                connections: 1,
                requests: one,
            },
            Self {
                connections: 32,
                requests: many,
            },
        ]
    }
}
