//! When a record reports to the statistics.

use texting::{
    record::command::Outcome,
    statistics::report::{Count, Report},
    time::{DAY, HOUR, MINUTE},
};

use crate::{
    services::Answer,
    user::User,
    world::{DELAY, START},
};

/// A user who read one message in the first hour.
fn read_one() -> User {
    let user = User::new();
    user.sent(1, 1);
    user.read(1);
    user
}

fn told(user: &User) -> Vec<Report> {
    user.statistics.told.borrow().clone()
}

/// How often it was looked for something to report.
fn looks(user: &User) -> usize {
    user.journal.count("SELECT min(span) FROM seen")
}

/// An event, and what it made the object do.
fn event(user: &User, message: u32) {
    user.read(message);
    user.tasks.run();
}

#[test]
fn a_new_record_looks_for_nothing_to_report_in_its_first_hour() {
    let user = read_one();
    user.later(HOUR - MINUTE).read(2);
    assert_eq!(looks(&user), 0);
    user.later(MINUTE).read(3);
    assert_eq!(looks(&user), 1);
}

#[test]
fn an_hour_is_reported_with_an_event_after_it_is_over_for_good() {
    let user = read_one();
    user.later(HOUR * 3 - MINUTE);
    event(&user, 2);
    assert!(told(&user).is_empty());
    user.later(MINUTE);
    event(&user, 3);
    let read = Count {
        hour: START.index_of(HOUR),
        what: "read".to_owned(),
        count: 1,
    };
    assert_eq!(told(&user)[0].counts, [read]);
}

#[test]
fn an_instance_looks_for_something_to_report_once_an_hour() {
    let mut user = read_one();
    user.later(HOUR * 3).read(2);
    assert_eq!(looks(&user), 1);
    user.later(HOUR - MINUTE).read(3);
    assert_eq!(looks(&user), 1);
    user.later(MINUTE).read(4);
    assert_eq!(looks(&user), 2);
    user.crash();
    user.read(5);
    assert_eq!(looks(&user), 3, "another instance does not know");
}

#[test]
fn an_event_is_stored_even_if_what_is_to_be_reported_cannot_be_read() {
    let user = read_one();
    user.storage.refuse("SELECT min(span)");
    user.later(HOUR * 3);
    assert_eq!(user.sent(2, 2), Outcome::Stored);
    assert_eq!(user.logged("record.storage_failed"), 1);
    assert_eq!(user.sent(2, 2), Outcome::Known);
}

#[test]
fn what_was_reported_is_not_reported_again() {
    let mut user = read_one();
    user.later(HOUR * 3);
    event(&user, 2);
    user.crash();
    event(&user, 3);
    assert_eq!(told(&user).len(), 1);
}

#[test]
fn a_report_that_was_not_taken_is_offered_again_in_the_next_hour() {
    let user = read_one();
    user.statistics.store.set(false);
    user.later(HOUR * 3);
    event(&user, 2);
    event(&user, 3);
    assert_eq!(told(&user).len(), 1);
    user.statistics.store.set(true);
    user.later(HOUR);
    event(&user, 4);
    let offered = told(&user);
    assert_eq!((offered.len(), &offered[0]), (2, &offered[1]));
    user.later(HOUR);
    event(&user, 5);
    assert_eq!(told(&user).len(), 2, "it was taken");
}

#[test]
fn a_report_that_was_not_taken_for_thirty_days_is_given_up() {
    let user = read_one();
    user.statistics.store.set(false);
    user.later(DAY * 30 + HOUR * 3);
    event(&user, 2);
    assert_eq!(told(&user).len(), 1);
    user.statistics.store.set(true);
    user.later(HOUR);
    event(&user, 3);
    assert_eq!(told(&user).len(), 1);
}

#[test]
fn a_record_that_looks_for_a_report_forgets_its_old_failures() {
    let user = User::new();
    user.sent(1, 1);
    user.answer(Answer::Refused);
    user.later(DELAY).ring();
    assert_eq!(user.storage.rows("failures"), 1);
    user.later(DAY * 31);
    event(&user, 2);
    assert_eq!(user.storage.rows("failures"), 0);
}

#[test]
fn a_report_whose_object_crashes_before_it_is_told_is_made_by_the_next_instance() {
    let mut user = read_one();
    user.later(HOUR * 3).read(2);
    user.crash();
    event(&user, 3);
    assert_eq!(told(&user).len(), 1);
}

#[test]
fn the_alarm_reports_too() {
    let user = read_one();
    user.later(HOUR * 3 - MINUTE * 10).sent(2, 2);
    user.tasks.run();
    user.later(MINUTE * 10).ring();
    assert_eq!(told(&user).len(), 1);
}
