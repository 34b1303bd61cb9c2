//! The internal messages, as an older or newer Worker sends them during a deployment.

use proptest::prelude::*;
use serde_json::value::RawValue;
use texting::{
    chat::status::Status,
    record::{
        command::{Command, InboundText, Outcome, Part, Sent},
        envelope::Envelope,
    },
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
        assert_eq!(
            serde_json::to_string(&read_command(pinned)).unwrap(),
            pinned
        );
    }
}

#[test]
fn a_field_of_a_later_version_is_ignored_and_one_that_an_earlier_lacks_is_not_missed() {
    let later =
        r#"{"text":{"message_id":"A1","phone":"1","number":"2","text":"hi","mood":"good"}}"#;
    let Command::Text(read) = read_command(later) else {
        panic!("{later}")
    };
    assert_eq!(read.part, None);
    let later = r#"{"message":{"message_id":"m","conversation_id":"c","sent_at":1,"status":"sent","message":{},"mood":1}}"#;
    let Command::Message(read) = read_command(later) else {
        panic!("{later}")
    };
    assert_eq!(read.position, None);
}

#[test]
fn an_envelope_names_the_user_beside_the_command() {
    let envelope = Envelope {
        user_id: "ben".to_owned(),
        command: Command::Wake,
    };
    let pinned = r#"{"user_id":"ben","command":"wake"}"#;
    assert_eq!(serde_json::to_string(&envelope).unwrap(), pinned);
    assert_eq!(Envelope::read(pinned).unwrap().user_id, "ben");
}

#[test]
fn what_is_no_command_is_refused_by_the_name_of_its_field() {
    for (json, problem) in [
        ("[]", "the field `` is a list, not an object"),
        (r#"{"command":"wake"}"#, "the field `user_id` is missing"),
        (r#"{"user_id":"ben"}"#, "the field `command` is missing"),
        (
            r#"{"user_id":"ben","command":"dance"}"#,
            "the field `command` is none that this version knows",
        ),
        (
            r#"{"user_id":"ben","command":{"dance":{}}}"#,
            "the field `command` is none that this version knows",
        ),
        (
            r#"{"user_id":"ben","command":{}}"#,
            "the field `command` is none that this version knows",
        ),
        (
            r#"{"user_id":"ben","command":{"receipt":{"message_id":7}}}"#,
            "the field `command.receipt.message_id` is a number, not text",
        ),
        (
            r#"{"user_id":"ben","command":{"receipt":{"message_id":"m","status":"eaten"}}}"#,
            "the field `command.receipt.status` is no status",
        ),
        (
            r#"{"user_id":"ben","command":{"retry":{"seq":1.5}}}"#,
            "the field `command.retry.seq` is not a whole number",
        ),
    ] {
        let error = Envelope::read(json).unwrap_err();
        assert_eq!(error.to_string(), problem, "{json}");
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
        user_id in ".*", text in ".*", reference in ".*", total in 2..=u8::MAX,
    ) {
        let command = Command::Text(InboundText {
            message_id: "A1".to_owned(),
            phone: "15550102030".to_owned(),
            number: "12025550101".to_owned(),
            text,
            part: Some(Part { reference, total, index: 1 }),
        });
        let json = serde_json::to_string(&Envelope { user_id: user_id.clone(), command: &command });
        let read = Envelope::read(&json.unwrap()).unwrap();
        prop_assert_eq!(read.user_id, user_id);
        let (Command::Text(read), Command::Text(sent)) = (read.command, command) else {
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
