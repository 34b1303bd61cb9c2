use texting::{
    consent::Wish,
    phone::{Number, Phone},
    record::{
        command::Outcome, outcome::TextOutcome, reply::ReplyOutcome, tables::replies::Action,
    },
    sms::keyword::Keyword,
    time::{DAY, HOUR, MINUTE, Span},
};

use crate::replies::{claim, end, linked};
use crate::support::{Dispatched, NUMBERS, PHONE, User, conversation_id, part, reply};

const OTHER_PHONE: &str = "15550109999";

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
    assert_eq!(claim_one.reply.action, Action::Post(conversation_id(1)));
    end(&user, &claim_one, ReplyOutcome::Done);
    assert_eq!(claim(&user), None);
    assert_eq!(user.wake(), None);
}

#[test]
fn its_id_is_remembered_for_a_day_and_an_hour() {
    let mut user = linked();
    user.inbound(&reply("A1", NUMBERS[0], "on my way"));
    user.later(HOUR * 25);
    assert_eq!(
        user.inbound(&reply("A1", NUMBERS[0], "on my way")),
        Outcome::Known
    );
}

#[test]
fn a_reply_renews_its_link_even_an_expired_one() {
    let mut user = linked();
    user.later(DAY * 30);
    assert_eq!(
        user.inbound(&reply("A1", NUMBERS[0], "late")),
        Outcome::Stored
    );
    let link = user.links().remove(0);
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
    stranger.phone = Phone::from_digits(OTHER_PHONE);
    assert_eq!(user.inbound(&stranger), Outcome::NotTheirPhone);
    user.turn(|record| record.disown(&Number::from_digits(NUMBERS[0]), &Phone::from_digits(PHONE)));
    assert_eq!(
        user.inbound(&reply("A3", NUMBERS[0], "hm")),
        Outcome::NotTheirPhone
    );
}

#[test]
fn replies_count_from_the_phone_of_the_last_text_though_another_was_tried_between() {
    let mut user = linked();
    user.sent(2, 1);
    user.later(MINUTE * 10);
    let Dispatched { claim, number } = user.dispatch_to(OTHER_PHONE).unwrap();
    user.end(&claim, TextOutcome::Failed("HTTP 500".to_owned()));
    user.later(MINUTE);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, TextOutcome::Accepted { number });
    assert_eq!(
        user.inbound(&reply("A1", NUMBERS[0], "got it")),
        Outcome::Stored
    );
    let mut other = reply("A2", NUMBERS[0], "hm");
    other.phone = Phone::from_digits(OTHER_PHONE);
    assert_eq!(user.inbound(&other), Outcome::NotTheirPhone);
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
        (claim.reply.body.as_str(), claim.reply.message_id.as_str()),
        ("one two three", "P1")
    );
}

#[test]
fn a_missing_part_is_given_up_after_ten_minutes() {
    let mut user = linked();
    user.inbound(&part("P2", NUMBERS[0], "two", (2, 3)));
    assert_eq!(user.wake(), Some(user.now + MINUTE * 10));
    user.later(MINUTE * 10);
    user.turn(|record| record.give_up_parts());
    let claim = claim(&user).unwrap();
    assert_eq!(
        (claim.reply.body.as_str(), claim.reply.message_id.as_str()),
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
    assert_eq!(old.reply.body, "old");
    end(&user, &old, ReplyOutcome::Done);
    assert_eq!(claim(&user).unwrap().reply.body, "new text");
}

#[test]
fn stop_opts_out_and_start_opts_in_and_neither_is_posted() {
    let user = linked();
    user.inbound(&reply("A1", NUMBERS[0], " Stop! "));
    assert!(user.turn(|record| record.opted_out()).is_some());
    let stop = claim(&user).unwrap();
    assert_eq!(stop.reply.action, Action::Obey(Keyword::Stop));
    end(&user, &stop, ReplyOutcome::Done);
    user.inbound(&reply("A2", NUMBERS[0], "START"));
    assert!(user.turn(|record| record.opted_out()).is_none());
    assert_eq!(
        claim(&user).unwrap().reply.action,
        Action::Obey(Keyword::Start)
    );
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
    let started = |user: &User, known| {
        user.turn(|record| record.has_opted_back_in(&Phone::from_digits(PHONE), known))
    };
    assert!(!started(&user, stop) && started(&user, start));
    user.inbound(&reply("A1", NUMBERS[0], "STOP"));
    assert!(!started(&user, None));
    user.later(MINUTE)
        .inbound(&reply("A2", NUMBERS[0], "START"));
    assert!(started(&user, stop));
    let later = Some(Wish {
        opted_out: true,
        at: user.now + Span::from_millis(1),
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
    user.later(HOUR * 2);
    end(
        &user,
        &start,
        ReplyOutcome::Failed("KV: unreachable".to_owned()),
    );
    user.inbound(&reply("A2", NUMBERS[0], "STOP"));
    let stop = claim(&user).unwrap();
    end(&user, &stop, ReplyOutcome::Done);
    let failure = user.turn(|record| record.kept_failures()).remove(0);
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
            .map(|claim| claim.reply.action.word())
            .collect();
    assert_eq!(kinds, ["post", "post", "help"]);
}

#[test]
fn a_stop_in_parts_counts_too() {
    let user = linked();
    user.inbound(&part("P1", NUMBERS[0], "ST", (1, 2)));
    user.inbound(&part("P2", NUMBERS[0], "OP", (2, 2)));
    assert!(user.turn(|record| record.opted_out()).is_some());
}
