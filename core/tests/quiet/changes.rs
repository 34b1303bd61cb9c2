//! Single nights, and those on which the clocks change.

use texting::time::{MINUTE, SECOND, Span};

use crate::support::{at, quiet, quiet_hours};

/// Asserts until when it is quiet, by the zone's own clock, in quiet hours that hold at a moment.
fn assert_ends(zone: &str, hours: &str, now: &str, ends: &str) {
    let quiet = quiet(&quiet_hours(hours, zone), at(now), 0);
    assert_eq!(
        quiet.map(|it| it.ends),
        Some(at(ends)),
        "{zone} {hours} {now}"
    );
}

fn assert_open(zone: &str, hours: &str, now: &str) {
    assert_eq!(
        quiet(&quiet_hours(hours, zone), at(now), 0),
        None,
        "{zone} {hours} {now}"
    );
}

#[test]
fn a_night_ends_at_its_end_on_either_day() {
    let [evening, night] = ["2026-01-10T21:00:00+01:00", "2026-01-11T07:59:59.999+01:00"];
    for now in [evening, night] {
        assert_ends(
            "Europe/Berlin",
            "21:00-08:00",
            now,
            "2026-01-11T08:00:00+01:00",
        );
    }
    for now in ["2026-01-10T20:59:59.999+01:00", "2026-01-11T08:00:00+01:00"] {
        assert_open("Europe/Berlin", "21:00-08:00", now);
    }
}

#[test]
fn zones_beside_the_full_hour_have_their_own_nights() {
    let now = "2026-01-10T22:00:00+05:45";
    assert_ends(
        "Asia/Kathmandu",
        "21:00-08:00",
        now,
        "2026-01-11T08:00:00+05:45",
    );
    assert_open("Asia/Kathmandu", "21:00-08:00", "2026-01-10T20:59:00+05:45");
}

#[test]
fn a_night_in_which_the_clocks_change_ends_at_its_end_all_the_same() {
    for (zone, now, ends) in [
        (
            "America/New_York",
            "2026-03-07T22:00:00-05:00",
            "2026-03-08T08:00:00-04:00",
        ),
        (
            "America/New_York",
            "2026-10-31T22:00:00-04:00",
            "2026-11-01T08:00:00-05:00",
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-04T22:00:00+11:00",
            "2026-04-05T08:00:00+10:30",
        ),
        (
            "Pacific/Auckland",
            "2026-09-26T22:00:00+12:00",
            "2026-09-27T08:00:00+13:00",
        ),
    ] {
        assert_ends(zone, "21:00-08:00", now, ends);
    }
}

#[test]
fn an_end_that_the_clock_jumps_over_is_the_jump() {
    let now = "2026-03-08T00:30:00-05:00";
    assert_ends(
        "America/New_York",
        "21:00-02:30",
        now,
        "2026-03-08T03:00:00-04:00",
    );
    let quiet = quiet(&quiet_hours("21:00-02:30", "America/New_York"), at(now), 0).unwrap();
    assert_eq!(quiet.to_string(), "quiet until 03:00 America/New_York");
}

#[test]
fn open_hours_that_the_clock_jumps_over_come_the_next_day() {
    let now = "2026-03-08T00:30:00-05:00";
    assert_ends(
        "America/New_York",
        "02:30-02:00",
        now,
        "2026-03-09T02:00:00-04:00",
    );
}

#[test]
fn an_end_that_comes_twice_is_the_first_and_the_wait_stays_out_of_the_quiet_after_it() {
    let hours = quiet_hours("21:00-01:59", "America/New_York");
    let found = quiet(&hours, at("2026-11-01T00:30:00-04:00"), u32::MAX).unwrap();
    assert_eq!(found.ends, at("2026-11-01T01:59:00-04:00"));
    assert!(
        found.wake < found.ends + SECOND * 15,
        "a quarter of the minute until 1:00 comes again"
    );
    let again = quiet(&hours, at("2026-11-01T01:00:00-05:00"), 0).unwrap();
    assert_eq!(again.ends, at("2026-11-01T01:59:00-05:00"));
}

#[test]
fn a_clock_that_goes_back_at_midnight_shows_the_evening_twice() {
    let now = "2026-10-24T23:45:00+03:00";
    assert_ends(
        "Asia/Beirut",
        "23:30-00:30",
        now,
        "2026-10-24T23:00:00+02:00",
    );
}

#[test]
fn a_skipped_day_has_no_night_of_its_own() {
    let now = "2011-12-29T22:00:00-10:00";
    assert_ends(
        "Pacific/Apia",
        "21:00-08:00",
        now,
        "2011-12-31T08:00:00+14:00",
    );
}

#[test]
fn conversations_wait_up_to_five_minutes_longer_each() {
    let hours = quiet_hours("21:00-08:00", "Europe/Berlin");
    let now = at("2026-01-11T03:00:00+01:00");
    let wait = |random| {
        let found = quiet(&hours, now, random).unwrap();
        found.wake - found.ends
    };
    assert_eq!(wait(0), Span::ZERO);
    assert_eq!(wait(1 << 31), MINUTE * 5 / 2);
    assert_eq!(wait(u32::MAX), MINUTE * 5 - Span::from_millis(1));
}

#[test]
fn the_random_wait_is_at_most_a_quarter_of_the_open_time() {
    let hours = quiet_hours("08:00-07:58", "Europe/Berlin");
    let found = quiet(&hours, at("2026-01-11T03:00:00+01:00"), u32::MAX).unwrap();
    assert_eq!(found.wake - found.ends, SECOND * 30 - Span::from_millis(1));
}
