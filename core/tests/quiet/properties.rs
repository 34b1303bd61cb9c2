//! Over years of moments in zones with odd clocks: never inside, never lost, the first moment outside.

use std::cell::Cell;

use jiff::{Timestamp as Moment, tz::TimeZone};
use proptest::prelude::*;
use texting::{
    identity::Identity,
    quiet::{Quiet, QuietHours, TimeOfDay, TimeZones, ZoneName},
    time::{DAY, HOUR, MINUTE, Span, Timestamp},
};

use crate::{
    support::{at, quiet, quiet_hours},
    zones::Zones,
};

/// Zones whose clocks change by an hour, half an hour or two hours, at night, at midnight or in Ramadan, that have
/// moved to another offset or over the date line, or that are beside the full hour.
const ZONES: [&str; 22] = [
    "Africa/Casablanca",
    "America/Caracas",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kwajalein",
];

/// The most readings for one look, on a day with a change of the clocks.
const MOST_READINGS: usize = 40;

/// Counts how often a clock is read.
#[derive(Default)]
struct Counting(Cell<usize>);

impl TimeZones for Counting {
    fn spelling(&self, zone: &ZoneName) -> Option<String> {
        Zones.spelling(zone)
    }

    fn time_of_day(&self, zone: &ZoneName, at: Timestamp) -> Option<TimeOfDay> {
        self.0.set(self.0.get() + 1);
        Zones.time_of_day(zone, at)
    }
}

/// A moment in 1980 to 2040, half of the time within two days of a change of the zone's clock.
fn moment(zone: &'static str) -> impl Strategy<Value = Timestamp> {
    let years = at("1980-01-01T00:00:00Z").as_millis()..at("2040-01-01T00:00:00Z").as_millis();
    let near = -(DAY * 2).as_millis()..(HOUR * 3).as_millis();
    (years, near, any::<bool>()).prop_map(move |(millis, near, is_near)| {
        let moment = Moment::from_millisecond(millis).unwrap();
        let zone = TimeZone::get(zone).unwrap();
        let change = zone.following(moment).next().filter(|_| is_near);
        let change = change.map(|change| change.timestamp().as_millisecond() + near);
        Timestamp::from_millis(change.unwrap_or(millis))
    })
}

/// Quiet hours of any length, half of the time with an end or a beginning in the hours of changes.
fn hours() -> impl Strategy<Value = (i64, i64)> {
    let minute = || prop_oneof![0_i64..1440, 0_i64..240, 1380_i64..1440];
    (minute(), minute()).prop_filter("equal ends", |(from, to)| from != to)
}

fn case() -> impl Strategy<Value = (QuietHours, Timestamp)> {
    let zone = prop::sample::select(ZONES.to_vec());
    (zone, hours()).prop_flat_map(|(zone, (from, to))| {
        let clock = |minute| format!("{}:{:02}", minute / 60, minute % 60);
        let hours = quiet_hours(&format!("{}-{}", clock(from), clock(to)), zone);
        (Just(hours), moment(zone))
    })
}

fn is_quiet(hours: &QuietHours, at: Timestamp) -> bool {
    let time = Zones.time_of_day(&hours.zone, at).unwrap();
    hours.hours.contain(time)
}

/// The first full minute after a moment that is quiet, or not. Clocks have changed at full minutes since 1980.
fn first(hours: &QuietHours, after: Timestamp, quiet: bool) -> Timestamp {
    let minutes = after.index_of(MINUTE) + 1..;
    let mut minutes = minutes.map(|minute| Timestamp::default() + MINUTE * minute);
    minutes.find(|it| is_quiet(hours, *it) == quiet).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_text_waits_for_the_first_moment_outside((hours, now) in case()) {
        let found = quiet(&hours, now, 0);
        prop_assert_eq!(found.is_some(), is_quiet(&hours, now));
        if let Some(Quiet { ends, until, .. }) = found {
            prop_assert_eq!(ends, first(&hours, now, false));
            prop_assert_eq!(Some(until), Zones.time_of_day(&hours.zone, ends));
        }
    }

    #[test]
    fn the_random_wait_never_ends_inside((hours, now) in case(), random in any::<u32>()) {
        for random in [random, 0, u32::MAX] {
            let Some(Quiet { ends, wake, .. }) = quiet(&hours, now, random) else {
                continue;
            };
            let open = first(&hours, ends, true) - ends;
            prop_assert!(wake - ends <= (MINUTE * 5).min(open / 4));
            prop_assert!(wake >= ends && quiet(&hours, wake, random).is_none());
        }
    }

    #[test]
    fn a_look_costs_few_readings((hours, now) in case()) {
        let zones = Counting::default();
        hours.check(&Identity::default(), &zones, now, 0).unwrap();
        prop_assert!(zones.0.get() <= MOST_READINGS, "{} readings", zones.0.get());
    }

    #[test]
    fn clocks_of_any_century_are_understood((hours, _) in case(), millis in -6_i64 << 42..6 << 42) {
        let now = Timestamp::from_millis(millis);
        if let Some(Quiet { ends, wake, .. }) = quiet(&hours, now, u32::MAX) {
            prop_assert!(ends > now && !is_quiet(&hours, ends) && !is_quiet(&hours, wake));
            prop_assert!(is_quiet(&hours, ends - Span::from_millis(1)));
        }
    }
}
