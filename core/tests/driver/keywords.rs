//! What KV is told about a phone's owner who sends STOP or START.

use texting::{
    consent::Wish,
    phone::Phone,
    time::{SECOND, Span, Timestamp},
};

use crate::{user::User, world::PHONE};

/// Whether KV has a STOP after a START of the user, with another user's STOP that much later.
fn start_and_stop_from_elsewhere(stop_is_later_by: Span) -> bool {
    let user = User::texted(1);
    let at = user.now.get() + stop_is_later_by;
    user.reply("START", 1);
    user.kv.insert(&Wish::keys(&phone())[0], &stop(at));
    user.tasks.run();
    assert_eq!(user.logged("reply.done"), 1);
    let entry = user.kv.entry(&Wish::keys(&phone())[0]).unwrap();
    Wish::read(&entry).unwrap().opted_out
}

#[test]
fn a_start_takes_back_an_earlier_stop_of_another_user_of_the_phone() {
    assert!(!start_and_stop_from_elsewhere(Span::ZERO - SECOND));
}

#[test]
fn a_start_does_not_take_back_a_later_stop_of_another_user_of_the_phone() {
    assert!(start_and_stop_from_elsewhere(SECOND));
}

fn phone() -> Phone {
    Phone::from_digits(PHONE)
}

fn stop(at: Timestamp) -> String {
    format!(r#"{{"opted_out":true,"at":{}}}"#, at.as_millis())
}
