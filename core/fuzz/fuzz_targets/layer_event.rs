//! A webhook's body from Layer, on its way to the records of the users whom it concerns. The input is
//! the body.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use texting::{
    chat::{
        event::ChatEvent,
        status::{ReportOn, Status},
    },
    fan_out::{Concerns, fan_out},
    ids::UserId,
    layer::{
        event::{Received, Unreadable, read},
        ids,
    },
    record::command::Event,
    words::{Attachments, Words, sender::sender_name},
};
use texting_fuzz::survives;

const EVERYTHING: Concerns = Concerns {
    report_on: ReportOn {
        sent: true,
        delivered: true,
    },
    largest_conversation: None,
};

fuzz_target!(|body: &[u8]| {
    match read(body, "texting") {
        Ok(Received::Event(event)) => check(event),
        Ok(Received::Ignored(_)) => {}
        Err(problem) => check_refusal(&problem),
    }
});

fn check(event: ChatEvent) {
    let sender = sender_of(&event);
    let events = fan_out(event, EVERYTHING);
    let users: BTreeSet<_> = events.iter().map(|one| &one.user_id).collect();
    assert!(events.iter().all(|one| !one.user_id.is_empty()));
    assert!(sender.is_none_or(|sender| !users.contains(&sender)));
    for one in events {
        check_event(&one.event);
        survives(one.event);
    }
}

fn sender_of(event: &ChatEvent) -> Option<UserId> {
    match event {
        ChatEvent::Sent(message) => Some(message.sender.clone()),
        _ => None,
    }
}

fn check_event(event: &Event) {
    let is_uuid = |id: &str| ids::uuid_of(id).as_deref() == Some(id);
    match event {
        Event::Message(sent) => {
            assert!(is_uuid(&sent.message_id) && is_uuid(&sent.conversation_id));
            assert!(sent.status < Status::Read);
            check_message(sent.message.get());
        }
        Event::Receipt { message_id, .. } | Event::MessageDeleted { message_id } => {
            assert!(is_uuid(message_id));
        }
        Event::Receipts(receipts) => {
            assert!(is_uuid(&receipts.conversation_id) && receipts.from <= receipts.to);
        }
        Event::ConversationDeleted { conversation_id } | Event::Left { conversation_id } => {
            assert!(is_uuid(conversation_id));
        }
        other => panic!("no event makes {other:?}"),
    }
}

/// A message that nests too deep or holds too large a number stays unread, but one that is read has
/// no more text than it has bytes.
fn check_message(json: &str) {
    if let Ok(message) = serde_json::from_str(json) {
        let words = Words::of(&message, Attachments::Ignore);
        assert!(words.text.len() <= 3 * json.len());
        let described = Words::of(&message, Attachments::Describe);
        assert_eq!(described.attachments, words.attachments);
        assert!(
            described
                .attachments
                .iter()
                .all(|it| !it.name.contains('\n'))
        );
        assert!(sender_name(&message).len() <= json.len());
    }
}

fn check_refusal(problem: &Unreadable) {
    assert!(matches!(problem.http_status(), 200 | 400));
    if let Unreadable::ForeignConfig { name } = problem {
        assert!(name != "texting" && name.chars().count() <= 100);
    }
}
