//! What was given up and is tried again.

use texting::{
    phone::Number,
    record::{
        command::Outcome,
        outcome::TextOutcome,
        reply::ReplyOutcome,
        tables::{notices::Tries, replies::Action},
    },
    sms::keyword::Keyword,
    time::{DAY, HOUR, MINUTE},
};

use crate::support::{Dispatched, NUMBERS, User, conversation_id, message_id, reply};

fn refused(number: Number) -> TextOutcome {
    TextOutcome::Refused {
        number,
        why: "barred".to_owned(),
    }
}

/// A user whose only text was refused for good.
fn failed() -> User {
    let mut user = User::new();
    user.sent(1, 1);
    user.later(MINUTE * 10);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.end(&claim, refused(number));
    user
}

fn seqs(user: &User) -> Vec<i64> {
    user.turn(|record| record.kept_failures())
        .iter()
        .map(|failure| failure.seq)
        .collect()
}

fn retry(user: &User, seq: i64) -> Outcome {
    user.turn(|record| record.retry(seq))
}

#[test]
fn a_failed_text_is_due_at_once_with_all_its_tries() {
    let user = failed();
    assert_eq!(retry(&user, seqs(&user)[0]), Outcome::Stored);
    assert_eq!(user.wake(), Some(user.now));
    let notice = user.notice(&message_id(1)).unwrap();
    assert_eq!(
        (notice.tries, notice.claims, notice.first_try_at),
        (Tries::default(), 0, None)
    );
    assert_eq!(user.text().as_deref(), Some(NUMBERS[0]));
    assert!(seqs(&user).is_empty());
    assert_eq!(user.wake(), None);
}

#[test]
fn a_failed_text_that_is_refused_again_is_kept_again() {
    let user = failed();
    retry(&user, seqs(&user)[0]);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.end(&claim, refused(number));
    assert_eq!(seqs(&user).len(), 1);
}

#[test]
fn a_failed_text_goes_before_a_later_message_of_its_conversation() {
    let user = failed();
    user.sent(2, 1);
    retry(&user, seqs(&user)[0]);
    assert_eq!(user.claim().unwrap().message_id, message_id(1));
}

#[test]
fn a_message_that_waits_again_already_is_not_doubled() {
    let mut user = failed();
    user.later(HOUR * 4);
    user.sent(1, 1);
    assert_eq!(retry(&user, seqs(&user)[0]), Outcome::Stored);
    assert_eq!(user.turn(|record| record.show())["notices"]["waiting"], 1);
    assert!(seqs(&user).is_empty());
}

#[test]
fn a_failed_reply_goes_back_into_its_lane() {
    let mut user = User::new();
    user.sent(1, 1);
    user.later(MINUTE * 10).text();
    for (id, text) in [("A1", "first"), ("A2", "second")] {
        user.inbound(&reply(id, NUMBERS[0], text));
    }
    let claim = user.turn(|record| record.claim_reply()).unwrap();
    user.turn(|record| record.reply_ended(&claim, ReplyOutcome::Refused("no".to_owned()), 0));
    user.later(DAY * 2);
    assert_eq!(retry(&user, seqs(&user)[0]), Outcome::Stored);
    let second = user.turn(|record| record.claim_reply()).unwrap();
    assert_eq!(second.reply.message_id.as_str(), "A2");
    assert_eq!(
        user.turn(|record| record.claim_reply()),
        None,
        "the lane is taken"
    );
    user.turn(|record| record.reply_ended(&second, ReplyOutcome::Done, 0));
    let first = user.turn(|record| record.claim_reply()).unwrap();
    assert_eq!(
        (first.reply.message_id.as_str(), first.reply.body.as_str()),
        ("A1", "first")
    );
    assert_eq!(
        (&first.reply.action, &first.reply.phone),
        (&Action::Post(conversation_id(1)), &claim.reply.phone)
    );
    user.turn(|record| record.reply_ended(&first, ReplyOutcome::Failed("503".to_owned()), 0));
    assert!(seqs(&user).is_empty(), "it has a day again");
}

#[test]
fn a_failed_answer_to_a_keyword_stays_one() {
    let user = User::new();
    user.inbound(&reply("A1", NUMBERS[0], "STOP"));
    let claim = user.turn(|record| record.claim_reply()).unwrap();
    user.turn(|record| record.reply_ended(&claim, ReplyOutcome::Refused("no".to_owned()), 0));
    retry(&user, seqs(&user)[0]);
    assert_eq!(
        user.turn(|record| record.claim_reply())
            .unwrap()
            .reply
            .action,
        Action::Obey(Keyword::Stop)
    );
}

#[test]
fn what_is_not_kept_cannot_be_retried() {
    let mut user = failed();
    let seq = seqs(&user)[0];
    assert_eq!(retry(&user, seq + 1), Outcome::NoSuchFailure);
    user.later(DAY * 31);
    assert_eq!(retry(&user, seq), Outcome::NoSuchFailure);
}
