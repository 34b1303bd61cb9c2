//! A webhook's body from Layer, on its way to the records of the users whom it concerns. The input is
//! the body.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use texting::{
    layer::{
        concerns::commands,
        event::{LayerEvent, Unreadable, read},
        ids,
        message::{sender_name, text_of},
        status::Status,
    },
    record::command::Command,
};
use texting_fuzz::survives;

fuzz_target!(|body: &[u8]| {
    match read(body, "texting") {
        Ok(event) => check(event),
        Err(problem) => check_refusal(&problem),
    }
});

fn check(event: LayerEvent) {
    let sender = sender_of(&event);
    let commands = commands(event, |status| status < Status::Read);
    let users: BTreeSet<_> = commands.iter().map(|(user, _)| user).collect();
    assert!(commands.iter().all(|(user, _)| !user.is_empty()));
    assert!(sender.is_none_or(|sender| !users.contains(&sender)));
    for (_, command) in &commands {
        check_command(command);
        survives(command);
    }
}

fn sender_of(event: &LayerEvent) -> Option<String> {
    match event {
        LayerEvent::Sent(message) => Some(message.sender.clone()),
        _ => None,
    }
}

fn check_command(command: &Command) {
    let is_uuid = |id: &String| ids::uuid_of(id).as_ref() == Some(id);
    match command {
        Command::Message(sent) => {
            assert!(is_uuid(&sent.message_id) && is_uuid(&sent.conversation_id));
            assert!(sent.status < Status::Read);
            check_message(sent.message.get());
        }
        Command::Receipt { message_id, .. } | Command::MessageDeleted { message_id } => {
            assert!(is_uuid(message_id));
        }
        Command::Receipts {
            conversation_id,
            from,
            to,
            ..
        } => assert!(is_uuid(conversation_id) && from <= to),
        Command::ConversationDeleted { conversation_id } | Command::Left { conversation_id } => {
            assert!(is_uuid(conversation_id));
        }
        other => panic!("no event makes {other:?}"),
    }
}

/// A message that nests too deep or holds too large a number stays unread, but one that is read has
/// no more text than it has bytes.
fn check_message(json: &str) {
    if let Ok(message) = serde_json::from_str(json) {
        assert!(text_of(&message).len() <= 3 * json.len());
        assert!(sender_name(&message).len() <= json.len());
    }
}

fn check_refusal(problem: &Unreadable) {
    assert!(matches!(problem.http_status(), 200 | 400));
    if let Unreadable::ForeignConfig { name } = problem {
        assert!(name != "texting" && name.chars().count() <= 100);
    }
}
