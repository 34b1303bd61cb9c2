//! What the responses told one attempt. Its outcome is judged by these facts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use texting::{
    attempt::effects::Introduction,
    chat::status::Status,
    consent::Wish,
    http::HttpResponse,
    identity::IdentityOutcome,
    lookup::Lookup,
    phone::Phone,
    time::{HOUR, Span, Timestamp},
};

use crate::{
    names::{self, USER, number_of},
    network::{Request, Response},
};

/// What an attempt is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// A text of this conversation.
    Text {
        conversation: u32,
    },
    Reply {
        lane: String,
        id: String,
    },
    /// That KV is told of a try which Nexmo may have taken.
    Note,
}

/// The chat's answer about one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing that counts.
    None,
    Status(Status),
    /// The message or its conversation is gone.
    Gone,
    /// The user is not among the recipients.
    NotListed,
    /// The user's notifications do not have it.
    Quiet,
}

#[derive(Clone, Debug)]
pub struct Facts {
    pub claimed: Claimed,
    pub claimed_at: Timestamp,
    /// The messages of which Layer was asked how far they have come.
    pub asked: BTreeSet<u32>,
    /// Layer's answers, or what a homeserver's notifications and events say.
    pub answers: BTreeMap<u32, Answer>,
    /// A homeserver said that the user is not in the room.
    pub has_left: bool,
    /// A homeserver sent the user's notifications.
    pub is_notified: bool,
    /// Layer said that the conversation is gone.
    pub conversation_gone: bool,
    /// The user's phone, once the identity has come.
    pub phone: Option<Phone>,
    /// There is no such user, or the user has no phone.
    pub nobody: bool,
    /// How far the clocks of the user's time zone are ahead of UTC.
    pub ahead: Span,
    /// The user's identity says no to texts.
    pub says_no: bool,
    /// Phones for which KV has a STOP, and its time.
    pub stops: Vec<(Phone, Timestamp)>,
    /// Phones for which KV has a START, and its time.
    pub starts: Vec<(Phone, Timestamp)>,
    pub introduction: Option<Option<String>>,
    /// KV said that the phone and number are another user's, whose record was not told otherwise yet.
    pub is_others: bool,
    /// The last response was a refusal for good.
    pub refused: bool,
    /// The last response refused the text's number.
    pub number_refused: bool,
    /// Nexmo responded to the question whether it responds at all.
    pub nexmo_responds: bool,
}

impl Facts {
    pub fn new(claimed: Claimed, claimed_at: Timestamp) -> Self {
        Self {
            claimed,
            claimed_at,
            asked: BTreeSet::new(),
            answers: BTreeMap::new(),
            has_left: false,
            is_notified: false,
            conversation_gone: false,
            phone: None,
            nobody: false,
            ahead: Span::ZERO,
            says_no: false,
            stops: Vec::new(),
            starts: Vec::new(),
            introduction: None,
            is_others: false,
            refused: false,
            number_refused: false,
            nexmo_responds: false,
        }
    }

    pub fn hear(&mut self, request: &Request, response: &Response) {
        match (request, response) {
            (Request::Recheck { message }, Response::Reply(reply)) if reply.status().is_some() => {
                self.answers.insert(*message, recheck(reply));
            }
            (Request::Members { .. }, Response::Reply(reply)) => {
                self.has_left |= match reply {
                    HttpResponse::Received { status: 200, body } => !body.contains(USER),
                    other => matches!(other.status(), Some(403 | 404)),
                };
            }
            (Request::Notifications { .. }, Response::Reply(reply)) => self.notifications(reply),
            (Request::Message { message }, Response::Reply(reply))
                if reply.status() == Some(404) =>
            {
                self.answers.insert(*message, Answer::Gone);
            }
            (Request::Encryption, Response::Reply(reply)) => {
                self.refused = reply.status() == Some(200);
            }
            (Request::Balance, Response::Reply(reply)) => {
                self.nexmo_responds |= reply.status().is_some();
            }
            (Request::Conversation { .. }, Response::Reply(reply)) => {
                self.conversation_gone |= matches!(reply.status(), Some(404 | 410));
            }
            (Request::Identity(user), Response::Identity(answer)) if user == USER => {
                self.identity(answer);
            }
            (Request::KvGet(keys), Response::Found(Ok(found))) => {
                let found = keys.iter().map(String::as_str).zip(found);
                self.in_kv(&found.collect::<Vec<_>>());
            }
            (Request::Disown, Response::Done(Ok(()))) => self.is_others = false,
            (Request::Introduction, Response::Introduction(answer)) => match answer {
                Introduction::Text(text) => {
                    self.introduction = Some(Some(text.clone()).filter(|it| !it.trim().is_empty()));
                }
                Introduction::None => self.introduction = Some(None),
                Introduction::Failed { .. } => {}
            },
            (Request::Post { .. }, Response::Reply(reply)) => {
                let is_refused = matches!(reply.status(), Some(400 | 404 | 410 | 422));
                self.refused = match reply {
                    HttpResponse::Received { body, .. } if body.contains("errcode") => {
                        body.contains("M_FORBIDDEN")
                    }
                    _ => is_refused,
                };
            }
            _ => {}
        }
    }

    /// What KV has under some keys. Of the wishes of a phone in its guises, the last one counts; of reverse lookups, the
    /// first that is there.
    fn in_kv(&mut self, found: &[(&str, &Option<String>)]) {
        let wish = |(key, value): &(&str, &Option<String>)| {
            let phone = names::phone(key.strip_prefix("wish/")?);
            Some((phone, Wish::read(value.as_deref()?).unwrap()))
        };
        let wishes: Vec<(Phone, Wish)> = found.iter().filter_map(wish).collect();
        for (phone, wish) in &wishes {
            let mut of_phone = wishes.iter().filter(|(other, _)| other.is_same(phone));
            if of_phone.all(|(_, other)| other.at <= wish.at) {
                let wishes = match wish.opted_out {
                    true => &mut self.stops,
                    false => &mut self.starts,
                };
                wishes.push((phone.clone(), wish.at));
            }
        }
        let mut lookups = found.iter().filter(|(key, _)| key.starts_with("user/"));
        if lookups.clone().next().is_some() {
            let entry = lookups.find_map(|(_, value)| value.as_deref());
            let entry = entry.map(|it| Lookup::read(it).unwrap());
            self.is_others = entry.is_some_and(|entry| entry.user_id.as_str() != USER);
        }
    }

    /// What the chat said of a message.
    pub fn answer(&self, message: u32) -> Answer {
        match self.answers.get(&message) {
            _ if self.has_left => Answer::NotListed,
            Some(answer) => *answer,
            None if self.is_notified => Answer::Quiet,
            None => Answer::None,
        }
    }

    /// A page of a homeserver's notifications. A message that is gone stays so.
    fn notifications(&mut self, reply: &HttpResponse) {
        let HttpResponse::Received { status: 200, body } = reply else {
            return;
        };
        self.is_notified = true;
        let page: Value = serde_json::from_str(body).unwrap();
        for entry in page["notifications"].as_array().unwrap() {
            let message = number_of(entry["event"]["event_id"].as_str().unwrap());
            let status = match entry["read"].as_bool().unwrap() {
                true => Status::Read,
                false => Status::Delivered,
            };
            let answer = Answer::Status(status);
            self.answers.entry(message).or_insert(answer);
        }
    }

    fn identity(&mut self, answer: &IdentityOutcome) {
        match answer {
            IdentityOutcome::Found(identity) => {
                let digits = identity
                    .phone
                    .as_deref()
                    .unwrap_or("")
                    .trim_start_matches('+');
                self.nobody = digits.len() < 7;
                self.phone = (!self.nobody).then(|| names::phone(digits));
                let metadata = &identity.fields["metadata"];
                self.says_no = metadata["texts"] == "no";
                self.ahead = match metadata["time_zone"].as_str() {
                    Some("Asia/Tokyo") => HOUR * 9,
                    _ => Span::ZERO,
                };
            }
            IdentityOutcome::NoSuchUser => self.nobody = true,
            IdentityOutcome::Failed { .. } => {}
        }
    }
}

fn recheck(reply: &HttpResponse) -> Answer {
    let HttpResponse::Received { status, body } = reply else {
        return Answer::None;
    };
    match status {
        404 | 410 => return Answer::Gone,
        200 => {}
        _ => return Answer::None,
    }
    let body: Value = serde_json::from_str(body).unwrap();
    match body["recipient_status"][USER].as_str() {
        Some(word) => Status::read(word).map_or(Answer::None, Answer::Status),
        None => Answer::NotListed,
    }
}
