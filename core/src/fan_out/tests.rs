use serde_json::value::RawValue;

use super::*;
use crate::{
    chat::event::Receipts,
    ids::{ConversationId, Position},
    time::Timestamp,
};

const BOTH: ReportOn = ReportOn {
    sent: true,
    delivered: true,
};
const ONLY_SENT: ReportOn = ReportOn {
    sent: true,
    delivered: false,
};

fn any_size(report_on: ReportOn) -> Concerns {
    Concerns {
        report_on,
        largest_conversation: None,
    }
}

fn message(statuses: &[(&str, Status)]) -> ChatEvent {
    ChatEvent::Sent(SentMessage {
        message_id: MessageId::new("m"),
        conversation_id: ConversationId::new("c"),
        position: Some(Position::new(7)),
        sent_at: Timestamp::from_millis(42),
        sender: UserId::new("ann"),
        statuses: by_user(statuses),
        message: RawValue::from_string(r#"{ "a" : 1 }"#.to_owned()).unwrap(),
    })
}

fn by_user(statuses: &[(&str, Status)]) -> Vec<(UserId, Status)> {
    let users = statuses.iter();
    users
        .map(|(user, status)| (UserId::new(*user), *status))
        .collect()
}

fn recipients(event: ChatEvent, report_on: ReportOn) -> Vec<String> {
    let events = fan_out(event, any_size(report_on));
    events.iter().map(|one| one.user_id.to_string()).collect()
}

#[test]
fn a_message_goes_to_all_recipients_except_the_sender() {
    let all = [
        ("ann", Status::Sent),
        ("bob", Status::Sent),
        ("cid", Status::Delivered),
    ];
    let events = fan_out(message(&all), any_size(BOTH));
    let [bob, cid] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!((&*bob.user_id, &*cid.user_id), ("bob", "cid"));
    let Event::Message(sent) = &cid.event else {
        panic!("{cid:?}")
    };
    assert_eq!(sent.status, Status::Delivered);
    assert_eq!(sent.position, Some(Position::new(7)));
    assert_eq!(sent.sent_at, Timestamp::from_millis(42));
    assert_eq!(sent.message.get(), r#"{ "a" : 1 }"#);
}

#[test]
fn a_recipient_who_has_read_a_new_message_gets_a_receipt() {
    let events = fan_out(message(&[("bob", Status::Read)]), any_size(BOTH));
    let [one] = &events[..] else {
        panic!("{events:?}")
    };
    assert!(matches!(
        one.event,
        Event::Receipt {
            status: Status::Read,
            ..
        }
    ));
}

#[test]
fn a_user_without_an_id_has_no_record() {
    assert!(fan_out(message(&[("", Status::Sent)]), any_size(BOTH)).is_empty());
    let event = ChatEvent::Left {
        conversation_id: ConversationId::new("c"),
        users: vec![UserId::default()],
    };
    assert!(fan_out(event, any_size(BOTH)).is_empty());
}

#[test]
fn a_delivery_is_skipped_unless_it_makes_a_difference() {
    let receipt = || ChatEvent::Receipt {
        message_id: MessageId::new("m"),
        users: by_user(&[("bob", Status::Delivered), ("cid", Status::Read)]),
        recipients: Some(2),
    };
    let neither = ReportOn {
        sent: false,
        delivered: false,
    };
    assert_eq!(recipients(receipt(), BOTH), ["cid"]);
    assert_eq!(recipients(receipt(), neither), ["cid"]);
    assert_eq!(recipients(receipt(), ONLY_SENT), ["bob", "cid"]);

    let receipts = |status| ChatEvent::Receipts {
        user_id: UserId::new("bob"),
        receipts: Receipts {
            conversation_id: ConversationId::new("c"),
            from: Position::new(1),
            to: Position::new(2),
            status,
        },
    };
    assert!(recipients(receipts(Status::Delivered), BOTH).is_empty());
    assert_eq!(recipients(receipts(Status::Delivered), ONLY_SENT), ["bob"]);
    assert_eq!(recipients(receipts(Status::Read), BOTH), ["bob"]);
}

#[test]
fn a_deletion_goes_to_every_user_in_it() {
    let users = || vec![UserId::new("bob"), UserId::new("cid")];
    let gone = ChatEvent::MessageDeleted {
        message_id: MessageId::new("m"),
        users: users(),
    };
    assert_eq!(recipients(gone, BOTH), ["bob", "cid"]);
    let gone = ChatEvent::ConversationDeleted {
        conversation_id: ConversationId::new("c"),
        users: users(),
    };
    assert_eq!(recipients(gone, BOTH), ["bob", "cid"]);
}

#[test]
fn an_event_about_a_message_to_too_many_concerns_nobody() {
    let of_two = |largest| {
        let concerns = Concerns {
            report_on: BOTH,
            largest_conversation: Some(largest),
        };
        let everybody = [
            ("ann", Status::Read),
            ("bob", Status::Sent),
            ("cid", Status::Sent),
        ];
        let receipt = ChatEvent::Receipt {
            message_id: MessageId::new("m"),
            users: by_user(&[("bob", Status::Read)]),
            recipients: Some(2),
        };
        let deleted = ChatEvent::MessageDeleted {
            message_id: MessageId::new("m"),
            users: vec![UserId::new("bob"), UserId::new("cid")],
        };
        [message(&everybody), receipt, deleted].map(|event| fan_out(event, concerns).len())
    };
    assert_eq!(of_two(2), [2, 1, 2]);
    assert_eq!(of_two(1), [0, 0, 0]);
}

#[test]
fn several_events_are_one_for_each_user_in_order() {
    let left = |users: &[&str]| ChatEvent::Left {
        conversation_id: ConversationId::new("c"),
        users: users.iter().map(|user| UserId::new(*user)).collect(),
    };
    let sent = message(&[("bob", Status::Sent), ("cid", Status::Sent)]);
    let all = fan_out_all(vec![sent, left(&["bob"])], any_size(BOTH));
    let [bob, cid] = all.as_slice() else {
        panic!("{all:?}")
    };
    assert_eq!((&*bob.user_id, &*cid.user_id), ("bob", "cid"));
    let Event::Several(events) = &bob.event else {
        panic!("{bob:?}")
    };
    assert!(matches!(
        events.as_slice(),
        [Event::Message(_), Event::Left { .. }]
    ));
    assert!(matches!(cid.event, Event::Message(_)));
}

#[test]
fn users_who_read_up_to_a_message_get_an_event_each() {
    let read = ChatEvent::ReadUpTo {
        conversation_id: ConversationId::new("c"),
        message_id: MessageId::new("m"),
        users: vec![UserId::new("bob"), UserId::new("cid")],
    };
    assert_eq!(recipients(read, BOTH), ["bob", "cid"]);
}
