//! The internal messages, as an older or newer Worker sends them during a deployment.

use serde_json::{Value, json, value::RawValue};
use texting::{
    layer::status::Status,
    record::command::{Command, InboundText, Outcome, Part, Sent},
};

fn sent() -> Command {
    Command::Message(Box::new(Sent {
        message_id: "m".to_owned(),
        conversation_id: "c".to_owned(),
        position: Some(7),
        sent_at: 1,
        status: Status::Delivered,
        message: RawValue::from_string(r#"{"parts":[],"position":9007199254740993}"#.to_owned())
            .unwrap(),
    }))
}

fn text() -> Command {
    Command::Text(InboundText {
        message_id: "A1".to_owned(),
        phone: "15550102030".to_owned(),
        number: "12025550101".to_owned(),
        text: "hi".to_owned(),
        part: Some(Part {
            reference: "7".to_owned(),
            total: 2,
            index: 1,
        }),
    })
}

#[test]
fn the_json_of_every_command_is_pinned() {
    let id = || "m".to_owned();
    for (command, pinned) in [
        (
            sent(),
            r#"{"message":{"message_id":"m","conversation_id":"c","position":7,"sent_at":1,"status":"delivered","message":{"parts":[],"position":9007199254740993}}}"#,
        ),
        (
            Command::Receipt {
                message_id: id(),
                status: Status::Read,
            },
            r#"{"receipt":{"message_id":"m","status":"read"}}"#,
        ),
        (
            Command::Receipts {
                conversation_id: id(),
                from: 1,
                to: 2,
                status: Status::Read,
            },
            r#"{"receipts":{"conversation_id":"m","from":1,"to":2,"status":"read"}}"#,
        ),
        (
            Command::MessageDeleted { message_id: id() },
            r#"{"message_deleted":{"message_id":"m"}}"#,
        ),
        (
            Command::ConversationDeleted {
                conversation_id: id(),
            },
            r#"{"conversation_deleted":{"conversation_id":"m"}}"#,
        ),
        (
            Command::Left {
                conversation_id: id(),
            },
            r#"{"left":{"conversation_id":"m"}}"#,
        ),
        (
            text(),
            r#"{"text":{"message_id":"A1","phone":"15550102030","number":"12025550101","text":"hi","part":{"reference":"7","total":2,"index":1}}}"#,
        ),
        (
            Command::Disown {
                phone: "1".to_owned(),
                number: "2".to_owned(),
            },
            r#"{"disown":{"phone":"1","number":"2"}}"#,
        ),
        (Command::Show, r#""show""#),
        (Command::Wake, r#""wake""#),
        (Command::Retry { seq: 7 }, r#"{"retry":{"seq":7}}"#),
        (Command::Erase, r#""erase""#),
    ] {
        assert_eq!(serde_json::to_string(&command).unwrap(), pinned);
        let read: Command = serde_json::from_str(pinned).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), pinned);
    }
}

#[test]
fn a_field_of_a_later_version_is_ignored_and_one_that_an_earlier_lacks_is_not_missed() {
    let later =
        r#"{"text":{"message_id":"A1","phone":"1","number":"2","text":"hi","mood":"good"}}"#;
    let Command::Text(read) = serde_json::from_str(later).unwrap() else {
        panic!("{later}")
    };
    assert_eq!(read.part, None);
    let later = r#"{"message":{"message_id":"m","conversation_id":"c","sent_at":1,"status":"sent","message":{},"mood":1}}"#;
    let Command::Message(read) = serde_json::from_str(later).unwrap() else {
        panic!("{later}")
    };
    assert_eq!(read.position, None);
}

#[test]
fn the_json_of_every_outcome_is_pinned() {
    use Outcome::{Known, NoLink, NoSuchFailure, NotTheirPhone, Stored};
    let outcomes = [Stored, Known, NoLink, NotTheirPhone, NoSuchFailure];
    let written: Value = serde_json::to_value(outcomes).unwrap();
    assert_eq!(
        written,
        json!([
            "stored",
            "known",
            "no_link",
            "not_their_phone",
            "no_such_failure"
        ])
    );
}
