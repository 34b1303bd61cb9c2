//! The internal messages, as an older or newer Worker sends them during a deployment.

use proptest::prelude::*;
use serde_json::value::RawValue;
use texting::{
    chat::{event::Receipts, status::Status},
    ids::{ConversationId, MessageId, Position, TextId, TextReference, UserId},
    phone::{Number, Phone},
    record::{
        command::{Command, Event, OperatorCommand, Outcome, Sent},
        envelope::Envelope,
    },
    sms::{
        inbound::{InboundText, Part},
        receipt::{DeliveryReceipt, Fate},
    },
    time::Timestamp,
};

fn sent() -> Event {
    Event::Message(Box::new(Sent {
        message_id: MessageId::new("m"),
        conversation_id: ConversationId::new("c"),
        position: Some(Position::new(7)),
        sent_at: Timestamp::from_millis(1),
        status: Status::Delivered,
        message: RawValue::from_string(r#"{"parts":[],"position":9007199254740993}"#.to_owned())
            .unwrap(),
    }))
}

fn text() -> InboundText {
    InboundText {
        message_id: TextId::new("A1"),
        phone: Phone::from_digits("15550102030"),
        number: Number::from_digits("12025550101"),
        text: "hi".to_owned(),
        part: Some(Part {
            reference: "7".to_owned(),
            total: 2,
            index: 1,
        }),
    }
}

fn receipt(reference: Option<&str>, fate: Fate) -> DeliveryReceipt {
    DeliveryReceipt {
        reference: reference.map(TextReference::new),
        message_id: TextId::new("A1"),
        phone: Phone::from_digits("15550102030"),
        number: Number::from_digits("12025550101"),
        fate,
    }
}

#[test]
fn the_json_of_every_event_is_pinned() {
    let message_id = || MessageId::new("m");
    let conversation_id = || ConversationId::new("m");
    for (event, pinned) in [
        (
            sent(),
            r#"{"message":{"message_id":"m","conversation_id":"c","position":7,"sent_at":1,"status":"delivered","message":{"parts":[],"position":9007199254740993}}}"#,
        ),
        (
            Event::Receipt {
                message_id: message_id(),
                status: Status::Read,
            },
            r#"{"receipt":{"message_id":"m","status":"read"}}"#,
        ),
        (
            Event::Receipts(Receipts {
                conversation_id: conversation_id(),
                from: Position::new(1),
                to: Position::new(2),
                status: Status::Read,
            }),
            r#"{"receipts":{"conversation_id":"m","from":1,"to":2,"status":"read"}}"#,
        ),
        (
            Event::MessageDeleted {
                message_id: message_id(),
            },
            r#"{"message_deleted":{"message_id":"m"}}"#,
        ),
        (
            Event::ConversationDeleted {
                conversation_id: conversation_id(),
            },
            r#"{"conversation_deleted":{"conversation_id":"m"}}"#,
        ),
        (
            Event::Left {
                conversation_id: conversation_id(),
            },
            r#"{"left":{"conversation_id":"m"}}"#,
        ),
        (
            Event::Text(text()),
            r#"{"text":{"message_id":"A1","phone":"15550102030","number":"12025550101","text":"hi","part":{"reference":"7","total":2,"index":1}}}"#,
        ),
        (
            Event::DeliveryReceipt(receipt(Some("r"), Fate::Failed(12))),
            r#"{"delivery_receipt":{"reference":"r","message_id":"A1","phone":"15550102030","number":"12025550101","fate":"failed 12"}}"#,
        ),
        (
            Event::DeliveryReceipt(receipt(None, Fate::Delivered)),
            r#"{"delivery_receipt":{"reference":null,"message_id":"A1","phone":"15550102030","number":"12025550101","fate":"delivered"}}"#,
        ),
        (
            Event::Disown {
                phone: Phone::from_digits("1"),
                number: Number::from_digits("2"),
            },
            r#"{"disown":{"phone":"1","number":"2"}}"#,
        ),
    ] {
        is_written_as(Command::Event(event), pinned);
    }
}

#[test]
fn the_json_of_every_operators_command_is_pinned() {
    for (command, pinned) in [
        (OperatorCommand::Show, r#""show""#),
        (OperatorCommand::Wake, r#""wake""#),
        (OperatorCommand::Retry { seq: 7 }, r#"{"retry":{"seq":7}}"#),
        (OperatorCommand::Erase, r#""erase""#),
    ] {
        is_written_as(Command::Operator(command), pinned);
    }
}

fn is_written_as(command: Command, pinned: &str) {
    assert_eq!(serde_json::to_string(&command).unwrap(), pinned);
    assert_eq!(
        serde_json::to_string(&read_command(pinned)).unwrap(),
        pinned
    );
}

#[test]
fn a_field_of_a_later_version_is_ignored_and_one_that_an_earlier_lacks_is_not_missed() {
    let later =
        r#"{"text":{"message_id":"A1","phone":"1","number":"2","text":"hi","mood":"good"}}"#;
    let Command::Event(Event::Text(read)) = read_command(later) else {
        panic!("{later}")
    };
    assert_eq!(read.part, None);
    let later = r#"{"message":{"message_id":"m","conversation_id":"c","sent_at":1,"status":"sent","message":{},"mood":1}}"#;
    let Command::Event(Event::Message(read)) = read_command(later) else {
        panic!("{later}")
    };
    assert_eq!(read.position, None);
}

#[test]
fn an_envelope_names_the_user_beside_the_command() {
    let envelope = Envelope {
        user_id: UserId::new("ben"),
        command: Command::Operator(OperatorCommand::Wake),
    };
    let pinned = r#"{"user_id":"ben","command":"wake"}"#;
    assert_eq!(serde_json::to_string(&envelope).unwrap(), pinned);
    assert_eq!(Envelope::read(pinned).unwrap().user_id.as_str(), "ben");
}

#[test]
fn what_is_no_command_is_refused_with_what_is_wrong_in_it() {
    for (json, problem) in [
        ("[]", "expected struct"),
        ("7", "invalid type: integer `7`"),
        (r#"{"command":"wake"}"#, "missing field `user_id`"),
        (r#"{"user_id":"ben"}"#, "missing field `command`"),
        (
            r#"{"user_id":"ben","command":"dance"}"#,
            "the field `command` is text, not an object",
        ),
        (
            r#"{"user_id":"ben","command":{"dance":{}}}"#,
            "the field `command.dance` is not an event",
        ),
        (
            r#"{"user_id":"ben","command":{}}"#,
            "the field `command.event` is missing",
        ),
        (
            r#"{"user_id":"ben","command":{"receipt":{"message_id":7}}}"#,
            "the field `command.receipt.message_id` is a number, not text",
        ),
        (
            r#"{"user_id":"ben","command":{"receipt":{"message_id":"m","status":"eaten"}}}"#,
            "the field `command.receipt.status` cannot be read",
        ),
        (
            r#"{"user_id":"ben","command":{"retry":{"seq":1.5}}}"#,
            "the field `command.retry` is not an event",
        ),
    ] {
        let error = Envelope::read(json).unwrap_err().to_string();
        assert!(error.contains(problem), "{json}: {error}");
    }
}

fn read_command(json: &str) -> Command {
    let json = format!(r#"{{"user_id":"ben","command":{json}}}"#);
    Envelope::read(&json).unwrap().command
}

#[test]
fn the_word_of_every_outcome_is_pinned() {
    for (outcome, word) in [
        (Outcome::Stored, "stored"),
        (Outcome::Known, "known"),
        (Outcome::NoLink, "no_link"),
        (Outcome::NotTheirPhone, "not_their_phone"),
        (Outcome::NoSuchFailure, "no_such_failure"),
    ] {
        assert_eq!(outcome.word(), word);
        assert_eq!(Outcome::read(word), Some(outcome));
    }
    assert_eq!(Outcome::read("eaten"), None);
}

proptest! {
    #[test]
    fn a_text_reaches_the_record_as_it_is(
        user_id in ".*", said in ".*", reference in ".*", total in 2..=u8::MAX,
    ) {
        let part = Some(Part { reference, total, index: 1 });
        let sent = InboundText { text: said, part, ..text() };
        let user_id = UserId::new(user_id);
        let command = Command::Event(Event::Text(sent.clone()));
        let json = serde_json::to_string(&Envelope { user_id: user_id.clone(), command });
        let read = Envelope::read(&json.unwrap()).unwrap();
        prop_assert_eq!(read.user_id, user_id);
        let Command::Event(Event::Text(read)) = read.command else {
            panic!("it became another command")
        };
        prop_assert_eq!(read, sent);
    }

    #[test]
    fn no_json_makes_its_reader_panic(
        json in r#"\{("(user_id|command|receipt|text|part|total)":([0-9]{1,3}|"[a-z]{0,4}"|\{|\}|null),?){0,6}\}{0,3}"#,
    ) {
        let _ = Envelope::read(&json);
    }
}
