//! The other parties: Layer or a Matrix homeserver, Nexmo and KV, each with a mood.

pub mod kv;
pub mod layer;
pub mod matrix;
pub mod nexmo;
pub mod receipts;

use texting::http::{HttpResponse, NoResponse};

use crate::random::Random;

/// How a party is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Fine,
    Flaky,
    Down,
    /// It refuses everything until the operator fixes something.
    Refusing,
}

/// Nexmo's moods. It often fails, because many rules only matter when a text is tried again.
pub const OF_NEXMO: [Mood; 8] = [
    Mood::Fine,
    Mood::Fine,
    Mood::Fine,
    Mood::Flaky,
    Mood::Flaky,
    Mood::Flaky,
    Mood::Down,
    Mood::Refusing,
];

/// The moods of Layer and KV. They fail less often, because without them no text gets as far as Nexmo.
pub const OF_OTHERS: [Mood; 9] = [
    Mood::Fine,
    Mood::Fine,
    Mood::Fine,
    Mood::Fine,
    Mood::Fine,
    Mood::Flaky,
    Mood::Flaky,
    Mood::Down,
    Mood::Refusing,
];

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Luck {
    Served,
    /// Carried out, but the response is lost.
    ServedThenReset,
    /// Carried out, but the response is an error of a server in between.
    ServedThenFault,
    Reset,
    Fault,
    Busy,
    OperatorsFault,
}

impl Luck {
    pub fn of(mood: Mood, random: &Random) -> Self {
        use Luck::{Busy, Fault, OperatorsFault, Reset, Served, ServedThenFault, ServedThenReset};
        match mood {
            Mood::Fine => Served,
            Mood::Refusing => OperatorsFault,
            Mood::Flaky => random.of(&[
                Served,
                Served,
                Served,
                Served,
                Served,
                ServedThenReset,
                ServedThenFault,
                Reset,
                Fault,
                Busy,
            ]),
            Mood::Down => random.of(&[Reset, Fault, Reset, Fault, Busy, ServedThenReset]),
        }
    }

    pub fn serves(self) -> bool {
        matches!(
            self,
            Self::Served | Self::ServedThenReset | Self::ServedThenFault
        )
    }
}

pub fn answer(status: u16, body: impl Into<String>) -> HttpResponse {
    HttpResponse::Received {
        status,
        body: body.into(),
    }
}

pub fn reset() -> HttpResponse {
    HttpResponse::Missing(NoResponse::Connection)
}
