//! Answers to texts that reach no conversation.

use texting::{
    ids::TextId,
    kv::{Kv, KvEntry},
    log::Entry,
    phone::{Number, Phone},
    sms::inbound::InboundText,
    stray,
    time::SECOND,
};

use crate::user::{User, at_once};

const ANSWER: (&str, &str) = ("NO_CONVERSATION_REPLY", "Nobody reads this.");
const STRANGER: &str = "447700900123";
const NUMBER: &str = "12025550101";

fn text(phone: &str, words: &str) -> InboundText {
    InboundText {
        message_id: TextId::new("A1"),
        phone: Phone::from_digits(phone),
        number: Number::from_digits(NUMBER),
        text: words.to_owned(),
        part: None,
    }
}

impl User {
    fn answer(&self, text: &InboundText) -> Option<Entry> {
        let deadline = self.now.get() + SECOND * 8;
        at_once(stray::answer(&self.settings, text, (self, self), deadline))
    }

    /// The level and name of the log entry about a text.
    fn answered(&self, text: &InboundText) -> Option<&'static str> {
        self.answer(text).map(|entry| entry.message)
    }
}

#[test]
fn a_stray_is_answered_from_the_number_that_it_went_to_once() {
    let user = User::with(&[ANSWER, ("TEXT_TTL", "1 minute")]);
    let stray = text(STRANGER, "Is this Ben?");
    assert_eq!(user.answered(&stray), Some("stray.answered"));
    assert_eq!(user.answered(&stray), None);
    let texts = user.services.texts();
    assert_eq!(texts.len(), 1);
    let field = |name: &str| texts[0][name].as_str();
    assert_eq!((field("to"), field("from")), (STRANGER, NUMBER));
    assert_eq!((field("text"), field("ttl")), (ANSWER.1, "60000"));
    assert!(!texts[0].contains_key("callback"));
    let at_another_number = InboundText {
        number: Number::from_digits("12025550102"),
        ..stray
    };
    assert_eq!(user.answered(&at_another_number), Some("stray.answered"));
}

#[test]
fn a_keyword_and_one_of_our_own_numbers_get_no_answer() {
    let user = User::with(&[ANSWER]);
    for words in ["STOP", "start", " Help! ", "unstop"] {
        assert_eq!(user.answered(&text(STRANGER, words)), None, "{words}");
    }
    assert_eq!(user.answered(&text("12025550102", "Hello")), None);
    assert!(user.services.texts().is_empty());
}

#[test]
fn an_opted_out_phone_gets_no_answer() {
    let user = User::with(&[ANSWER]);
    let stop = |opted_out: bool| {
        let value = format!(r#"{{"opted_out":{opted_out},"at":7}}"#);
        let entry = KvEntry {
            key: format!("wish/{STRANGER}"),
            value,
            lifetime: None,
        };
        at_once(user.put(entry, user.now.get())).unwrap();
    };
    stop(true);
    assert_eq!(user.answered(&text(STRANGER, "Hello")), None);
    stop(false);
    assert_eq!(
        user.answered(&text(STRANGER, "Hello")),
        Some("stray.answered")
    );
}

#[test]
fn without_a_setting_nothing_is_asked_and_nothing_sent() {
    let user = User::with(&[]);
    user.kv.replace(None);
    assert_eq!(user.answered(&text(STRANGER, "Hello")), None);
    assert!(user.services.texts().is_empty());
}

#[test]
fn no_answer_leaves_that_kv_does_not_note() {
    let user = User::with(&[ANSWER]);
    user.kv.replace(None);
    assert_eq!(
        user.answered(&text(STRANGER, "Hello")),
        Some("stray.not_answered")
    );
    assert!(user.services.texts().is_empty());
}

#[test]
fn an_answer_that_nexmo_refuses_is_logged_without_a_whole_phone() {
    let user = User::with(&[ANSWER]);
    user.services.nexmo.replace(500);
    let entry = user.answer(&text(STRANGER, "Hello")).unwrap();
    assert_eq!(entry.message, "stray.not_answered");
    let shown = format!("{entry:?}");
    assert!(
        shown.contains("HTTP 500") && !shown.contains(STRANGER),
        "{shown}"
    );
}
