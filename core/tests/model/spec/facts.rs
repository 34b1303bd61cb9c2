//! What the responses told one attempt. Its outcome is judged by these facts.

use serde_json::Value;
use texting::{
    attempt::effects::Introduction, chat::status::Status, consent::Wish, http::HttpResponse,
    identity::IdentityOutcome, lookup::Lookup, phone::Phone, time::Timestamp,
};

use crate::{
    names::{self, USER},
    network::{Request, Response},
};

/// What an attempt is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    Text { message: u32 },
    Reply { lane: String, id: String },
}

#[derive(Clone, Debug)]
pub struct Facts {
    pub claimed: Claimed,
    pub claimed_at: Timestamp,
    /// Layer was asked how far the message has come.
    pub asked: bool,
    /// The message's status for the user, according to Layer.
    pub status: Option<Status>,
    /// Layer said that the message or conversation is gone.
    pub gone: bool,
    /// Layer said that the user is not among the recipients.
    pub left: bool,
    /// The user's phone, once the identity has come.
    pub phone: Option<Phone>,
    /// There is no such user, or the user has no phone.
    pub nobody: bool,
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
            asked: false,
            status: None,
            gone: false,
            left: false,
            phone: None,
            nobody: false,
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
            (Request::Recheck { .. }, Response::Reply(reply)) => self.recheck(reply),
            (Request::Balance, Response::Reply(reply)) => {
                self.nexmo_responds |= reply.status().is_some();
            }
            (Request::Conversation { .. }, Response::Reply(reply)) => {
                self.gone |= matches!(reply.status(), Some(404 | 410));
            }
            (Request::Identity(user), Response::Identity(answer)) if user == USER => {
                self.identity(answer);
            }
            (Request::KvGet(key), Response::Found(Ok(Some(found)))) if key.starts_with("wish/") => {
                let wish = Wish::read(found).unwrap();
                let wishes = match wish.opted_out {
                    true => &mut self.stops,
                    false => &mut self.starts,
                };
                wishes.push((names::phone(&key["wish/".len()..]), wish.at));
            }
            (Request::KvGet(key), Response::Found(Ok(found))) if key.starts_with("user/") => {
                let entry = found.as_ref().map(|it| Lookup::read(it).unwrap());
                self.is_others = entry.is_some_and(|entry| entry.user_id.as_str() != USER);
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
                self.refused = matches!(reply.status(), Some(400 | 404 | 410 | 422));
            }
            _ => {}
        }
    }

    fn recheck(&mut self, reply: &HttpResponse) {
        let HttpResponse::Received { status, body } = reply else {
            return;
        };
        self.gone |= matches!(status, 404 | 410);
        if *status != 200 {
            return;
        }
        let body: Value = serde_json::from_str(body).unwrap();
        match body["recipient_status"][USER].as_str() {
            Some(word) => self.status = Status::read(word),
            None => self.left = true,
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
            }
            IdentityOutcome::NoSuchUser => self.nobody = true,
            IdentityOutcome::Failed { .. } => {}
        }
    }
}
