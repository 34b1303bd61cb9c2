//! What a record tells the statistics, and when.

use texting::{
    chat::{recheck::Recheck, status::Status},
    record::{outcome::TextOutcome, report::Due},
    statistics::report::{Count, Move},
    time::{DAY, HOUR, MINUTE, Span, Timestamp},
};

use crate::support::{Dispatched, NUMBERS, User, message_id, reply};

fn due(user: &User) -> Option<Due> {
    user.turn(|record| record.report_due())
}

fn hour(user: &User) -> i64 {
    user.now.index_of(HOUR)
}

fn start_of(hour: i64) -> Timestamp {
    Timestamp::default() + HOUR * hour
}

fn count(hour: i64, what: &str, count: i64) -> Count {
    Count {
        hour,
        what: what.to_owned(),
        count,
    }
}

/// A user who was texted about messages of so many conversations, 1 and up, in one hour.
fn texted(conversations: u32) -> User {
    let mut user = User::new();
    for number in 1..=conversations {
        user.sent(number, number);
    }
    user.later(MINUTE * 10);
    for _ in 0..conversations {
        user.text();
    }
    user
}

#[test]
fn an_hour_is_reported_once_it_need_not_be_remembered_and_not_before() {
    let mut user = texted(1);
    let began = hour(&user);
    user.now = start_of(began + 3) - Span::from_millis(1);
    assert_eq!(due(&user), None);
    user.now = start_of(began + 3);
    let due = due(&user).unwrap();
    assert_eq!(due.report.counts, [count(began, "texted", 1)]);
    assert_eq!(
        due.report.links,
        Move {
            from: None,
            to: Some(1)
        }
    );
}

#[test]
fn what_was_reported_is_not_reported_again() {
    let mut user = texted(1);
    user.later(HOUR * 3);
    let first = due(&user).unwrap();
    user.turn(|record| record.reported(&first));
    assert_eq!(due(&user), None);
    user.sent(2, 1);
    user.turn(|record| record.receipt(&message_id(2), Status::Read));
    let ended = hour(&user);
    user.later(HOUR * 3);
    let second = due(&user).unwrap().report;
    assert_eq!(second.counts, [count(ended, "read", 1)]);
    assert_eq!(
        second.links,
        Move {
            from: Some(1),
            to: Some(1)
        }
    );
}

#[test]
fn what_was_not_taken_is_reported_again_but_not_for_ever() {
    let mut user = texted(1);
    user.later(HOUR * 4);
    let first = due(&user);
    user.turn(|record| record.not_reported());
    assert_eq!(due(&user), first);
    user.later(DAY * 40);
    assert_eq!(
        due(&user).unwrap().report.counts,
        first.unwrap().report.counts,
        "a first try is made however late"
    );
    user.turn(|record| record.not_reported());
    assert_eq!(due(&user), None);
}

#[test]
fn an_hour_that_is_never_taken_is_kept_for_thirty_days() {
    let mut user = texted(1);
    let began = hour(&user);
    user.now = start_of(began + 1) + DAY * 30 - Span::from_millis(1);
    user.turn(|record| record.not_reported());
    assert!(due(&user).is_some());
    user.later(Span::from_millis(1));
    user.turn(|record| record.not_reported());
    assert_eq!(due(&user), None);
}

#[test]
fn one_report_covers_240_hours_and_the_next_the_rest() {
    let mut user = User::new();
    let began = hour(&user);
    for (message, after) in [(1, 0), (2, 239), (3, 240)] {
        user.now = start_of(began + after);
        user.turn(|record| record.receipt(&message_id(message), Status::Read));
    }
    user.later(DAY);
    let read = |hour| count(hour, "read", 1);
    let first = due(&user).unwrap();
    assert_eq!(first.report.counts, [read(began), read(began + 239)]);
    user.turn(|record| record.reported(&first));
    assert_eq!(due(&user).unwrap().report.counts, [read(began + 240)]);
}

#[test]
fn a_report_leaves_alone_what_was_stored_after_it() {
    let mut user = texted(1);
    user.later(HOUR * 3);
    let report = due(&user).unwrap();
    user.sent(2, 1);
    user.turn(|record| record.receipt(&message_id(2), Status::Read));
    user.turn(|record| record.reported(&report));
    user.later(HOUR * 3);
    assert_eq!(due(&user).unwrap().report.counts.len(), 1);
}

#[test]
fn each_end_is_counted_by_its_word_and_receipts_alone_are_not() {
    let mut user = texted(1);
    let began = hour(&user);
    user.turn(|record| record.receipt(&message_id(90), Status::Delivered));
    user.sent(2, 1);
    user.sent(3, 2);
    user.turn(|record| record.message_deleted(&message_id(2)));
    user.later(MINUTE * 10);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.end(
        &claim,
        TextOutcome::Refused {
            number,
            why: "no".to_owned(),
        },
    );
    user.inbound(&reply("A1", NUMBERS[0], "hello"));
    user.inbound(&reply("A2", NUMBERS[0], "STOP"));
    while let Some(claim) = user.turn(|record| record.claim_reply()) {
        user.turn(|record| {
            record.reply_ended(&claim, texting::record::reply::ReplyOutcome::Done, 0)
        });
    }
    user.later(HOUR * 3);
    let words = ["deleted", "failed", "reply_posted", "texted"];
    assert_eq!(
        due(&user).unwrap().report.counts,
        words.map(|word| count(began, word, 1))
    );
}

#[test]
fn hours_in_which_only_receipts_came_go_without_a_report() {
    let mut user = User::new();
    user.turn(|record| record.receipt(&message_id(1), Status::Delivered));
    user.later(HOUR * 3);
    let due = due(&user).unwrap();
    assert_eq!(due.report.counts, []);
    user.turn(|record| record.reported(&due));
    assert_eq!(user.turn(|record| record.report_due()), None);
}

#[test]
fn conversations_that_got_no_number_are_in_demand_once_each() {
    let mut user = texted(3);
    for (message, conversation) in [(11, 4), (12, 4), (13, 5)] {
        user.sent(message, conversation);
    }
    user.later(MINUTE * 10);
    while user.wake().is_some_and(|wake| wake <= user.now) {
        assert!(user.dispatch().is_none());
    }
    user.later(HOUR * 3);
    let report = due(&user).unwrap().report;
    assert_eq!((report.links.to, report.demand.to), (Some(3), Some(5)));
    let without: Vec<_> = report
        .counts
        .iter()
        .filter(|one| one.what == "no_number")
        .collect();
    assert_eq!(without.iter().map(|one| one.count).sum::<i64>(), 3);
}

#[test]
fn a_conversation_that_got_a_number_later_counts_once() {
    let mut user = texted(3);
    user.sent(11, 4);
    user.later(MINUTE * 10);
    assert!(user.dispatch().is_none());
    user.later(DAY * 8);
    user.sent(12, 4);
    user.later(MINUTE * 10);
    user.text();
    let report = due(&user).unwrap().report;
    assert_eq!((report.links.to, report.demand.to), (Some(1), Some(1)));
}

#[test]
fn an_expired_link_is_no_live_one() {
    let mut user = texted(2);
    user.later(DAY * 8);
    assert_eq!(due(&user).unwrap().report.links.to, Some(0));
}

#[test]
fn a_user_who_is_erased_counts_no_more_but_what_they_did_does() {
    let mut user = texted(1);
    user.later(HOUR * 3);
    let first = due(&user).unwrap();
    user.turn(|record| record.reported(&first));
    user.sent(2, 1);
    user.turn(|record| record.receipt(&message_id(2), Status::Read));
    let last = user.turn(|record| record.last_report());
    assert_eq!(last.counts, [count(hour(&user), "read", 1)]);
    assert_eq!(
        (last.links, last.demand),
        (
            Move {
                from: Some(1),
                to: None
            },
            Move {
                from: Some(1),
                to: None
            }
        )
    );
}

#[test]
fn a_message_that_was_not_given_a_number_is_not_texted_when_it_comes_again() {
    let mut user = texted(3);
    user.sent(11, 4);
    user.later(MINUTE * 10);
    let claim = user.claim().unwrap();
    assert!(user.unread(&claim, Recheck::Unknown).is_some());
    assert_eq!(user.number_for(&claim), None);
    assert_eq!(user.sent(11, 4), texting::record::command::Outcome::Known);
}
