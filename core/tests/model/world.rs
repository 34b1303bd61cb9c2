//! One history's world: the object, the network's time, and what is on its way to the object.

use std::{collections::HashSet, rc::Rc};

use serde_json::Value;
use texting::{
    consent::Wish,
    ids::TextId,
    inbound::Delivery,
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
    /// Texts that Nexmo still has to deliver, and since when.
    pub inbound: Vec<(InboundText, Timestamp)>,
    /// Where each conversation's latest messages are that the user may read.
    pub conversations: Vec<u32>,
    /// Another user's entry that is about to be written over ours.
    pub take_over: Option<(Phone, Number)>,
    pub texts_written: u32,
    /// Ids of inbound texts that the record has stored, for those that come twice.
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

    /// Lets time pass: answers come, attempts time out, the alarm goes off.
    pub fn advance(&mut self, until: Timestamp) {
        while let Some(at) = self.next().filter(|at| *at <= until) {
            self.shared.clock.set(at.max(self.shared.now()));
            self.happen();
        }
        self.shared.clock.set(until.max(self.shared.now()));
    }

    /// When something happens by itself next.
    pub fn next(&self) -> Option<Timestamp> {
        let network = self.shared.network.borrow().next().map(Op::due);
        [network, self.shared.alarm.rings_at()]
            .into_iter()
            .flatten()
            .min()
    }

    /// What is due by itself happens.
    pub fn happen(&mut self) {
        let now = self.shared.now();
        if self
            .shared
            .alarm
            .rings_at()
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

    /// An answer, or the want of one, lets its attempt go on.
    pub fn deliver(&mut self, id: u32, timed_out: bool) {
        if let Some(attempt) = self.shared.deliver(id, timed_out) {
            self.object.poll(attempt);
        }
    }

    /// One webhook of Layer's is delivered; when that fails it stays.
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

    /// A message that arrives again long after it ended is new to the record.
    fn is_outdated(&self, event: &Event) -> bool {
        let Event::Message { message, .. } = event else {
            return false;
        };
        let spec = self.shared.spec.borrow();
        let ended = spec.notices.ended.get(message);
        ended.is_some_and(|notice| notice.remembered_until < self.shared.now())
    }

    /// Nexmo pushes a text; the Worker asks KV whose it is.
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
        match Delivery::of(&text, outcome, Some(now - since)) {
            Delivery::Done => {
                if !matches!(outcome, Some(Outcome::Stored | Outcome::Known)) {
                    return;
                }
                self.stored.insert(text.message_id.clone());
                if self.shared.random.percent(10) {
                    self.inbound.push((text, since));
                }
            }
            Delivery::Later => self.inbound.push((text, since)),
            Delivery::OptOut => {
                self.shared.trace.count("texts from unknown phones");
                self.wish(&text.phone, true);
            }
            Delivery::Unknown => self.shared.trace.count("texts from unknown phones"),
        }
    }

    /// Somebody else says what a phone's owner wants.
    pub fn wish(&self, phone: &Phone, opted_out: bool) {
        let wish = Wish {
            opted_out,
            at: self.shared.now(),
        };
        let value = serde_json::to_string(&wish).unwrap();
        self.shared
            .kv
            .borrow_mut()
            .store(&Wish::key(phone), value, None);
        let at = self.shared.now();
        self.shared
            .with_spec(|spec, _| spec.replies.wish(phone, at, opted_out));
        // KV keeps what arrives last: an earlier wish of the user's that is on its way there.
        if self
            .shared
            .network
            .borrow()
            .puts()
            .contains(&Wish::key(phone))
        {
            self.shared.with_spec(|spec, _| spec.replies.unsure(phone));
        }
        let phone = phone.clone();
        self.note(move || format!("KV: {phone} wants no texts: {opted_out}"));
    }
}

impl Shared {
    /// KV has what the owner of each phone said last.
    pub fn check_wishes(&self) {
        let kv = self.kv.borrow();
        for (phone, wish) in &self.spec.borrow().replies.wishes {
            let stored = kv.peek(&Wish::key(&names::phone(phone)), self.now());
            let stored = stored.map(|it| Wish::read(it).unwrap());
            let stops = stored.is_some_and(|wish| wish.opted_out);
            assert!(
                wish.is_none_or(|(_, stop)| stop == stops),
                "KV has {stored:?} of {phone}, but they said {wish:?}"
            );
        }
    }

    /// After an erasure nothing in KV says who the user is.
    pub fn check_forgotten(&self) {
        for (key, value) in self.kv.borrow().all() {
            let value: Value = serde_json::from_str(value).unwrap();
            let forgotten = value["user_id"] != USER || self.late_puts.borrow().contains(key);
            assert!(forgotten, "{key} is left after an erasure");
        }
    }
}
