//! Time zones by jiff and the database in it, instead of the runtime's `Intl`.

use jiff::{Timestamp as Moment, tz::TimeZone};
use texting::{
    quiet::{TimeOfDay, TimeZones, ZoneName},
    time::Timestamp,
};

pub struct Zones;

impl TimeZones for Zones {
    fn spelling(&self, zone: &ZoneName) -> Option<String> {
        let zone = TimeZone::get(zone).ok()?;
        zone.iana_name().map(str::to_owned)
    }

    fn time_of_day(&self, zone: &ZoneName, at: Timestamp) -> Option<TimeOfDay> {
        let zone = TimeZone::get(zone).ok()?;
        let at = Moment::from_millisecond(at.as_millis()).ok()?;
        TimeOfDay::read(&zone.to_datetime(at).strftime("%H:%M:%S").to_string())
    }
}
