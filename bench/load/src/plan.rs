//! How much of each thing is measured.

use serde::Serialize;

/// Counts, chosen so that a round of each scenario takes some seconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Plan {
    /// Times that the Workers take turns, after one that is not counted.
    pub rounds: usize,
    /// Requests per round where each makes a new Durable Object: over one connection, over 32.
    pub new: [usize; 2],
    /// Requests per round where the objects are known.
    pub known: [usize; 2],
    /// Notices that wait for the hot user.
    pub waiting: usize,
    /// Users who are due at once.
    pub due: usize,
    /// Fan-outs per round.
    pub fans: usize,
    /// Starts of each Worker.
    pub starts: usize,
}

impl Plan {
    /// The real thing.
    pub const FULL: Self = Self {
        rounds: 5,
        new: [100, 400],
        known: [400, 2_000],
        waiting: 10_000,
        due: 1_000,
        fans: 20,
        starts: 10,
    };
    /// To see that everything works.
    pub const QUICK: Self = Self {
        rounds: 2,
        new: [20, 64],
        known: [60, 300],
        waiting: 500,
        due: 100,
        fans: 3,
        starts: 2,
    };
}

/// How many connections the two columns of a count stand for.
pub const CONNECTIONS: [usize; 2] = [1, 32];
