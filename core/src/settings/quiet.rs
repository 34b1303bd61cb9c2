//! Reads the quiet hours and the time zone that goes with them.

use super::{
    reader::{Get, Reader, SettingProblem, quote},
    table::{QUIET_HOURS, TIME_ZONE},
};
use crate::quiet::{Hours, HoursError, QuietHours, TimeZones, ZoneName};

/// Reads both settings. A time zone alone means nothing and is no problem.
pub(super) fn quiet_hours(reader: &mut Reader<'_>) -> Option<QuietHours> {
    let hours = reader.read(&QUIET_HOURS, hours);
    let zone = reader.read(&TIME_ZONE, zone);
    if reader.is_set(&QUIET_HOURS) && !reader.is_set(&TIME_ZONE) {
        let problem = format!("needs {}, which is not set", TIME_ZONE.name);
        reader.problem(&QUIET_HOURS, problem);
    }
    Some(QuietHours {
        hours: hours?,
        zone: zone?,
    })
}

/// The problem with a `TIME_ZONE` that is written like one and that the runtime does not know.
pub fn unknown_time_zone(get: Get<'_>, zones: &impl TimeZones) -> Option<SettingProblem> {
    let mut reader = Reader::new(get);
    let zone = reader.read(&TIME_ZONE, zone)?;
    if zones.spelling(&zone).is_none() {
        let problem = format!("{} is not a time zone that the runtime knows", quote(&zone));
        reader.problem(&TIME_ZONE, problem);
    }
    reader.into_problems().pop()
}

fn hours(value: &str) -> Result<Hours, String> {
    let read = value.parse();
    read.map_err(|error: HoursError| format!("{} {error}", quote(value)))
}

fn zone(value: &str) -> Result<ZoneName, String> {
    let problem = || format!("{} is not the name of a time zone", quote(value));
    ZoneName::read(value).ok_or_else(problem)
}
