//! The users in the state of the first release. Each has a story of their own, told in `make.rs`.

use standins::User;

use crate::support::NUMBERS;

pub const ALICE: &str = "alice";
/// Finn has the same phone.
pub const EVES_PHONE: &str = "15550102005";
/// Oli has the same phone.
pub const NIAS_PHONE: &str = "15550102012";
/// In the form that mobile phones of Mexico had until 2019.
pub const XANS_PHONE: &str = "5215512345678";
pub const XANS_PHONE_TODAY: &str = "525512345678";

const PHONES: [(&str, &str); 22] = [
    (ALICE, "15550102000"),
    ("ben", "15550102001"),
    ("cara", "15550102002"),
    ("dora", "15550102003"),
    ("eve", EVES_PHONE),
    ("finn", EVES_PHONE),
    ("gus", "15550102006"),
    ("hal", "15550102007"),
    ("ida", "15550102008"),
    ("jan", "15550102009"),
    ("kim", "15550102010"),
    ("lea", "15550102011"),
    ("max", "15550102013"),
    ("nia", NIAS_PHONE),
    ("oli", NIAS_PHONE),
    ("pat", "15550102014"),
    ("quin", "15550102015"),
    ("rita", "15550102016"),
    ("sam", "15550102017"),
    ("tom", "15550102018"),
    ("uma", "15550102019"),
    ("vic", "15550102020"),
];

/// All users, as the chat knows them.
pub fn everybody() -> Vec<User> {
    let users = PHONES.iter().chain(&[("xan", XANS_PHONE)]);
    users
        .map(|(user, phone)| User::new(user, user, &format!("+{phone}")))
        .collect()
}

/// A user's phone, digits only.
pub fn phone(user: &str) -> &'static str {
    let mut all = PHONES.iter().chain(&[("xan", XANS_PHONE)]);
    all.find(|(one, _)| *one == user).unwrap().1
}

/// The settings of both releases.
pub fn settings(delay: &str) -> [(&'static str, String); 5] {
    [
        ("DELAY", delay.to_owned()),
        ("NEXMO_NUMBERS", NUMBERS.join(",")),
        ("LAYER_API_VERSION", "2.0".to_owned()),
        ("INTRODUCE_CONVERSATION", "New thread".to_owned()),
        ("STOP_REPLY", "You are out.".to_owned()),
    ]
}
