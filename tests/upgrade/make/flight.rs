//! What is under way when the first release is killed.

use std::time::Duration;

use standins::{Fault, Message, Recorded, What, When};

use super::maker::Maker;
use crate::{
    people::{ALICE, phone},
    support::SOON,
};

const LONG: Duration = Duration::from_secs(300);

impl Maker {
    /// Two texts are at Nexmo, of which it takes one; a reply is in the chat already; two long texts are incomplete.
    pub async fn what_is_under_way(&mut self) {
        for name in ["jan", "kim"] {
            self.parts(name).await;
        }
        let ida = self.thread_of("ida").await;
        let slow = When::path(&ida.conversation).method("POST");
        let layer = self.world.layer.traffic();
        layer.add_fault(Fault::new(slow, What::Slow(LONG)));
        self.reply(&ida.reply("Into the dark")).await;
        let nexmo = self.world.nexmo.traffic();
        nexmo.add_fault(Fault::new(When::phone(phone("gus")), What::Slow(LONG)));
        nexmo.add_fault(Fault::new(When::phone(phone("hal")), What::Hang(LONG)));
        let texts = nexmo.count("/sms/json");
        for name in ["gus", "hal"] {
            let conversation = self.conversation(name);
            self.world.say(&conversation, ALICE, "In flight");
        }
        let both = |all: &[Recorded]| all.iter().filter(|one| one.path == "/sms/json").count();
        let nexmo = self.world.nexmo.traffic();
        nexmo
            .wait_for(SOON, |all| both(all) >= texts + 2)
            .await
            .unwrap();
        let posted = |all: &[Message]| all.iter().any(|message| message.platform);
        let layer = &self.world.layer;
        layer
            .wait_for(&ida.conversation, SOON, posted)
            .await
            .unwrap();
        self.world.webhooks_delivered().await;
        self.idle(ALICE).await;
    }

    /// All parts of a long text but the second.
    async fn parts(&mut self, name: &str) {
        let thread = self.thread_of(name).await;
        let text = "Half of it is here. ".repeat(20);
        let parts = self.world.nexmo.inbound(&thread.reply(&text));
        assert_eq!(parts.len(), 3);
        self.deliver(&parts[2]).await;
        self.deliver(&parts[0]).await;
        let late = parts[1].params.clone();
        self.fixture.late_parts.insert(name.to_owned(), late);
    }
}
