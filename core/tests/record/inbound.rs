use texting::{
    lookup::Wish,
    record::{
        claim::{LEASE, TextOutcome},
        command::Outcome,
        reply::{Kind, ReplyClaim, ReplyOutcome},
    },
    time::{HOUR, MINUTE},
};

use crate::support::{NUMBERS, PHONE, User, conversation_id, part, reply};

const OTHER_PHONE: &str = "15550109999";

fn linked() -> User {
    let mut user = User::new();
    user.sent(1, 1);
    user.later(10 * MINUTE).text();
    user
}

fn claim(user: &User) -> Option<ReplyClaim> {
    user.turn(|record| record.claim_reply())
}

fn end(user: &User, claim: &ReplyClaim, outcome: ReplyOutcome) {
    user.turn(|record| record.reply_ended(claim, outcome, 0));
}

#[test]
fn a_reply_is_posted_into_the_conversation_of_its_number_once() {
    let user = linked();
    assert_eq!(
        user.inbound(&reply("A1", NUMBERS[0], "on my way")),
        Outcome::Stored
    );
    assert_eq!(
        user.inbound(&reply("A1", NUMBERS[0], "on my way")),
        Outcome::Known
    );
    let claim_one = claim(&user).unwrap();
    assert_eq!(
        (claim_one.kind, &claim_one.lane),
        (Kind::Post, &conversation_id(1))
    );
    end(&user, &claim_one, ReplyOutcome::Done);
    assert_eq!(claim(&user), None);
    assert_eq!(user.wake(), None);
}

#[test]
fn its_id_is_remembered_for_a_day_and_an_hour() {
    let mut user = linked();
    user.inbound(&reply("A1", NUMBERS[0], "on my way"));
    user.later(25 * HOUR);
    assert_eq!(
        user.inbound(&reply("A1", NUMBERS[0], "on my way")),
        Outcome::Known
    );
}

#[test]
fn a_reply_renews_its_link_even_an_expired_one() {
    let mut user = linked();
    user.later(30 * 24 * HOUR);
    assert_eq!(
        user.inbound(&reply("A1", NUMBERS[0], "late")),
        Outcome::Stored
    );
    let link = user.turn(|record| record.links()).remove(0);
    assert_eq!(link.expires_at, user.now + user.policy.number_expiration);
}

#[test]
fn a_number_without_a_conversation_and_a_phone_that_is_not_theirs_are_told_apart() {
    let user = linked();
    assert_eq!(
        user.inbound(&reply("A1", NUMBERS[1], "hm")),
        Outcome::NoLink
    );
    let mut stranger = reply("A2", NUMBERS[0], "hm");
    stranger.phone = OTHER_PHONE.to_owned();
    assert_eq!(user.inbound(&stranger), Outcome::NotTheirPhone);
    user.turn(|record| record.disown(PHONE, NUMBERS[0]));
    assert_eq!(
        user.inbound(&reply("A3", NUMBERS[0], "hm")),
        Outcome::NotTheirPhone
    );
}

#[test]
fn replies_count_from_the_phone_of_the_last_text_though_another_was_tried_between() {
    let mut user = linked();
    user.sent(2, 1);
    user.later(10 * MINUTE);
    let (claim, number) = user.dispatch_to(OTHER_PHONE).unwrap();
    user.end(&claim, TextOutcome::Failed("HTTP 500".to_owned()));
    user.later(MINUTE);
    let (claim, _) = user.dispatch().unwrap();
    user.end(&claim, TextOutcome::Accepted { number });
    assert_eq!(
        user.inbound(&reply("A1", NUMBERS[0], "got it")),
        Outcome::Stored
    );
    let mut other = reply("A2", NUMBERS[0], "hm");
    other.phone = OTHER_PHONE.to_owned();
    assert_eq!(user.inbound(&other), Outcome::NotTheirPhone);
}

#[test]
fn replies_of_a_conversation_leave_in_order_and_others_do_not_wait() {
    let mut user = linked();
    user.sent(2, 2);
    user.later(10 * MINUTE).text();
    for (id, number) in [("A1", 0), ("A2", 0), ("B1", 1)] {
        user.inbound(&reply(id, NUMBERS[number], id));
    }
    let (first, other) = (claim(&user).unwrap(), claim(&user).unwrap());
    assert_eq!(
        (first.message_id.as_str(), other.message_id.as_str()),
        ("A1", "B1")
    );
    assert_eq!(claim(&user), None);
    end(&user, &first, ReplyOutcome::Failed("HTTP 500".to_owned()));
    assert_eq!(claim(&user), None);
    end(&user, &other, ReplyOutcome::Done);
    user.now = user.wake().unwrap();
    let again = claim(&user).unwrap();
    assert_eq!(again.message_id, "A1");
    end(&user, &again, ReplyOutcome::Done);
    assert_eq!(claim(&user).unwrap().message_id, "A2");
}

#[test]
fn a_crash_while_posting_ends_in_another_try() {
    let mut user = linked();
    user.inbound(&reply("A1", NUMBERS[0], "hello"));
    claim(&user).unwrap();
    assert_eq!(user.wake(), Some(user.now + LEASE));
    user.later(LEASE);
    assert_eq!(claim(&user).unwrap().claim, 2);
}

#[test]
fn a_reply_is_tried_for_a_day_and_then_kept_as_a_failure() {
    let mut user = linked();
    user.inbound(&reply("A1", NUMBERS[0], "hello"));
    let start = user.now;
    while let Some(claimed) = claim(&user) {
        end(&user, &claimed, ReplyOutcome::Failed("HTTP 503".to_owned()));
        let Some(wake) = user.wake() else { break };
        user.now = wake;
    }
    assert!((24 * HOUR..25 * HOUR).contains(&(user.now - start)));
    assert_eq!(user.turn(|record| record.failures())[0].kind, "reply");
}

#[test]
fn parts_are_put_together_in_any_order() {
    let user = linked();
    for (id, text, index) in [("P3", "three", 3), ("P1", "one ", 1), ("P3b", "three", 3)] {
        user.inbound(&part(id, NUMBERS[0], text, (index, 3)));
    }
    assert_eq!(claim(&user), None);
    user.inbound(&part("P2", NUMBERS[0], "two ", (2, 3)));
    let claim = claim(&user).unwrap();
    assert_eq!(
        (claim.body.as_str(), claim.message_id.as_str()),
        ("one two three", "P1")
    );
}

#[test]
fn a_missing_part_is_given_up_after_ten_minutes() {
    let mut user = linked();
    user.inbound(&part("P2", NUMBERS[0], "two", (2, 3)));
    assert_eq!(user.wake(), Some(user.now + 10 * MINUTE));
    user.later(10 * MINUTE);
    user.turn(|record| record.give_up_parts());
    let claim = claim(&user).unwrap();
    assert_eq!(
        (claim.body.as_str(), claim.message_id.as_str()),
        ("two", "P2")
    );
}

#[test]
fn a_reference_that_is_used_again_begins_another_text() {
    let user = linked();
    user.inbound(&part("P1", NUMBERS[0], "old", (1, 2)));
    user.inbound(&part("Q1", NUMBERS[0], "new ", (1, 2)));
    user.inbound(&part("Q2", NUMBERS[0], "text", (2, 2)));
    let old = claim(&user).unwrap();
    assert_eq!(old.body, "old");
    end(&user, &old, ReplyOutcome::Done);
    assert_eq!(claim(&user).unwrap().body, "new text");
}

#[test]
fn stop_opts_out_and_start_opts_in_and_neither_is_posted() {
    let user = linked();
    user.inbound(&reply("A1", NUMBERS[0], " Stop! "));
    assert!(user.turn(|record| record.opted_out()).is_some());
    let stop = claim(&user).unwrap();
    assert_eq!(stop.kind, Kind::Stop);
    end(&user, &stop, ReplyOutcome::Done);
    user.inbound(&reply("A2", NUMBERS[0], "START"));
    assert!(user.turn(|record| record.opted_out()).is_none());
    assert_eq!(claim(&user).unwrap().kind, Kind::Start);
}

#[test]
fn a_start_counts_before_the_other_users_of_the_phone_are_told() {
    let mut user = linked();
    let stop = Some(Wish {
        opted_out: true,
        at: user.now,
    });
    let start = Some(Wish {
        opted_out: false,
        at: user.now,
    });
    let started = |user: &User, known| user.turn(|record| record.started(PHONE, known));
    assert!(!started(&user, stop) && started(&user, start));
    user.inbound(&reply("A1", NUMBERS[0], "STOP"));
    assert!(!started(&user, None));
    user.later(MINUTE)
        .inbound(&reply("A2", NUMBERS[0], "START"));
    assert!(started(&user, stop));
    let later = Some(Wish {
        opted_out: true,
        at: user.now + 1,
    });
    assert!(
        !started(&user, later),
        "another user of the phone sent STOP since"
    );
}

#[test]
fn a_start_that_was_given_up_is_not_retried_against_a_later_stop() {
    let mut user = linked();
    user.inbound(&reply("A1", NUMBERS[0], "START"));
    let start = claim(&user).unwrap();
    user.later(2 * HOUR);
    end(
        &user,
        &start,
        ReplyOutcome::Failed("KV: unreachable".to_owned()),
    );
    user.inbound(&reply("A2", NUMBERS[0], "STOP"));
    let stop = claim(&user).unwrap();
    end(&user, &stop, ReplyOutcome::Done);
    let failure = user.turn(|record| record.failures()).remove(0);
    assert_eq!(
        user.turn(|record| record.retry(failure.seq)),
        Outcome::Stored
    );
    assert_eq!(claim(&user), None);
}

#[test]
fn a_sentence_with_stop_in_it_is_a_message_and_help_is_one_unless_it_is_answered() {
    let mut user = linked();
    user.inbound(&reply("A1", NUMBERS[0], "please stop by at five"));
    user.inbound(&reply("A2", NUMBERS[0], "help"));
    user.policy.answers_help = true;
    user.inbound(&reply("A3", NUMBERS[0], "HELP"));
    let kinds: Vec<_> =
        std::iter::from_fn(|| claim(&user).inspect(|claim| end(&user, claim, ReplyOutcome::Done)))
            .map(|claim| claim.kind)
            .collect();
    assert_eq!(kinds, [Kind::Post, Kind::Post, Kind::Help]);
}

#[test]
fn a_stop_in_parts_counts_too() {
    let user = linked();
    user.inbound(&part("P1", NUMBERS[0], "ST", (1, 2)));
    user.inbound(&part("P2", NUMBERS[0], "OP", (2, 2)));
    assert!(user.turn(|record| record.opted_out()).is_some());
}
