//! What the targets share.

pub mod mutator;

use texting::{
    nexmo::inbound::{Inbound, read},
    phone::{Number, Phone},
    record::{
        command::{Command, Event},
        envelope::Envelope,
    },
    sms::inbound::InboundText,
};

/// The parameters of a request of Nexmo's.
pub type Params = Vec<(String, String)>;

/// Reads parameters and checks what must hold of anything that counts as a text.
pub fn check_inbound(params: &Params) {
    if let Ok(Inbound::Text(text, _)) = read(params) {
        check_text(&text);
        survives(Event::Text(text));
    }
}

fn check_text(text: &InboundText) {
    for digits in [text.phone.as_str(), text.number.as_str()] {
        assert!((7..=15).contains(&digits.len()) && !digits.starts_with('0'));
        assert!(digits.bytes().all(|byte| byte.is_ascii_digit()));
    }
    assert_eq!(Phone::parse(&text.phone).as_ref(), Some(&text.phone));
    assert_eq!(Number::parse(&text.number).as_ref(), Some(&text.number));
    assert!((1..=256).contains(&text.message_id.chars().count()));
    assert_eq!(text.message_id.trim(), text.message_id.as_str());
    assert!(text.text.chars().count() <= 20_000);
    match &text.part {
        Some(part) => assert!(part.total >= 2 && (1..=part.total).contains(&part.index)),
        None => assert!(!text.text.trim().is_empty()),
    }
}

/// An event reaches the user's record, another object, as JSON: it must be the same there.
pub fn survives(event: Event) {
    let command = Command::Event(event);
    let sent = serde_json::to_string(&command).expect("a command is written as JSON");
    let envelope = format!(r#"{{"user_id":"ben","command":{sent}}}"#);
    let received = Envelope::read(&envelope).expect("what was written can be read");
    let again = serde_json::to_string(&received.command).expect("a command is written as JSON");
    assert_eq!(sent, again);
}

/// Writes parameters as a form and reads them back.
pub fn as_form(params: &Params) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(params)
        .finish()
}
