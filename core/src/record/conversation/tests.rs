use super::*;
use crate::{
    chat::status::Status,
    ids::MessageId,
    record::{ending::Dropped, tables::notices::Tries},
    time::{HOUR, MINUTE},
};

const BOTH: ReportOn = ReportOn {
    sent: true,
    delivered: true,
};
const ONLY_DELIVERED: ReportOn = ReportOn {
    sent: false,
    delivered: true,
};

fn at(minute: i64) -> Timestamp {
    Timestamp::default() + MINUTE * minute
}

fn notice(id: usize, due: i64) -> Notice {
    Notice {
        message_id: MessageId::new(id.to_string()),
        conversation_id: ConversationId::new("c"),
        status: Status::Sent,
        due_at: at(due),
        wake_at: None,
        lease_until: None,
        claims: 0,
        first_try_at: None,
        gone: None,
        tries: Tries::default(),
        covers: Default::default(),
        waits_for: None,
        put_off_until: None,
    }
}

/// A notice whose next try is due at a minute.
fn tried(id: usize, until: i64, perhaps_taken: i64) -> Notice {
    let mut notice = notice(id, 10);
    notice.tries.tries = 1;
    notice.tries.perhaps_taken = perhaps_taken;
    notice.put_off_until = Some(at(until));
    notice
}

fn ids(notices: &[Notice]) -> Vec<&str> {
    notices.iter().map(|it| it.message_id.as_str()).collect()
}

#[test]
fn a_conversation_is_due_when_its_oldest_notice_is() {
    let notices = [notice(1, 12), notice(2, 10), notice(3, 11)];
    assert_eq!(due_at(&notices, None, Span::ZERO), Some(at(10)));
    assert_eq!(due_at(&[], None, Span::ZERO), None);
}

#[test]
fn a_notice_that_was_put_off_puts_off_the_others() {
    let notices = [notice(1, 10), tried(2, 30, 0), tried(3, 20, 0)];
    assert_eq!(due_at(&notices, None, Span::ZERO), Some(at(30)));
}

#[test]
fn what_is_left_of_a_text_that_failed_waits_for_its_own_delay() {
    let early = Notice {
        due_at: at(40),
        ..tried(2, 30, 0)
    };
    assert_eq!(
        due_at(std::slice::from_ref(&early), None, Span::ZERO),
        Some(at(40))
    );
    assert_eq!(
        due_at(&[early, notice(1, 10)], None, Span::ZERO),
        Some(at(30))
    );
}

#[test]
fn the_interval_begins_with_the_last_text() {
    let last = Some(at(0));
    assert_eq!(due_at(&[notice(1, 10)], last, HOUR), Some(at(60)));
    assert_eq!(due_at(&[notice(1, 70)], last, HOUR), Some(at(70)));
    assert_eq!(due_at(&[tried(1, 10, 0)], last, HOUR), Some(at(60)));
}

#[test]
fn a_retry_of_a_text_that_may_have_arrived_is_no_second_text() {
    let notices = [tried(1, 10, 1), notice(2, 11)];
    assert_eq!(due_at(&notices, Some(at(9)), HOUR), Some(at(10)));
}

#[test]
fn a_text_covers_what_justifies_it_and_what_is_due() {
    let mut delivered = notice(3, 20);
    delivered.status = Status::Delivered;
    let notices = vec![notice(1, 10), notice(2, 20), delivered];
    let gathering = gather(notices.clone(), ONLY_DELIVERED, at(10));
    assert_eq!(ids(&gathering.asked), ["1", "3"]);
    assert_eq!(ids(&gather(notices, BOTH, at(10)).asked), ["1", "2", "3"]);
}

#[test]
fn a_text_does_not_cover_what_is_to_be_dropped() {
    let gone = Notice {
        gone: Some(Dropped::Read),
        ..notice(1, 10)
    };
    assert_eq!(
        ids(&gather(vec![gone, notice(2, 10)], BOTH, at(10)).asked),
        ["2"]
    );
}

#[test]
fn the_chat_is_asked_about_ten_messages_and_the_others_are_counted() {
    let notices: Vec<Notice> = (1..=13).map(|id| notice(id, 10)).collect();
    let gathering = gather(notices.clone(), BOTH, at(5));
    assert_eq!(gathering.asked.len(), MOST_SHOWN);
    assert_eq!(ids(&gathering.counted), ["11", "12", "13"]);
    let gathering = gather(notices, ONLY_DELIVERED, at(10));
    assert_eq!(
        (gathering.asked.len(), gathering.counted.len()),
        (MOST_SHOWN, 0)
    );
    assert_eq!(ids(&gathering.unjustified), ["11", "12", "13"]);
}
