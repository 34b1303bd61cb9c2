//! Quiet hours and moments as the tests write them.

use serde_json::Value;
use texting::{
    identity::Identity,
    quiet::{Quiet, QuietHours, ZoneName},
    time::Timestamp,
};

use crate::zones::Zones;

/// Quiet hours of an operator.
pub fn quiet_hours(hours: &str, zone: &str) -> QuietHours {
    QuietHours {
        hours: hours.parse().unwrap(),
        zone: ZoneName::read(zone).unwrap(),
    }
}

/// An identity of the operator's.
pub fn identity(fields: &Value) -> Identity {
    Identity::from_hook(fields).unwrap()
}

/// The moment at which a clock shows this, such as `2026-01-31T08:00:00+01:00`.
pub fn at(text: &str) -> Timestamp {
    let moment: jiff::Timestamp = text.parse().unwrap();
    Timestamp::from_millis(moment.as_millisecond())
}

/// The quiet of a recipient without a zone, if it is quiet.
pub fn quiet(hours: &QuietHours, now: Timestamp, random: u32) -> Option<Quiet> {
    let verdict = hours.check(&Identity::default(), &Zones, now, random);
    verdict.unwrap().quiet
}
