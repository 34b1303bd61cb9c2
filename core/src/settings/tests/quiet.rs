//! The quiet hours and their time zone.

use super::*;
use crate::{
    quiet::{TimeOfDay, TimeZones, ZoneName},
    time::Timestamp,
};

/// A runtime that knows one zone.
struct Berlin;

impl TimeZones for Berlin {
    fn spelling(&self, zone: &ZoneName) -> Option<String> {
        let is_known = zone.eq_ignore_ascii_case("Europe/Berlin");
        is_known.then(|| "Europe/Berlin".to_owned())
    }

    fn time_of_day(&self, _: &ZoneName, _: Timestamp) -> Option<TimeOfDay> {
        None
    }
}

fn unknown(zone: &str) -> Option<String> {
    let get = |name: &str| (name == "TIME_ZONE").then(|| Var::from(zone));
    let problem = unknown_time_zone(&get, &Berlin)?;
    assert_eq!(problem.setting, "TIME_ZONE");
    Some(problem.problem)
}

#[test]
fn quiet_hours_have_a_time_zone() {
    let settings = with(&[
        ("QUIET_HOURS", "21:00-08:00"),
        ("TIME_ZONE", "europe/berlin"),
    ]);
    let quiet = settings.unwrap().quiet_hours.unwrap();
    assert_eq!(Ok(quiet.hours), "21:00-08:00".parse());
    assert_eq!(quiet.zone.as_str(), "europe/berlin");
}

#[test]
fn quiet_hours_without_a_time_zone_are_a_problem() {
    for problems in [
        with(&[("QUIET_HOURS", "21:00-08:00")]),
        with(&[("QUIET_HOURS", "21:00-08:00"), ("TIME_ZONE", " ")]),
    ] {
        let problems = problems.unwrap_err();
        let said: Vec<_> = problems
            .iter()
            .map(|it| (it.setting, it.problem.as_str()))
            .collect();
        assert_eq!(said, [("QUIET_HOURS", "needs TIME_ZONE, which is not set")]);
    }
}

#[test]
fn a_time_zone_alone_means_nothing() {
    assert!(good("TIME_ZONE", "Europe/Berlin").quiet_hours.is_none());
}

#[test]
fn quiet_hours_are_two_different_times() {
    for (value, said) in [
        (
            "21-8",
            "`21-8` is not two times of the day with a hyphen between them",
        ),
        (
            "24:00-8:00",
            "`24:00-8:00` is not two times of the day with a hyphen between them",
        ),
        (
            "9:5-10:00",
            "`9:5-10:00` is not two times of the day with a hyphen between them",
        ),
        (
            "9:00-09:00",
            "`9:00-09:00` begins and ends at the same time",
        ),
    ] {
        let problems = with(&[("QUIET_HOURS", value), ("TIME_ZONE", "Europe/Berlin")]);
        let problems = problems.unwrap_err();
        let found: Vec<_> = problems
            .iter()
            .map(|it| (it.setting, it.problem.as_str()))
            .collect();
        assert_eq!(found, [("QUIET_HOURS", said)]);
    }
}

#[test]
fn a_time_zone_is_a_name_that_the_runtime_knows() {
    are_problems(
        "TIME_ZONE",
        &[
            ("+02:00", "`+02:00` is not the name of a time zone"),
            (
                "Berlin, Germany",
                "`Berlin, Germany` is not the name of a time zone",
            ),
        ],
    );
    assert_eq!(unknown("EUROPE/BERLIN"), None);
    let expected = "`Mars/Olympus_Mons` is not a time zone that the runtime knows";
    assert_eq!(unknown("Mars/Olympus_Mons").as_deref(), Some(expected));
}

#[test]
fn a_time_zone_that_is_no_name_is_reported_once() {
    assert_eq!(unknown("+02:00"), None);
    assert_eq!(unknown(" "), None);
}
