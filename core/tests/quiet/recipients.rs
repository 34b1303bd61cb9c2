//! Whose clock counts.

use serde_json::{Value, json};
use texting::{
    quiet::{NoClock, QuietHours, Verdict},
    time::Timestamp,
};

use crate::{
    support::{at, identity, quiet_hours},
    zones::Zones,
};

/// Late in the evening in Berlin, early in the morning in Tokyo, in the afternoon in New York.
const NOW: &str = "2026-01-10T22:30:00+01:00";

fn berlin() -> QuietHours {
    quiet_hours("21:00-08:00", "Europe/Berlin")
}

fn check(recipient: &Value) -> Verdict {
    let verdict = berlin().check(&identity(recipient), &Zones, at(NOW), 0);
    verdict.unwrap()
}

/// What the operator reads of a wait.
fn shown(recipient: &Value) -> Option<String> {
    check(recipient).quiet.map(|quiet| quiet.to_string())
}

#[test]
fn a_recipient_without_a_zone_is_where_the_settings_say() {
    let expected = Some("quiet until 08:00 Europe/Berlin".to_owned());
    assert_eq!(shown(&json!({})), expected);
    assert_eq!(shown(&json!({"time_zone": " "})), expected);
    assert_eq!(check(&json!({"time_zone": ""})).no_zone_in, None);
}

#[test]
fn a_recipient_is_where_the_identity_says_in_any_case() {
    let tokyo = json!({"metadata": {"timezone": "asia/TOKYO"}});
    assert_eq!(
        shown(&tokyo).as_deref(),
        Some("quiet until 08:00 Asia/Tokyo")
    );
    let new_york = check(&json!({"time_zone": "america/new_york"}));
    assert_eq!((new_york.quiet, new_york.no_zone_in), (None, None));
}

#[test]
fn what_is_no_zone_is_worth_a_warning_and_the_settings_count() {
    for zone in [
        json!("Mars/Olympus_Mons"),
        json!("-05:00"),
        json!("PST"),
        json!(5),
    ] {
        let verdict = check(&json!({"timezone": zone, "metadata": {"time_zone": "Asia/Tokyo"}}));
        assert_eq!(verdict.no_zone_in, Some("timezone"), "{zone}");
        let quiet = verdict.quiet.unwrap();
        assert_eq!(quiet.zone.as_str(), "Europe/Berlin");
        assert_eq!(quiet.ends, at("2026-01-11T08:00:00+01:00"));
    }
}

#[test]
fn the_warning_comes_outside_the_quiet_hours_too() {
    let noon = at("2026-01-10T12:00:00+01:00");
    let recipient = identity(&json!({"time_zone": "nowhere"}));
    let verdict = berlin().check(&recipient, &Zones, noon, 0).unwrap();
    assert_eq!(
        (verdict.quiet, verdict.no_zone_in),
        (None, Some("time_zone"))
    );
}

#[test]
fn no_text_leaves_by_a_clock_that_nobody_knows() {
    let hours = quiet_hours("21:00-08:00", "Mars/Olympus_Mons");
    let failed = hours.check(&identity(&json!({})), &Zones, Timestamp::default(), 0);
    assert_eq!(failed, Err(NoClock(hours.zone)));
}
