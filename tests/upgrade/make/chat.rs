//! Texts, replies, and messages that cause no text.

use serde_json::Value;
use standins::{Fault, What, When};

use super::maker::Maker;
use crate::{
    people::{ALICE, XANS_PHONE, phone},
    support::version,
};

fn is_idle(record: &Value) -> bool {
    record["notices"]["waiting"] == 0 && record["replies"]["waiting"] == 0
}

impl Maker {
    /// Links that have expired when the first release is killed, and hours that are reported by then.
    pub async fn long_ago(&mut self) {
        self.thread("cara, former").await;
        self.thread("dora").await;
        let thread = self.thread("uma").await;
        self.reply(&thread.reply("Long ago")).await;
        self.idle("uma").await;
    }

    /// Waits until nothing of a user waits, nor of Alice, who is texted about replies.
    pub async fn idle(&self, user: &str) {
        for user in [user, ALICE] {
            self.world.record_when(user, is_idle).await;
        }
    }

    /// Threads of the last minutes.
    pub async fn texts_and_replies(&mut self) {
        let uma = self.ids["uma"].clone();
        self.world.thread_in(&uma, "uma").await;
        for name in ["ben", "eve", "finn", "ida", "jan", "kim", "lea", "pat"] {
            self.thread(name).await;
        }
        let xan = self.thread("xan").await;
        assert_eq!(xan.phone, XANS_PHONE);
        for name in ["vic, one", "vic, two", "vic, three"] {
            self.thread(name).await;
        }
        let nia = self.thread("nia").await;
        self.reply(&nia.reply("Stop")).await;
        self.idle("nia").await;
    }

    /// A conversation without a number, failures of a text and of a reply, and receipts that came before their message.
    pub async fn what_ends_without_a_text(&mut self) {
        let fourth = self.conversation("vic, four");
        self.world.say(&fourth, ALICE, "No number is left");
        self.world.dropped(1).await;
        let thread = self.thread("max").await;
        let invalid = What::NexmoStatus(6, "The message was invalid".to_owned());
        let nexmo = self.world.nexmo.traffic();
        nexmo.add_fault(Fault::new(When::phone(phone("max")), invalid).times(1));
        self.world
            .say(&thread.conversation, ALICE, "Refused at Nexmo");
        self.world.entries_when("notice.failed", 1).await;
        let post = When::path(&thread.conversation).method("POST");
        let refused = Fault::new(post, What::Status(400, "{}".to_owned())).times(1);
        self.world.layer.traffic().add_fault(refused);
        self.reply(&thread.reply("Refused at Layer")).await;
        self.world.entries_when("reply.failed", 1).await;
        self.receipts_before_their_messages().await;
    }

    /// Tom reads two messages, and the webhooks say so before they tell of the messages: one in the form of 2.0, with
    /// positions, the other in that of 1.0.
    async fn receipts_before_their_messages(&mut self) {
        self.world.layer.call_webhooks(false);
        for (name, version) in [("tom, 1.0", version("1.0")), ("tom, 2.0", version("2.0"))] {
            let conversation = self.conversation(name);
            let sent = self.world.say(&conversation, ALICE, "Read at once");
            let read = self.world.layer.mark_read(&sent.message.id, "tom").unwrap();
            let config = self.world.hook().config;
            let receipt = read.body(version, config.as_ref());
            assert_eq!(self.world.webhook(&receipt).await.status(), 200);
            let late = sent.event.body(version, config.as_ref());
            self.fixture.late_webhooks.insert(name.to_owned(), late);
        }
        self.world.layer.call_webhooks(true);
    }

    /// Messages that are not due yet.
    pub async fn messages_that_wait(&mut self) {
        let known = self.ids["ben"].clone();
        self.world.say(&known, ALICE, "The first of two");
        self.world.say(&known, ALICE, "The second of two");
        for name in ["ben, new", "ben, read meanwhile", "oli"] {
            let conversation = self.conversation(name);
            self.world.say(&conversation, ALICE, name);
        }
        self.world.waiting("ben", 4).await;
        self.world.waiting("oli", 1).await;
    }
}
