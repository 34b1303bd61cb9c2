//! Erasing a user.

use texting::{driver::EraseError, record::command::Outcome};

use crate::{
    tasks::finish,
    user::{User, ben},
    world::PHONE,
};

fn key(number: u32) -> String {
    format!("user/{PHONE}/12025550{number}")
}

fn erase(user: &User) -> Result<(), EraseError> {
    let erased = finish(user.driver.erase(&ben()));
    user.tasks.run();
    erased
}

#[test]
fn an_erased_user_has_no_entry_in_kv_and_nothing_in_the_record() {
    let user = User::texted(2);
    assert_eq!(user.kv.keys(), [key(101), key(102)]);
    erase(&user).unwrap();
    assert!(user.kv.keys().is_empty());
    for table in ["profile", "notices", "seen", "links", "lookups", "failures"] {
        assert_eq!(user.storage.rows(table), 0, "{table}");
    }
}

#[test]
fn the_entries_of_other_users_stay() {
    let user = User::texted(2);
    user.kv
        .insert(&key(101), r#"{"user_id":"ada","expires_at":1}"#);
    let wish = format!("wish/{PHONE}");
    user.kv.insert(&wish, r#"{"opted_out":true,"at":1}"#);
    erase(&user).unwrap();
    assert_eq!(user.kv.keys(), [key(101), wish]);
}

#[test]
fn kv_forgets_before_the_record_does() {
    let user = User::texted(2);
    erase(&user).unwrap();
    let last = format!("KV DELETE {}", key(102));
    let erased = user.journal.place_of("DELETE FROM profile");
    assert!(user.journal.place_of(&last) < erased);
}

#[test]
fn an_entry_is_noted_in_the_record_before_it_is_written_to_kv() {
    let user = User::texted(1);
    let noted = user.journal.place_of("INSERT OR IGNORE INTO lookups");
    let written = user.journal.place_of(&format!("KV PUT {}", key(101)));
    assert!(noted < written);
}

#[test]
fn nothing_is_erased_while_kv_fails() {
    let user = User::texted(1);
    user.kv.fails.set(true);
    assert!(matches!(erase(&user), Err(EraseError::Kv(_))));
    assert_eq!(user.kv.keys(), [key(101)]);
    assert_eq!(
        (user.storage.rows("links"), user.storage.rows("lookups")),
        (1, 1)
    );
    user.kv.fails.set(false);
    erase(&user).unwrap();
    assert!(user.kv.keys().is_empty());
    assert_eq!(user.storage.rows("links"), 0);
}

#[test]
fn a_record_that_cannot_be_erased_says_so_and_can_be_erased_later() {
    let user = User::texted(1);
    user.storage.refuse("DELETE FROM links");
    assert!(matches!(erase(&user), Err(EraseError::Store(_))));
    assert_eq!(user.storage.rows("profile"), 1);
    user.storage.refuse(None);
    erase(&user).unwrap();
    assert_eq!(user.storage.rows("profile"), 0);
}

#[test]
fn the_statistics_are_told_what_an_erased_user_did() {
    let user = User::texted(1);
    erase(&user).unwrap();
    let told = user.statistics.told.borrow();
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].counts[0].what.as_str(), told[0].links.to),
        ("texted", None)
    );
}

#[test]
fn an_erased_user_who_is_heard_of_again_has_a_new_record() {
    let user = User::texted(1);
    erase(&user).unwrap();
    assert_eq!(user.sent(1, 1), Outcome::Stored);
    assert_eq!(user.storage.rows("profile"), 1);
    assert_eq!(user.driver.show().unwrap()["user_id"], "ben");
}
