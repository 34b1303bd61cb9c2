use texting::{
    chat::{event::Receipts, status::Status},
    ids::{MessageId, Position},
    record::{
        command::{Event, Outcome},
        ending::Dropped,
        outcome::TextOutcome,
        tables::seen::Seen,
    },
    storage::Sql,
    time::{HOUR, MINUTE, Span, Timestamp},
};

use crate::support::{Dispatched, User, conversation_id, message_id, message_of};

#[test]
fn a_message_is_due_after_the_delay_and_not_before() {
    let mut user = User::new();
    assert_eq!(user.sent(1, 1), Outcome::Stored);
    assert_eq!(user.wake(), Some(user.now + MINUTE * 10));
    user.later(MINUTE * 10 - Span::from_millis(1));
    assert_eq!(user.claim(), None);
    assert!(user.later(Span::from_millis(1)).claim().is_some());
}

#[test]
fn what_arrives_twice_is_stored_once() {
    let mut user = User::new();
    user.sent(1, 1);
    let due = user.wake();
    user.later(MINUTE);
    assert_eq!(user.sent(1, 1), Outcome::Known);
    assert_eq!(user.wake(), due);
}

#[test]
fn a_read_message_is_never_texted() {
    let mut user = User::new();
    user.sent(1, 1);
    assert_eq!(
        user.turn(|record| record.receipt(&message_id(1), Status::Read)),
        Outcome::Stored
    );
    assert_eq!(user.wake(), None);
    assert_eq!(user.later(HOUR).claim(), None);
    assert_eq!(user.sent(1, 1), Outcome::Known);
}

#[test]
fn what_a_user_read_up_to_a_message_is_never_texted() {
    let mut user = User::new();
    for message in 1..=3 {
        user.sent(message, 1);
        user.later(MINUTE);
    }
    user.sent(4, 2);
    let read = |user: &User, conversation, message| {
        let conversation = conversation_id(conversation);
        user.turn(|record| record.read_up_to(&conversation, &message_id(message)))
    };
    assert_eq!(read(&user, 1, 2), Outcome::Stored);
    let waits = [1, 2, 3, 4].map(|it| user.notice(&message_id(it)).is_some());
    assert_eq!(waits, [false, false, true, true]);
    // What was sent before a message but arrived after it is not covered.
    user.later(MINUTE);
    user.sent(0, 2);
    read(&user, 2, 4);
    let waits = [0, 4].map(|it| user.notice(&message_id(it)).is_some());
    assert_eq!(waits, [true, false]);
    // What came before a message that is not known is not known either.
    assert_eq!(read(&user, 1, 9), Outcome::Stored);
    assert!(user.notice(&message_id(3)).is_some());
    assert_eq!(user.sent(9, 1), Outcome::Known);
}

#[test]
fn several_events_are_one_turn() {
    let user = User::new();
    let message = |number| Event::Message(Box::new(message_of(number, 1)));
    let read = Event::ReadUpTo {
        conversation_id: conversation_id(1),
        message_id: message_id(1),
    };
    let events = vec![message(1), message(2), read];
    let all = Event::Several(events);
    assert_eq!(user.turn(|record| record.apply(&all)), Outcome::Stored);
    let waits = [1, 2].map(|it| user.notice(&message_id(it)).is_some());
    assert_eq!(waits, [false, true]);
    let known = Event::Several(vec![message(1), message(2)]);
    assert_eq!(user.turn(|record| record.apply(&known)), Outcome::Known);
}

#[test]
fn a_message_that_comes_again_is_remembered_by_the_last_word_on_it() {
    let mut user = User::new();
    user.turn(|record| record.receipt(&message_id(1), Status::Delivered));
    user.later(HOUR * 2);
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    for _ in 0..3 {
        user.sent(1, 1);
        assert_eq!(user.notice(&message_id(1)), None);
    }
}

#[test]
fn a_message_that_comes_again_for_days_is_remembered_all_the_time() {
    let mut user = User::new();
    user.sent(1, 1);
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    for _ in 0..72 {
        user.later(HOUR);
        assert_eq!(user.sent(1, 1), Outcome::Known);
    }
    user.later(HOUR * 4);
    assert_eq!(user.sent(1, 1), Outcome::Stored);
}

#[test]
fn a_receipt_may_come_before_its_message() {
    let user = User::new();
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    assert_eq!(user.sent(1, 1), Outcome::Known);
    user.turn(|record| record.receipt(&message_id(2), Status::Delivered));
    assert_eq!(
        user.seen(&message_id(2)),
        Some(Seen::Heard(Status::Delivered))
    );
    user.sent(2, 1);
    let notice = user.notice(&message_id(2)).unwrap();
    assert_eq!(notice.status, Status::Delivered);
}

#[test]
fn receipts_never_move_back() {
    let user = User::new();
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    let outcome = user.turn(|record| record.receipt(&message_id(1), Status::Delivered));
    assert_eq!(outcome, Outcome::Known);
    user.sent(2, 1);
    user.turn(|record| record.receipt(&message_id(2), Status::Delivered));
    assert_eq!(user.sent(2, 1), Outcome::Known);
    let notice = user.notice(&message_id(2)).unwrap();
    assert_eq!(notice.status, Status::Delivered);
}

#[test]
fn an_ended_notice_is_remembered_for_over_an_hour_and_then_forgotten() {
    let mut user = User::new();
    user.sent(1, 1);
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    user.later(HOUR + MINUTE);
    assert_eq!(user.sent(1, 1), Outcome::Known);
    user.later(HOUR * 3);
    assert_eq!(user.sent(1, 1), Outcome::Stored);
}

/// A receipt for the positions 100 to 250 of the first conversation.
fn read_from_100_to_250() -> Receipts {
    Receipts {
        conversation_id: conversation_id(1),
        from: Position::new(100),
        to: Position::new(250),
        status: Status::Read,
    }
}

#[test]
fn receipts_for_a_stretch_cover_what_waits_and_what_is_still_on_its_way() {
    let user = User::new();
    for message in [1, 2, 3] {
        let mut sent = message_of(message, 1);
        sent.position = Some(Position::new(u64::from(message) * 100));
        user.turn(|record| record.message(&sent));
    }
    user.turn(|record| record.receipts(&read_from_100_to_250()));
    assert!(user.notice(&message_id(2)).is_none());
    assert!(user.notice(&message_id(3)).is_some());
    let mut late = message_of(4, 1);
    late.position = Some(Position::new(240));
    user.turn(|record| record.message(&late));
    assert!(user.notice(&message_id(4)).is_none());
}

#[test]
fn what_waits_behind_a_stretch_that_was_read_goes_on_waiting_for_its_own_time() {
    let user = User::new();
    for message in [1, 2, 3] {
        let mut sent = message_of(message, 1);
        sent.position = Some(Position::new(u64::from(message) * 100));
        user.turn(|record| record.message(&sent));
    }
    user.turn(|record| record.receipts(&read_from_100_to_250()));
    assert_eq!(user.wake(), Some(user.now + MINUTE * 10));
}

#[test]
fn deletions_and_departures_end_what_waits() {
    let user = User::new();
    user.sent(1, 1);
    user.sent(2, 1);
    user.sent(3, 2);
    user.turn(|record| record.message_deleted(&message_id(3)));
    user.turn(|record| record.conversation_over(&conversation_id(1), Dropped::Left));
    assert_eq!(user.wake(), None);
    assert_eq!(user.sent(2, 1), Outcome::Known);
}

#[test]
fn a_deletion_may_come_before_its_message() {
    let user = User::new();
    user.turn(|record| record.message_deleted(&message_id(1)));
    assert_eq!(user.sent(1, 1), Outcome::Known);
}

#[test]
fn messages_leave_in_the_order_of_their_conversation() {
    let mut user = User::new();
    user.sent(5, 1);
    user.later(MINUTE).sent(2, 1);
    user.later(MINUTE).sent(9, 1);
    user.later(HOUR);
    let mut order = Vec::new();
    while let Some(Dispatched { claim, number }) = user.dispatch() {
        order.push(claim.message_id.clone());
        user.end(&claim, TextOutcome::Accepted { number });
    }
    assert_eq!(order, [message_id(2), message_id(5), message_id(9)]);
}

#[test]
fn a_receipt_for_a_range_is_forgotten_in_the_third_hour_after_it() {
    let mut user = User::new();
    user.turn(|record| record.receipts(&read_from_100_to_250()));
    let stored = |user: &User| {
        user.turn(|record| record.forget_old());
        let rows = user.sql.exec("SELECT count(*) FROM ranges", &[]).unwrap();
        rows[0].read::<i64>().unwrap()
    };
    user.now = Timestamp::default() + HOUR * (user.now.index_of(HOUR) + 3) - Span::from_millis(1);
    assert_eq!(stored(&user), 1);
    user.later(Span::from_millis(1));
    assert_eq!(stored(&user), 0);
}

#[test]
fn a_message_that_waits_behind_another_writes_one_row() {
    let user = User::new();
    user.sent(1, 1);
    let mut later = message_of(2, 1);
    later.position = Some(Position::new(10));
    let written = user.rows_written();
    user.turn(|record| record.message(&later));
    assert_eq!(user.rows_written(), written + 1);
}

#[test]
fn positions_decide_over_times_where_both_messages_have_one() {
    let mut user = User::new();
    for (message, position) in [(1, 30), (2, 20), (3, 10)] {
        let mut sent = message_of(message, 1);
        sent.position = Some(Position::new(position));
        user.turn(|record| record.message(&sent));
    }
    user.later(HOUR);
    assert_eq!(user.dispatch().unwrap().claim.message_id, message_id(3));
}

#[test]
fn a_later_message_waits_behind_an_earlier_one_that_failed_but_other_conversations_do_not() {
    let mut user = User::new();
    user.sent(1, 1);
    user.sent(2, 1);
    user.sent(3, 2);
    user.later(MINUTE * 10);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    assert_eq!(claim.message_id, message_id(1));
    let Dispatched {
        claim: other,
        number,
    } = user.dispatch().unwrap();
    assert_eq!(other.message_id, message_id(3));
    assert_eq!(user.claim(), None);
    user.end(&claim, TextOutcome::OperatorFault("no credit".to_owned()));
    user.end(&other, TextOutcome::Accepted { number });
    assert_eq!(user.claim(), None);
    assert_eq!(user.wake(), Some(user.now + MINUTE));
    user.later(MINUTE);
    assert_eq!(user.dispatch().unwrap().claim.message_id, message_id(1));
}

#[test]
fn an_earlier_message_that_arrives_while_a_later_one_is_sent_goes_next() {
    let mut user = User::new();
    user.sent(5, 1);
    user.later(MINUTE * 10);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.sent(1, 1);
    user.sent(6, 1);
    user.end(&claim, TextOutcome::Accepted { number });
    user.later(MINUTE * 10);
    assert_eq!(user.dispatch().unwrap().claim.message_id, message_id(1));
}

/// Messages of one conversation, in order of arrival, each with its position and when it was sent;
/// then in which order they leave.
fn order_of(messages: &[(u32, Option<u64>, i64)]) -> Vec<MessageId> {
    let mut user = User::new();
    for (message, position, sent_at) in messages {
        let mut sent = message_of(*message, 1);
        sent.position = position.map(Position::new);
        sent.sent_at = Timestamp::from_millis(*sent_at);
        user.turn(|record| record.message(&sent));
        user.later(Span::from_millis(1));
    }
    user.later(MINUTE * 10);
    let mut left = Vec::new();
    while let Some(Dispatched { claim, number }) = user.dispatch() {
        user.end(&claim, TextOutcome::Accepted { number });
        left.push(claim.message_id);
    }
    left
}

#[test]
fn times_decide_between_a_message_with_a_position_and_one_without() {
    let ids = |messages: &[u32]| messages.iter().copied().map(message_id).collect::<Vec<_>>();
    let (with, without) = (Some(5), None);
    assert_eq!(order_of(&[(1, without, 100), (2, with, 50)]), ids(&[2, 1]));
    assert_eq!(order_of(&[(1, with, 100), (2, without, 50)]), ids(&[2, 1]));
    assert_eq!(
        order_of(&[(1, with, 50), (2, without, 70), (3, without, 40)]),
        ids(&[3, 1, 2])
    );
    assert_eq!(
        order_of(&[(1, without, 50), (2, with, 40), (3, Some(4), 60)]),
        ids(&[1, 3, 2])
    );
}

#[test]
fn ten_thousand_waiting_messages_do_not_hide_the_first() {
    let user = User::new();
    for message in (1..=10_000).rev() {
        user.sent(message, message % 2);
    }
    assert_eq!(user.wake(), Some(user.now + MINUTE * 10));
    user.turn(|record| record.conversation_over(&conversation_id(1), Dropped::Deleted));
    let notice = user.notice(&message_id(2)).unwrap();
    assert!(notice.wake_at.is_some());
}
