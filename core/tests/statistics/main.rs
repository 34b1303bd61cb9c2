//! The statistics on a real SQLite, with a clock that tests move.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../support/sqlite.rs"]
mod sqlite;

use rusqlite::Connection;
use serde_json::{Value, json};
use sqlite::Sqlite;
use texting::{
    statistics::{
        Statistics,
        report::{Count, Move, Report},
        schema,
    },
    time::{DAY, HOUR, Timestamp},
};

/// The first moment of a day.
const START: Timestamp = Timestamp::from_millis(DAY.times(19_700).as_millis());

struct Store {
    sql: Sqlite,
    now: Timestamp,
}

impl Store {
    fn new() -> Self {
        let sql = Sqlite(Connection::open_in_memory().unwrap());
        schema::migrate(&sql).unwrap();
        Self { sql, now: START }
    }

    fn add(&self, report: &Report) {
        Statistics::new(&self.sql, self.now).add(report).unwrap();
    }

    fn show(&self) -> Value {
        let statistics = Statistics::new(&self.sql, self.now);
        statistics.roll_up().unwrap();
        statistics.show().unwrap()
    }
}

fn counted(at: Timestamp, counts: &[(&str, i64)]) -> Report {
    let count = |(what, count): &(&str, i64)| Count {
        hour: at.index_of(HOUR),
        what: (*what).to_owned(),
        count: *count,
    };
    Report {
        counts: counts.iter().map(count).collect(),
        ..Report::default()
    }
}

fn moved(from: Option<i64>, to: Option<i64>) -> Report {
    let by = Move { from, to };
    Report {
        links: by,
        demand: by,
        ..Report::default()
    }
}

#[test]
fn reports_of_an_hour_add_up_in_that_hour() {
    let mut store = Store::new();
    store.now = store.now + HOUR * 10;
    store.add(&counted(START + HOUR * 5, &[("texted", 2), ("read", 1)]));
    store.add(&counted(START + HOUR * 5, &[("texted", 3)]));
    store.add(&counted(START + HOUR * 7, &[("texted", 1)]));
    let shown = store.show();
    let hours = json!([
        { "from": START + HOUR * 5, "counts": { "texted": 5, "read": 1 } },
        { "from": START + HOUR * 7, "counts": { "texted": 1 } },
    ]);
    assert_eq!(shown["hours"], hours);
    assert_eq!(
        shown["days"],
        json!([{ "from": START, "counts": { "texted": 6, "read": 1 } }])
    );
    assert_eq!(shown["complete_to"], json!(START + HOUR * 8));
}

#[test]
fn after_two_days_hours_are_days_and_nothing_is_lost() {
    let mut store = Store::new();
    for hour in [0, 1, 30] {
        store.now = START + HOUR * hour;
        store.add(&counted(store.now, &[("texted", 1)]));
    }
    store.now = START + HOUR * 50;
    let shown = store.show();
    assert_eq!(shown["hours"].as_array().unwrap().len(), 1);
    let days = json!([
        { "from": START, "counts": { "texted": 2 } },
        { "from": START + DAY, "counts": { "texted": 1 } },
    ]);
    assert_eq!(shown["days"], days);
    store.now = store.now + DAY * 10;
    assert_eq!(store.show()["days"], days);
}

#[test]
fn an_hour_of_long_ago_goes_to_its_day_and_days_of_last_year_are_forgotten() {
    let mut store = Store::new();
    store.add(&counted(START - DAY * 20, &[("texted", 1)]));
    store.add(&counted(START - DAY * 20 + HOUR, &[("texted", 1)]));
    let day = json!([{ "from": START - DAY * 20, "counts": { "texted": 2 } }]);
    assert_eq!(
        (&store.show()["days"], &store.show()["hours"]),
        (&day, &json!([]))
    );
    store.now = store.now + DAY * 379;
    store.add(&counted(store.now - DAY * 3, &[("read", 1)]));
    assert_eq!(store.show()["days"].as_array().unwrap().len(), 2);
    store.now = store.now + DAY;
    store.add(&counted(store.now - DAY * 3, &[("read", 1)]));
    assert_eq!(
        store.show()["days"].as_array().unwrap().len(),
        2,
        "the first is gone"
    );
}

#[test]
fn nonsense_is_not_counted() {
    let store = Store::new();
    store.add(&counted(START + HOUR * 2, &[("texted", 1)]));
    store.add(&counted(START - DAY * 500, &[("texted", 1)]));
    store.add(&counted(
        START,
        &[("texted", -1), ("texted", 0), (&"x".repeat(40), 1)],
    ));
    assert_eq!(
        (&store.show()["hours"], &store.show()["days"]),
        (&json!([]), &json!([]))
    );
}

#[test]
fn users_move_within_the_histograms_and_leave_them() {
    let store = Store::new();
    for _ in 0..3 {
        store.add(&moved(None, Some(1)));
    }
    store.add(&moved(Some(1), Some(4)));
    store.add(&moved(Some(4), Some(4)));
    store.add(&moved(Some(1), None));
    let shown = store.show();
    let places = json!([{ "numbers": 1, "users": 1 }, { "numbers": 4, "users": 1 }]);
    assert_eq!(
        (&shown["links_per_user"], &shown["demand_per_user"]),
        (&places, &places)
    );
    assert_eq!(shown["users"], 2);
    assert_eq!(
        (&shown["advice"]["mean"], &shown["advice"]["deviation"]),
        (&json!(2.5), &json!(1.5))
    );
    assert_eq!(
        (&shown["advice"]["by_mean"], &shown["advice"]["enough"]),
        (&json!(6), &json!(4))
    );
}

#[test]
fn a_user_who_leaves_twice_is_not_missing_elsewhere() {
    let store = Store::new();
    store.add(&moved(None, Some(1)));
    store.add(&moved(Some(2), Some(1)));
    store.add(&moved(Some(2), None));
    assert_eq!(
        store.show()["links_per_user"],
        json!([{ "numbers": 1, "users": 2 }])
    );
}

#[test]
fn notices_without_a_number_are_added_up_over_a_month() {
    let mut store = Store::new();
    for day in [0, 20, 31] {
        store.now = START + DAY * day;
        store.add(&counted(store.now, &[("no_number", 1), ("texted", 9)]));
    }
    assert_eq!(store.show()["without_number"], 2);
}

#[test]
fn nothing_was_reported_yet() {
    let shown = Store::new().show();
    assert_eq!((&shown["users"], &shown["hours"]), (&json!(0), &json!([])));
    assert_eq!(shown["advice"]["by_mean"], Value::Null);
    assert_eq!(shown["advice"]["run_out"].as_array().unwrap().len(), 30);
}

#[test]
fn the_json_of_a_report_is_pinned() {
    let mut report = counted(Timestamp::default() + HOUR * 7, &[("texted", 2)]);
    report.links = Move {
        from: None,
        to: Some(1),
    };
    let pinned = r#"{"counts":[{"hour":7,"what":"texted","count":2}],"links":{"from":null,"to":1},"demand":{"from":null,"to":null}}"#;
    assert_eq!(serde_json::to_string(&report).unwrap(), pinned);
    assert_eq!(Report::read(pinned).unwrap(), report);
    let newer = r#"{"links":{"to":1,"since":3},"weather":"fine"}"#;
    let read = Report::read(newer).unwrap();
    assert_eq!(
        read,
        Report {
            links: Move {
                from: None,
                to: Some(1)
            },
            ..Report::default()
        }
    );
}
