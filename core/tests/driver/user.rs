//! One user, and what happens to them.

use std::{ops::Deref, rc::Rc};

use serde_json::value::RawValue;
use texting::{
    chat::status::Status,
    driver::Driver,
    ids::{ConversationId, MessageId, TextId, UserId},
    phone::{Number, Phone},
    record::command::{Event, Outcome, Sent},
    sms::inbound::{InboundText, Part},
    storage::StoreError,
    time::{Span, Timestamp},
};

use crate::{
    object::Instance,
    services::Answer,
    world::{DELAY, PHONE, World},
};

pub struct User {
    world: Rc<World>,
    pub driver: Rc<Driver<Instance>>,
}

impl Deref for User {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

pub fn ben() -> UserId {
    UserId::new("ben")
}

impl User {
    pub fn new() -> Self {
        let world = Rc::new(World::new());
        let driver = Driver::new(Instance(world.clone()));
        Self { world, driver }
    }

    /// A user for whom messages of so many conversations are due.
    pub fn due(conversations: u32) -> Self {
        let user = Self::new();
        for number in 1..=conversations {
            user.sent(number, number);
        }
        user.later(DELAY);
        user
    }

    /// A user for whom so many conversations have an accepted text each, from the first numbers.
    pub fn texted(conversations: u32) -> Self {
        let user = Self::due(conversations);
        user.answer(Answer::Accepted);
        user.ring();
        user.answer(Answer::Silence);
        user
    }

    /// The instance ends with everything in its memory, and another takes over.
    pub fn crash(&mut self) {
        // What is dropped sets no alarm.
        let alarm_works = self.alarm_works.replace(false);
        self.tasks.crash();
        self.ringing.crash();
        self.alarm_works.set(alarm_works);
        self.driver = Driver::new(Instance(self.world.clone()));
    }

    pub fn later(&self, span: Span) -> &Self {
        self.now.set(self.now.get() + span);
        self
    }

    pub fn answer(&self, answer: Answer) {
        self.services.answer.set(answer);
    }

    /// The alarm rings, and tasks run as far as they come.
    pub fn ring(&self) {
        self.begin_to_ring();
        self.run();
    }

    /// The alarm rings, but no task runs yet.
    pub fn begin_to_ring(&self) {
        let (driver, world) = (self.driver.clone(), self.world.clone());
        let ringing = async move {
            if driver.alarm().await.is_err() {
                world.failed_alarms.set(world.failed_alarms.get() + 1);
            }
        };
        self.ringing.spawn(Box::pin(ringing));
        self.ringing.run();
    }

    /// Tasks run as far as they come, and then the alarm that rings.
    pub fn run(&self) {
        self.tasks.run();
        self.ringing.run();
    }

    /// Whether the runtime lets the alarm ring again after a crash.
    pub fn is_ringing(&self) -> bool {
        self.ringing.len() > 0
    }

    /// The oldest task gets its answer; all others go on waiting for theirs.
    pub fn answer_first(&self, answer: Answer) {
        self.answer(answer);
        self.tasks.run_first();
        self.answer(Answer::Silence);
        self.run();
    }

    pub fn alarms(&self) -> Vec<Timestamp> {
        self.world.alarms.borrow().clone()
    }

    pub fn try_event(&self, event: &Event) -> Result<Outcome, StoreError> {
        self.driver.event(&ben(), event)
    }

    fn event(&self, event: &Event) -> Outcome {
        self.try_event(event).unwrap()
    }

    /// A message was sent in a conversation.
    pub fn sent(&self, message: u32, conversation: u32) -> Outcome {
        self.event(&sent(message, conversation))
    }

    /// The user read a message.
    pub fn read(&self, message: u32) -> Outcome {
        self.event(&Event::Receipt {
            message_id: message_id(message),
            status: Status::Read,
        })
    }

    /// The user texted the number of a conversation.
    pub fn reply(&self, id: &str, conversation: u32) -> Outcome {
        self.event(&Event::Text(text(id, conversation, None)))
    }

    /// The user texted the first of two parts of a text, which says its id.
    pub fn first_part(&self, id: &str, conversation: u32) -> Outcome {
        let part = Part {
            reference: "7".to_owned(),
            total: 2,
            index: 1,
        };
        self.event(&Event::Text(text(id, conversation, Some(part))))
    }
}

fn message_id(message: u32) -> MessageId {
    MessageId::new(format!("m{message}"))
}

/// A message that says its own id.
pub fn sent(message: u32, conversation: u32) -> Event {
    let message_id = message_id(message);
    let json = format!(r#"{{"parts":[{{"mime_type":"text/plain","body":"{message_id}"}}]}}"#);
    Event::Message(Box::new(Sent {
        message_id,
        conversation_id: ConversationId::new(format!("c{conversation}")),
        position: None,
        sent_at: Timestamp::from_millis(i64::from(message)),
        status: Status::Sent,
        message: RawValue::from_string(json).unwrap(),
    }))
}

/// A text that says its own id.
fn text(id: &str, conversation: u32, part: Option<Part>) -> InboundText {
    InboundText {
        message_id: TextId::new(id),
        phone: Phone::from_digits(PHONE),
        number: Number::from_digits(format!("12025550{}", 100 + conversation)),
        text: id.to_owned(),
        part,
    }
}
