//! Replies that repeat others.

use texting::{
    record::reply::ReplyOutcome,
    time::{HOUR, MINUTE},
};

use crate::replies::{claim, end, linked};
use crate::support::{NUMBERS, User, part, reply};

/// Sends these words as a reply, and returns whether they are posted.
fn is_posted(user: &mut User, id: &str, words: &str) -> bool {
    user.inbound(&reply(id, NUMBERS[0], words));
    let claimed = claim(user);
    if let Some(claim) = &claimed {
        end(user, claim, ReplyOutcome::Done);
    }
    claimed.is_some()
}

fn limited() -> User {
    let mut user = linked();
    user.policy.same_reply_limit = Some(3);
    user
}

#[test]
fn the_same_words_are_not_posted_for_the_fourth_time_within_an_hour() {
    let mut user = limited();
    for (id, words) in [
        ("A1", "I am driving."),
        ("A2", " i am driving. "),
        ("A3", "I AM DRIVING."),
    ] {
        assert!(is_posted(&mut user, id, words), "{words}");
        user.later(MINUTE * 10);
    }
    assert!(!is_posted(&mut user, "A4", "I am driving."));
    assert!(is_posted(&mut user, "A5", "I have arrived."));
}

#[test]
fn a_reply_that_was_not_posted_does_not_lengthen_the_hour() {
    let mut user = limited();
    for id in ["A1", "A2", "A3"] {
        assert!(is_posted(&mut user, id, "ok"));
    }
    for id in ["A4", "A5"] {
        user.later(MINUTE * 29);
        assert!(!is_posted(&mut user, id, "ok"));
    }
    user.later(MINUTE * 2);
    assert!(is_posted(&mut user, "A6", "ok"));
}

#[test]
fn repeated_replies_are_logged_once_an_hour() {
    let mut user = limited();
    let logged = |user: &User, id: &str| {
        user.turn(|record| {
            record.text(&reply(id, NUMBERS[0], "ok"))?;
            Ok(record.logged())
        })
    };
    let counts = ["A1", "A2", "A3", "A4", "A5"].map(|id| logged(&user, id));
    assert_eq!(counts, [0, 0, 0, 1, 0]);
    user.later(HOUR);
    let counts = ["B1", "B2", "B3", "B4", "B5"].map(|id| logged(&user, id));
    assert_eq!(counts, [0, 0, 0, 1, 0]);
}

#[test]
fn a_long_text_counts_like_any_other() {
    let mut user = limited();
    for number in 0..3 {
        assert!(is_posted(&mut user, &format!("A{number}"), "12"));
    }
    user.inbound(&part("P1", NUMBERS[0], "1", (1, 2)));
    user.inbound(&part("P2", NUMBERS[0], "2", (2, 2)));
    assert_eq!(claim(&user), None);
}

#[test]
fn without_a_limit_everything_is_posted() {
    let mut user = linked();
    for number in 0..10 {
        assert!(is_posted(&mut user, &format!("A{number}"), "ok"));
    }
}
