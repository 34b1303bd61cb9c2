//! What the targets share.

pub mod mutator;

use texting::{
    nexmo::inbound::{Inbound, read},
    phone,
    record::command::{Command, InboundText},
};

/// The parameters of a request of Nexmo's.
pub type Params = Vec<(String, String)>;

/// Reads parameters and checks what must hold of anything that counts as a text.
pub fn check_inbound(params: &Params) {
    if let Ok(Inbound::Text(text, _)) = read(params) {
        check_text(&text);
        survives(&Command::Text(text));
    }
}

fn check_text(text: &InboundText) {
    for phone in [&text.phone, &text.number] {
        assert!((7..=15).contains(&phone.len()) && !phone.starts_with('0'));
        assert!(phone.bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(phone::normalise(phone).as_ref(), Some(phone));
    }
    assert!((1..=256).contains(&text.message_id.chars().count()));
    assert_eq!(text.message_id.trim(), text.message_id);
    assert!(text.text.chars().count() <= 20_000);
    match &text.part {
        Some(part) => assert!(part.total >= 2 && (1..=part.total).contains(&part.index)),
        None => assert!(!text.text.trim().is_empty()),
    }
}

/// A command reaches the user's record, another object, as JSON: it must be the same there.
pub fn survives(command: &Command) {
    let sent = serde_json::to_string(command).expect("a command is written as JSON");
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
