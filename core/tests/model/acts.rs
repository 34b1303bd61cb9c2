//! Steps: what the users do at Layer and on their phones, and time passing.

use texting::{
    chat::status::Status,
    ids::TextId,
    sms::inbound::{InboundText, Part},
    time::{DAY, HOUR, MINUTE, SECOND, Span},
};

use crate::{
    event::Event,
    names::{self, NUMBERS, PHONES},
    parties::layer::{Conversation, Message},
    world::World,
};

impl World {
    pub fn begin_conversation(&mut self) {
        let mut layer = self.shared.layer.borrow_mut();
        self.conversations
            .push(u32::try_from(layer.conversations.len()).unwrap());
        let positioned = !self.shared.setup.is_matrix && self.shared.random.percent(50);
        layer.conversations.push(Conversation {
            deleted: false,
            member: true,
            positioned,
            last_position: 0,
        });
    }

    /// Ada writes something.
    pub fn write(&mut self) {
        let number = self.shared.random.of(&self.conversations);
        self.write_in(number);
    }

    /// Ada writes several messages in one conversation, and their webhooks come at once.
    pub fn burst(&mut self) {
        let random = &self.shared.random;
        let number = random.of(&self.conversations);
        let most = random.of(&[3, 3, 6, 14]);
        for _ in 0..=random.below(most) {
            self.write_in(number);
            self.deliver_webhook(self.webhooks.len() - 1);
        }
    }

    fn write_in(&mut self, number: u32) {
        let random = &self.shared.random;
        let mut layer = self.shared.layer.borrow_mut();
        let message = u32::try_from(layer.messages.len()).unwrap();
        let conversation = &mut layer.conversations[number as usize];
        conversation.member = true;
        conversation.last_position += 1 + random.below(3) as u64;
        let position = conversation
            .positioned
            .then_some(conversation.last_position);
        let is_matrix = self.shared.setup.is_matrix;
        let status = match is_matrix {
            true => Status::Sent,
            false => random.of(&[Status::Sent, Status::Sent, Status::Sent, Status::Delivered]),
        };
        let text = match random.below(20) {
            0 => " ".to_owned(),
            // Three of these do not fit into one text.
            1..5 => format!("message {message}{}", " and so on".repeat(40)),
            _ => format!("message {message}"),
        };
        let sent_at = self.shared.now() - SECOND.times(random.between(0, 3));
        let deleted = false;
        layer.messages.push(Message {
            conversation: number,
            position,
            sent_at,
            status,
            deleted,
            text,
            muted: is_matrix && random.percent(10),
        });
        drop(layer);
        self.shared.trace.count("messages");
        self.note(move || format!("message {message} in {number}"));
        self.webhooks.push(Event::Message { message, status });
    }

    /// A message that waits, or a recent one, if there are any.
    fn some_message(&self) -> Option<u32> {
        let random = &self.shared.random;
        let spec = self.shared.spec.borrow();
        let waiting = &spec.notices.waiting;
        if !waiting.is_empty() && random.percent(60) {
            return waiting.keys().nth(random.below(waiting.len())).copied();
        }
        let messages = self.shared.layer.borrow().messages.len();
        let back = random.below(messages.min(12));
        u32::try_from(messages.checked_sub(1 + back)?).ok()
    }

    /// Our user's app receives or shows messages.
    pub fn receive(&mut self) {
        let Some(message) = self.some_message() else {
            return;
        };
        let random = &self.shared.random;
        let status = random.of(&[Status::Delivered, Status::Read]);
        let stretch = random.percent(50);
        let mut layer = self.shared.layer.borrow_mut();
        let Message {
            conversation,
            position,
            ..
        } = *layer.message(message);
        let positions = position
            .filter(|_| stretch)
            .map(|to| (to.saturating_sub(4), to));
        for (number, other) in (0..).zip(&mut layer.messages) {
            let covered = other.conversation == conversation
                && positions.is_some_and(|(from, to)| {
                    other
                        .position
                        .is_some_and(|position| (from..=to).contains(&position))
                });
            if covered || number == message {
                other.status = other.status.max(status);
            }
        }
        drop(layer);
        let event = match positions {
            Some(positions) => Event::Receipts {
                conversation,
                positions,
                status,
            },
            None => Event::Receipt { message, status },
        };
        self.announce(event);
    }

    /// Layer sends a webhook for the event. The webhook may be lost.
    fn announce(&mut self, event: Event) {
        let shown = event.clone();
        self.note(move || format!("at Layer: {shown:?}"));
        // Of Matrix, receipts are rarely asked for, and lost while the service is down.
        let is_receipt = matches!(event, Event::Receipt { .. } | Event::Receipts { .. });
        let often = match self.shared.setup.is_matrix && is_receipt {
            true => 60,
            false => 4,
        };
        if self.shared.setup.faults && self.shared.random.percent(often) {
            self.shared.trace.count("faults: webhooks lost");
            return;
        }
        self.webhooks.push(event);
    }

    pub fn delete(&mut self) {
        let Some(message) = self.some_message() else {
            return;
        };
        self.shared.layer.borrow_mut().messages[message as usize].deleted = true;
        self.announce(Event::MessageDeleted(message));
    }

    pub fn leave_or_end(&mut self) {
        let index = self.shared.random.below(self.conversations.len());
        let number = self.conversations[index];
        if self.shared.random.percent(60) {
            self.shared.layer.borrow_mut().conversations[number as usize].member = false;
            return self.announce(Event::Left(number));
        }
        self.shared.layer.borrow_mut().conversations[number as usize].deleted = true;
        self.conversations.remove(index);
        self.begin_conversation();
        self.announce(Event::ConversationDeleted(number));
    }

    /// The user replies to a text, or somebody texts a number that never texted them.
    pub fn answer(&mut self) {
        let random = &self.shared.random;
        let sms = {
            let nexmo = self.shared.nexmo.borrow();
            let back = random.below(nexmo.accepted.len().min(10));
            let at = nexmo.accepted.len().checked_sub(1 + back);
            at.map(|at| {
                (
                    nexmo.accepted[at].0.number.clone(),
                    nexmo.accepted[at].0.phone.clone(),
                )
            })
        };
        let stray = (
            names::number(random.of(&NUMBERS)),
            names::phone(random.of(&PHONES)),
        );
        let from = if random.percent(5) { Some(stray) } else { sms };
        let Some((number, phone)) = from else { return };
        let guises = phone.guises();
        let phone = guises[random.below(guises.len())].clone();
        self.texts_written += 1;
        let id = self.texts_written;
        let whole = |text: String| InboundText {
            message_id: TextId::new(format!("in-{id}")),
            phone: phone.clone(),
            number: number.clone(),
            text,
            part: None,
        };
        let now = self.shared.now();
        self.shared.trace.count("replies written");
        let opted_out = self.shared.spec.borrow().replies.is_stopped(&phone);
        match random.below(100) {
            0..3 => self.inbound.push((whole("STOP".to_owned()), now)),
            3..20 if opted_out => self.inbound.push((whole("START".to_owned()), now)),
            19 => self.inbound.push((whole("START".to_owned()), now)),
            12..15 => self.inbound.push((whole("HELP".to_owned()), now)),
            15..18 => {
                let long = (0..600).map(|word| format!("{id}.{word} ")).collect();
                self.inbound.push((whole(long), now));
            }
            18..32 => self.answer_in_parts(&whole(String::new())),
            _ => self.inbound.push((whole(format!("reply {id}!")), now)),
        }
    }

    fn answer_in_parts(&mut self, text: &InboundText) {
        let random = &self.shared.random;
        let total = 2 + u8::try_from(random.below(2)).unwrap();
        let stop = total == 2 && random.percent(10);
        for index in 1..=total {
            if random.percent(6) {
                self.shared.trace.count("faults: parts lost");
                continue;
            }
            let part = Part {
                reference: text.message_id.to_string(),
                total,
                index,
            };
            let body = match (stop, index) {
                (true, 1) => "ST".to_owned(),
                (true, _) => "OP".to_owned(),
                (false, _) => format!("{} part {index} of {total}! ", text.message_id),
            };
            let message_id = TextId::new(format!("{}-{index}", text.message_id));
            let text = InboundText {
                message_id,
                text: body,
                part: Some(part),
                ..text.clone()
            };
            self.inbound.push((text, self.shared.now()));
        }
    }

    /// Time passes: seconds, minutes, rarely days.
    pub fn wait(&mut self) {
        let random = &self.shared.random;
        let now = self.shared.now();
        let until = match random.below(20) {
            0..6 => now + random.span(Span::from_millis(1), SECOND.times(2)),
            6..10 => now + random.span(SECOND, SECOND.times(30)),
            10..16 => {
                self.next().unwrap_or(now).max(now)
                    + random.span(Span::ZERO, Span::from_millis(300))
            }
            16..18 => now + random.span(MINUTE, MINUTE.times(12)),
            18 => now + random.span(MINUTE.times(10), HOUR.times(2)),
            _ if random.percent(80) => now + random.span(MINUTE, HOUR),
            _ => now + random.span(HOUR, DAY.times(10)),
        };
        self.note(move || format!("{:?} pass", until - now));
        self.advance(until);
    }
}
