//! Quiet hours: when no text leaves, by the wall clock of each recipient. A courtesy to people, not a way to comply
//! with a law.

mod clock;
mod hours;
mod zone;

use std::fmt;

use thiserror::Error;

pub use self::{
    hours::{Hours, HoursError, TimeOfDay},
    zone::ZoneName,
};

use self::clock::{Clock, Reading};
use crate::{
    identity::Identity,
    time::{MINUTE, Span, Timestamp},
};

/// The longest random wait after quiet hours.
const LONGEST_SPREAD: Span = MINUTE.times(5);
/// The random wait is at most the open time divided by this.
const SHARE_OF_OPEN_TIME: i64 = 4;

/// The time zones that a runtime knows.
pub trait TimeZones {
    /// A zone's name as the runtime writes it, which may be that of the zone it is another name of. `None` if it
    /// knows no such zone.
    fn spelling(&self, zone: &ZoneName) -> Option<String>;
    /// What a wall clock in the zone shows at a moment. `None` if the runtime knows no such zone, or cannot say.
    fn time_of_day(&self, zone: &ZoneName, at: Timestamp) -> Option<TimeOfDay>;
}

/// The runtime cannot tell the time in this zone, or its clock does not go round. If it is the operator's zone, another
/// `TIME_ZONE` helps.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the time in {0} is unknown")]
pub struct NoClock(pub ZoneName);

/// The operator's quiet hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// From when to when.
    pub hours: Hours,
    /// The zone of recipients whose identity names none.
    pub zone: ZoneName,
}

/// Whether a text to one recipient may leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The quiet to wait for the end of. `None`: the text may leave now.
    pub quiet: Option<Quiet>,
    /// The field of the identity that should name a time zone and does not: worth a warning, without its value, as
    /// users may have written that.
    pub no_zone_in: Option<&'static str>,
}

/// It is quiet where the recipient is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// The first moment at which it is no longer quiet.
    pub ends: Timestamp,
    /// When to look again: the end and a random wait, before it becomes quiet again.
    pub wake: Timestamp,
    /// What the recipient's clock shows at the end.
    pub until: TimeOfDay,
    /// The recipient's time zone.
    pub zone: ZoneName,
}

/// For the operator: `quiet until 08:00 Europe/Berlin`.
impl fmt::Display for Quiet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "quiet until {} {}", self.until, self.zone)
    }
}

impl QuietHours {
    /// Whether a text to this recipient may leave now. `random` is uniform over `u32`.
    ///
    /// # Errors
    /// [`NoClock`] if the runtime does not know the zone of the settings; it has been asked when they were read.
    pub fn check(
        &self,
        recipient: &Identity,
        zones: &impl TimeZones,
        now: Timestamp,
        random: u32,
    ) -> Result<Verdict, NoClock> {
        let (zone, no_zone_in) = self.zone_of(recipient, zones);
        let quiet = self.quiet(&zone, zones, now, random)?;
        Ok(Verdict { quiet, no_zone_in })
    }

    /// The recipient's zone, and the field that should name it and does not.
    fn zone_of(
        &self,
        recipient: &Identity,
        zones: &impl TimeZones,
    ) -> (ZoneName, Option<&'static str>) {
        let Some(named) = zone::named(recipient) else {
            return (self.zone.clone(), None);
        };
        match named.zone.filter(|zone| zones.spelling(zone).is_some()) {
            Some(zone) => (zone, None),
            None => (self.zone.clone(), Some(named.field)),
        }
    }

    fn quiet(
        &self,
        zone: &ZoneName,
        zones: &impl TimeZones,
        now: Timestamp,
        random: u32,
    ) -> Result<Option<Quiet>, NoClock> {
        let clock = Clock { zones, zone };
        let reading = clock.read(now)?;
        if !self.hours.contain(reading.time) {
            return Ok(None);
        }
        let end = clock.first(reading, |time| self.hours.until_open(time))?;
        Ok(Some(Quiet {
            ends: end.at,
            wake: end.at + self.spread(&clock, end)?.random_part(random),
            until: end.time,
            zone: spelled(zone, zones),
        }))
    }

    /// The longest wait after the end of the quiet hours, so that not all texts leave at once.
    fn spread(&self, clock: &Clock<'_, impl TimeZones>, end: Reading) -> Result<Span, NoClock> {
        let quiet_again = clock.first(end, |time| self.hours.until_quiet(time))?;
        let open = quiet_again.at - end.at;
        Ok(LONGEST_SPREAD.min(open / SHARE_OF_OPEN_TIME))
    }
}

/// A zone's name with its capitals in the right places. A name that the runtime would replace by another one of the
/// same zone stays as it is: people look for what they wrote.
fn spelled(zone: &ZoneName, zones: &impl TimeZones) -> ZoneName {
    let spelling = zones.spelling(zone);
    let spelling = spelling.filter(|spelling| spelling.eq_ignore_ascii_case(zone));
    spelling.map_or_else(|| zone.clone(), ZoneName::unchecked)
}
