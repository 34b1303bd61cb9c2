//! Texts and replies that fail and wait for their next try.

use standins::{Fault, What, When};

use super::maker::Maker;
use crate::{
    people::{ALICE, phone},
    support::{NUMBERS, Thread},
};

/// The tries after which the waits are long enough for what comes after.
const TRIES: i64 = 7;
/// Nexmo asks to wait for so long.
const THROTTLED: &str = "Throughput Rate Exceeded - please wait [ 50000 ] and retry";

impl Maker {
    /// Waits until everything has failed often enough. Then texts are throttled, one of them after its response was lost.
    pub async fn what_fails(&mut self) {
        let down = || What::Status(503, String::new());
        let nexmo = self.world.nexmo.traffic();
        for user in ["quin", "pat"] {
            nexmo.add_fault(Fault::new(When::phone(phone(user)), down()));
        }
        let leas = When::path(&self.ids["lea"]).method("POST");
        self.world
            .layer
            .traffic()
            .add_fault(Fault::new(leas, down()));
        let conversation = self.conversation("quin");
        self.world.say(&conversation, ALICE, "Nexmo is down");
        let lea = self.thread_of("lea").await;
        for text in ["One", "Two", "Three"] {
            self.reply(&lea.reply(text)).await;
        }
        let pat = self.thread_of("pat").await;
        self.reply(&pat.reply("STOP")).await;
        self.failed_often("quin", "notices").await;
        self.failed_often("lea", "replies").await;
        self.failed_often("pat", "replies").await;
        self.what_is_throttled().await;
    }

    /// A user's thread, by what the record shows.
    pub async fn thread_of(&self, user: &str) -> Thread {
        let record = self.world.record(user).await;
        Thread {
            conversation: self.ids[user].clone(),
            number: record["links"][0]["number"].as_str().unwrap().to_owned(),
            phone: phone(user).to_owned(),
        }
    }

    async fn failed_often(&self, user: &str, what: &str) {
        for _ in 0..1_200 {
            let record = self.world.record(user).await;
            if record[what]["first"][0]["tries"].as_i64() >= Some(TRIES) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("{user}'s {what} did not fail {TRIES} times");
    }

    /// Cara's new conversation takes over the number of a link that has expired; until its text is accepted, replies go to
    /// the former one.
    async fn what_is_throttled(&mut self) {
        let nexmo = self.world.nexmo.traffic();
        let lost = Fault::new(When::phone(phone("sam")), What::AcceptThenReset).times(1);
        nexmo.add_fault(lost);
        let throttled = || What::NexmoStatus(1, THROTTLED.to_owned());
        for user in ["cara", "rita", "sam"] {
            nexmo.add_fault(Fault::new(When::phone(phone(user)), throttled()));
        }
        let before = self.world.entries("notice.postponed").len();
        for name in ["cara, new", "rita", "sam"] {
            let conversation = self.conversation(name);
            self.world.say(&conversation, ALICE, "Nexmo is busy");
        }
        // Of Sam two: the lost response, and the try after it.
        let conversations = ["cara, new", "rita", "sam", "sam"];
        let postponed = before + conversations.len();
        let throttles = || self.world.nexmo.traffic().fired();
        self.world.entries_when("notice.postponed", postponed).await;
        assert_eq!(throttles()[3..], [1, 1, 1, 1], "{:?}", throttles());
        let cara = self.world.record("cara").await;
        let links = cara["links"].as_array().unwrap();
        assert_eq!(links.len(), 2);
        assert!(links.iter().all(|link| link["number"] == NUMBERS[0]));
    }
}
