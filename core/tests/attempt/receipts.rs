//! Delivery receipts: what a text asks for, and what comes of them outside the record.

use texting::{
    attempt::reply,
    delivery::open_key,
    ids::{TextId, TextReference},
    phone::{Number, Phone},
    record::command::Outcome,
    sms::receipt::{DeliveryReceipt, Fate},
    time::{MINUTE, SECOND},
};

use serde_json::json;

use crate::user::{User, at_once};

const PHONE: &str = "15550102030";

impl User {
    /// The names that the texts so far have in receipts.
    fn references(&self) -> Vec<String> {
        let texts = self.services.texts();
        texts.iter().map(|it| it["client-ref"].clone()).collect()
    }

    /// A receipt about the last text.
    fn receives(&self, fate: Fate) -> Outcome {
        let reference = self.references().pop().unwrap();
        let receipt = DeliveryReceipt {
            reference: Some(TextReference::new(reference)),
            message_id: TextId::new("part"),
            phone: Phone::from_digits(PHONE),
            number: Number::from_digits("12025550101"),
            fate,
        };
        self.record().delivery_receipt(&receipt).unwrap()
    }

    /// Does what is queued.
    fn act(&self) {
        while let Some(claim) = self.record().claim_reply().unwrap() {
            at_once(reply::run(self, self, &claim)).unwrap();
        }
    }

    fn entry(&self, key: &str) -> Option<String> {
        self.kv.borrow().as_ref()?.get(key).cloned()
    }
}

#[test]
fn a_text_asks_for_receipts_under_a_name_of_its_own_for_each_try() {
    let user = User::told(&[], &["one"]);
    user.services.nexmo.replace(500);
    user.attempt();
    user.services.nexmo.replace(200);
    user.later(MINUTE).attempt();
    let texts = user.services.texts();
    for text in &texts {
        let (url, token) = text["callback"].rsplit_once('/').unwrap();
        assert_eq!(url, "https://texts.example.com/nexmo-new-sms/receipt");
        assert_eq!(token.len(), 20);
    }
    let [first, second] = user.references().try_into().unwrap();
    assert!(first != second && first.len() == 40 && second.len() == 40);
}

#[test]
fn without_receipts_a_text_asks_for_none() {
    let long = "x".repeat(60);
    for setting in [("DELIVERY_RECEIPTS", "off"), ("NEXMO_PATH", &*long)] {
        let user = User::told(&[setting], &["one"]);
        user.attempt();
        assert!(!user.services.texts()[0].contains_key("callback"));
    }
}

#[test]
fn an_unreachable_phone_is_not_texted_and_another_one_is() {
    let user = User::told(&[], &["one"]);
    user.attempt();
    assert_eq!(user.receives(Fate::Failed(3)), Outcome::Stored);
    user.sent(
        2,
        "ada",
        &json!([{ "mime_type": "text/plain", "body": "two" }]),
    );
    user.later(MINUTE * 10).attempt();
    assert_eq!(user.ended(2), "unreachable");
    user.ben("phone", "15550109999".into());
    user.sent(
        3,
        "ada",
        &json!([{ "mime_type": "text/plain", "body": "three" }]),
    );
    user.later(MINUTE * 10).attempt();
    assert_eq!(user.ended(3), "texted");
}

#[test]
fn kv_learns_of_a_carriers_stop_from_when_the_text_left() {
    let user = User::told(&[("STOP_REPLY", "You are out.")], &["one"]);
    user.attempt();
    let left_at = user.now.get().as_millis() / 1_000 * 1_000;
    user.later(SECOND * 30);
    user.receives(Fate::Failed(9));
    user.act();
    let stored = format!(r#"{{"opted_out":true,"at":{left_at}}}"#);
    assert_eq!(user.entry(&format!("wish/{PHONE}")), Some(stored));
    assert_eq!(user.services.texts().len(), 1, "it is not answered");
}

#[test]
fn a_start_that_kv_has_beats_an_earlier_texts_stop_at_the_carrier() {
    let user = User::told(&[], &["one"]);
    user.attempt();
    let start = format!(
        r#"{{"opted_out":false,"at":{}}}"#,
        user.later(MINUTE).now.get().as_millis()
    );
    let key = format!("wish/{PHONE}");
    let kv = |entry: &str| {
        let mut kv = user.kv.borrow_mut();
        kv.as_mut().unwrap().insert(key.clone(), entry.to_owned());
    };
    kv(&start);
    user.receives(Fate::Failed(9));
    user.act();
    assert_eq!(user.entry(&key), Some(start));
    user.sent(
        2,
        "ada",
        &json!([{ "mime_type": "text/plain", "body": "two" }]),
    );
    user.later(MINUTE * 10).attempt();
    assert_eq!(user.ended(2), "texted");
}

#[test]
fn kv_learns_that_the_fate_of_a_try_is_open() {
    let user = User::told(&[], &["one"]);
    user.services.nexmo.replace(502);
    user.attempt();
    user.act();
    let reference = TextReference::new(user.references().pop().unwrap());
    assert_eq!(user.entry(&open_key(&reference)).as_deref(), Some("true"));
    assert_eq!(user.receives(Fate::Delivered), Outcome::Stored);
    assert_eq!(user.ended(1), "texted");
}
