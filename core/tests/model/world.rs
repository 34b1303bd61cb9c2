//! The world of one history: the object, the other parties, and the webhooks on their way to the object.

use std::{collections::HashSet, rc::Rc};

use serde_json::Value;
use texting::{
    consent::Wish,
    delivery::Door,
    ids::TextId,
    inbound::Handling,
    phone::{Number, Phone},
    record::command::Outcome,
    sms::inbound::InboundText,
    time::{HOUR, Timestamp},
};

use crate::{
    event::Event,
    names::{self, USER},
    network::Op,
    object::Object,
    parties::OF_NEXMO,
    shared::Shared,
    trace::Trace,
};

/// When every history begins.
pub const BEGINNING: Timestamp = Timestamp::from_millis(1_700_000_000_000);

pub struct World {
    pub shared: Rc<Shared>,
    pub object: Object,
    /// Layer's webhooks that are still to be delivered.
    pub webhooks: Vec<Event>,
    /// Inbound texts that Nexmo still has to push, and when it first pushed them.
    pub inbound: Vec<(InboundText, Timestamp)>,
    /// The open conversations.
    pub conversations: Vec<u32>,
    /// The phone and number that another user is taking over, until that user's entry is in KV.
    pub take_over: Option<(Phone, Number)>,
    pub texts_written: u32,
    /// Ids of the inbound texts that the record has stored, to recognise repeats.
    pub stored: HashSet<TextId>,
}

impl World {
    pub fn new(seed: u64, trace: Rc<Trace>) -> Self {
        let shared = Rc::new(Shared::new(seed, trace, BEGINNING));
        let mut world = Self {
            object: Object::new(shared.clone()),
            shared,
            webhooks: Vec::new(),
            inbound: Vec::new(),
            conversations: Vec::new(),
            take_over: None,
            texts_written: 0,
            stored: HashSet::new(),
        };
        if world.shared.setup.faults {
            world.shared.nexmo.borrow_mut().mood = world.shared.random.of(&OF_NEXMO);
        }
        while world.conversations.len() < world.shared.setup.conversations {
            world.begin_conversation();
        }
        world
    }

    pub fn note(&self, words: impl Fn() -> String + 'static) {
        self.shared.trace.note(self.shared.now(), words);
    }

    /// Lets time pass: responses come, attempts time out, the alarm rings.
    pub fn advance(&mut self, until: Timestamp) {
        while let Some(at) = self.next().filter(|at| *at <= until) {
            self.shared.clock.set(at.max(self.shared.now()));
            self.happen();
        }
        self.shared.clock.set(until.max(self.shared.now()));
    }

    /// When the next response, timeout or alarm comes.
    pub fn next(&self) -> Option<Timestamp> {
        let network = self.shared.network.borrow().next().map(Op::due);
        [network, self.shared.alarm.next_ring()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Lets the alarm, response or timeout happen that is due.
    pub fn happen(&mut self) {
        let now = self.shared.now();
        if self
            .shared
            .alarm
            .next_ring()
            .is_some_and(|alarm| alarm <= now)
        {
            return self.object.alarm();
        }
        let Some(id) = self.shared.network.borrow().next().map(|op| op.id) else {
            return;
        };
        let timed_out = {
            let mut network = self.shared.network.borrow_mut();
            network
                .op(id)
                .is_some_and(|op| op.awaited && op.deadline <= now && op.natural > now)
        };
        if timed_out {
            self.deliver(id, true);
        } else {
            self.shared.arrive(id);
            self.deliver(id, false);
        }
    }

    /// Delivers a response or a timeout, and polls the attempt.
    pub fn deliver(&mut self, id: u32, timed_out: bool) {
        if let Some(attempt) = self.shared.deliver(id, timed_out) {
            self.object.poll(attempt);
        }
    }

    /// Delivers one of Layer's webhooks. If that fails, it stays for another time.
    pub fn deliver_webhook(&mut self, index: usize) {
        let event = self.webhooks.swap_remove(index);
        if self.is_outdated(&event) {
            return;
        }
        let shown = event.clone();
        self.note(move || format!("webhook {shown:?}"));
        match self.object.event(&event) {
            Ok(outcome) => self.note(move || format!("{outcome:?}")),
            Err(_) => return self.webhooks.push(event),
        }
        if self.shared.random.percent(10) {
            self.webhooks.push(event);
        }
    }

    /// Whether an event is about a message that ended so long ago that the record need not recognise it.
    fn is_outdated(&self, event: &Event) -> bool {
        let Event::Message { message, .. } = event else {
            return false;
        };
        let spec = self.shared.spec.borrow();
        let ended = spec.notices.ended.get(message);
        ended.is_some_and(|notice| notice.remembered_until < self.shared.now())
    }

    /// Nexmo pushes a text. Does what the Worker would: reads KV, tells the record, and decides.
    pub fn deliver_inbound(&mut self, index: usize) {
        let (text, since) = self.inbound.swap_remove(index);
        let now = self.shared.now();
        if self.stored.contains(&text.message_id) && now - since > HOUR.times(24) {
            return;
        }
        let shown = text.clone();
        self.note(move || {
            format!(
                "inbound {} to {}: {:.40}",
                shown.message_id, shown.number, shown.text
            )
        });
        let user = self.shared.user_at(&text.phone, &text.number);
        let outcome = match user.as_deref() {
            Some(USER) => match self.object.event(&Event::Text(text.clone())) {
                Ok(outcome) => Some(outcome),
                Err(_) => return self.inbound.push((text, since)),
            },
            _ => None,
        };
        self.note(move || format!("{outcome:?}"));
        match Handling::of(&text, outcome, Some(now - since)) {
            Handling::Done | Handling::NoConversation => {
                if !matches!(outcome, Some(Outcome::Stored | Outcome::Known)) {
                    return;
                }
                self.stored.insert(text.message_id.clone());
                if self.shared.random.percent(10) {
                    self.inbound.push((text, since));
                }
            }
            Handling::Later => self.inbound.push((text, since)),
            Handling::Wish { opted_out } => {
                self.shared.trace.count("texts from unknown phones");
                self.wish(&text.phone, opted_out);
            }
            Handling::Unknown => self.shared.trace.count("texts from unknown phones"),
        }
    }

    /// Nexmo pushes a delivery receipt. Does what the Worker would: decides at the door, reads KV, tells the record.
    pub fn deliver_receipt(&mut self, index: usize) {
        let receipt = self.shared.nexmo.borrow_mut().receipts.swap_remove(index);
        let shown = receipt.clone();
        self.note(move || format!("{shown:?}"));
        let kept = self.shared.setup.settings.receipts.as_ref();
        let is_told = match Door::of(&receipt, kept.map(|it| it.kept)) {
            Door::Nothing => false,
            Door::TellIf(key) => {
                let kv = self.shared.kv.borrow();
                kv.peek(&key, self.shared.now()).is_some()
            }
            Door::Tell => true,
        };
        let user = self.shared.user_at(&receipt.phone, &receipt.number);
        if !is_told || user.as_deref() != Some(USER) {
            return;
        }
        let outcome = self.object.event(&Event::DeliveryReceipt(receipt.clone()));
        let shown = format!("{outcome:?}");
        self.note(move || shown.clone());
        self.shared.trace.count("delivery receipts");
        if outcome.is_err() || self.shared.random.percent(15) {
            self.shared.nexmo.borrow_mut().receipts.push(receipt);
        }
    }

    /// KV gets a STOP or START of a phone that did not come through our user's record.
    pub fn wish(&self, phone: &Phone, opted_out: bool) {
        let wish = Wish {
            opted_out,
            at: self.shared.now(),
        };
        let entries = wish.entries(phone).unwrap();
        let keys: Vec<String> = entries.iter().map(|entry| entry.key.clone()).collect();
        for entry in entries {
            let mut kv = self.shared.kv.borrow_mut();
            kv.store(&entry.key, entry.value, None);
        }
        let at = self.shared.now();
        self.shared
            .with_spec(|spec, _| spec.replies.wish(phone, at, opted_out));
        // An earlier wish of our user that is still on its way to KV will overwrite this one.
        let puts = self.shared.network.borrow().puts();
        if keys.iter().any(|key| puts.contains(key)) {
            self.shared.with_spec(|spec, _| spec.replies.unsure(phone));
        }
        let phone = phone.clone();
        self.note(move || format!("KV: {phone} wants no texts: {opted_out}"));
    }
}

impl Shared {
    /// Checks that KV has the last wish of each phone.
    pub fn check_wishes(&self) {
        let kv = self.kv.borrow();
        for (phone, wish) in &self.spec.borrow().replies.wishes {
            let stored = kv.peek(&names::wish_key(&names::phone(phone)), self.now());
            let stored = stored.map(|it| Wish::read(it).unwrap());
            let stops = stored.is_some_and(|wish| wish.opted_out);
            assert!(
                wish.is_none_or(|(_, stop)| stop == stops),
                "KV has {stored:?} of {phone}, but they said {wish:?}"
            );
        }
    }

    /// Checks that no entry in KV names the user after an erasure.
    pub fn check_forgotten(&self) {
        for (key, value) in self.kv.borrow().all() {
            let value: Value = serde_json::from_str(value).unwrap();
            let forgotten = value["user_id"] != USER || self.late_puts.borrow().contains(key);
            assert!(forgotten, "{key} is left after an erasure");
        }
    }
}
