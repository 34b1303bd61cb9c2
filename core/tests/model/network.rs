//! The requests of attempts. A request may arrive at its party or not, and its response at the attempt or
//! not, in any order, too late, or after the attempt has stopped waiting.

use texting::{
    attempt::effects::Introduction,
    http::{HttpRequest, HttpResponse, NoResponse},
    identity::IdentityOutcome,
    kv::{KvEntry, KvError},
    phone::Number,
    time::{Span, Timestamp},
};

use crate::{
    names::{self, USER, number_of},
    parties::nexmo::Text,
};

/// The number of an attempt.
pub type Attempt = u32;

#[derive(Clone, Debug)]
pub enum Request {
    Text(Text),
    Recheck {
        message: u32,
    },
    /// Who is in a room.
    Members {
        conversation: u32,
    },
    /// A page of the user's notifications.
    Notifications {
        before: Option<u32>,
    },
    /// A message as a homeserver has it now.
    Message {
        message: u32,
    },
    /// The name of a room.
    Name,
    Device,
    Encryption,
    /// What the user has read.
    Mark {
        message: u32,
    },
    Conversation {
        conversation: u32,
    },
    Post {
        conversation: u32,
        dedupe: String,
        user: String,
        body: String,
    },
    /// Whether Nexmo responds at all.
    Balance,
    /// How long a text waits that Nexmo refused from this number.
    Pace(Number, Option<Span>),
    Identity(String),
    Introduction,
    KvGet(Vec<String>),
    KvPut(KvEntry),
    Disown,
    Report,
}

#[derive(Clone, Debug)]
pub enum Response {
    Reply(HttpResponse),
    Paced(Option<Span>),
    Identity(IdentityOutcome),
    Introduction(Introduction),
    Found(Result<Vec<Option<String>>, KvError>),
    Done(Result<(), KvError>),
}

/// One request on its way.
pub struct Op {
    pub id: u32,
    pub attempt: Attempt,
    pub request: Request,
    /// When the attempt stops waiting.
    pub deadline: Timestamp,
    /// When the response comes, unless a step brings it earlier.
    pub natural: Timestamp,
    /// The party's response, once the request has arrived there.
    pub response: Option<Response>,
    /// The response that the attempt gets when it is polled next.
    answer: Option<Response>,
    /// Whether the attempt still waits.
    pub awaited: bool,
    /// Whether the request arrives even after the attempt has stopped waiting.
    stubborn: bool,
    /// The index of the text in `Texts`, if the request is one to send a text.
    pub text: Option<usize>,
}

#[derive(Default)]
pub struct Network {
    ops: Vec<Op>,
    last: u32,
}

impl Network {
    pub fn depart(
        &mut self,
        attempt: Attempt,
        request: Request,
        natural: Timestamp,
        deadline: Timestamp,
        stubborn: bool,
    ) -> &mut Op {
        self.last += 1;
        self.ops.push(Op {
            id: self.last,
            attempt,
            request,
            deadline,
            natural,
            response: None,
            answer: None,
            awaited: true,
            stubborn,
            text: None,
        });
        self.ops.last_mut().unwrap()
    }

    pub fn op(&mut self, id: u32) -> Option<&mut Op> {
        self.ops.iter_mut().find(|op| op.id == id)
    }

    /// The request that a random number picks.
    pub fn pick(&self, random: usize) -> Option<u32> {
        let index = random.checked_rem(self.ops.len())?;
        Some(self.ops[index].id)
    }

    /// A request with a text that has not arrived at Nexmo yet.
    pub fn text(&self) -> Option<u32> {
        let is_text = |op: &&Op| op.text.is_some() && op.response.is_none();
        self.ops.iter().find(is_text).map(|op| op.id)
    }

    /// Whether a text or a post has not arrived yet.
    pub fn sends(&self) -> bool {
        let is_post = |op: &Op| matches!(op.request, Request::Post { .. }) && op.response.is_none();
        self.text().is_some() || self.ops.iter().any(is_post)
    }

    /// The keys of KV for which a write has not arrived yet.
    pub fn puts(&self) -> Vec<String> {
        let key = |op: &Op| match &op.request {
            Request::KvPut(put) if op.response.is_none() => Some(put.key.clone()),
            _ => None,
        };
        self.ops.iter().filter_map(key).collect()
    }

    /// Whether the response to one of these texts is there, though its attempt has not seen it yet.
    pub fn has_answer(&self, texts: &[usize], now: Timestamp) -> bool {
        let is_there = |op: &Op| op.awaited && op.natural <= now && op.deadline > op.natural;
        let is_it = |op: &Op| op.text.is_some_and(|text| texts.contains(&text));
        self.ops.iter().any(|op| is_it(op) && is_there(op))
    }

    /// The request whose time comes first.
    pub fn next(&self) -> Option<&Op> {
        self.ops.iter().min_by_key(|op| (op.due(), op.id))
    }

    /// Takes the response out for its attempt, which then no longer waits.
    pub fn take_answer(&mut self, id: u32) -> Option<Response> {
        let answer = self.op(id)?.answer.take()?;
        self.leave(id);
        Some(answer)
    }

    pub fn deliver(&mut self, id: u32, answer: Response) {
        if let Some(op) = self.op(id) {
            op.answer = Some(answer);
        }
    }

    /// The attempt stops waiting for a request. A stubborn one that has not arrived stays on its way.
    pub fn leave(&mut self, id: u32) {
        if let Some(op) = self.op(id) {
            op.awaited = false;
        }
        self.ops
            .retain(|op| op.awaited || op.response.is_none() && op.stubborn);
    }

    pub fn forget(&mut self, id: u32) {
        self.ops.retain(|op| op.id != id);
    }

    /// No response comes and nothing times out before `until`.
    pub fn put_off(&mut self, until: Timestamp) {
        for op in &mut self.ops {
            op.natural = op.natural.max(until);
            op.deadline = op.deadline.max(until);
        }
    }

    /// Drops the requests for which no attempt waits, now and from now on.
    pub fn calm(&mut self) {
        for op in &mut self.ops {
            op.stubborn = false;
        }
        self.ops.retain(|op| op.awaited);
    }
}

impl Op {
    /// When its response comes or its attempt times out, without a step.
    pub fn due(&self) -> Timestamp {
        if self.awaited {
            self.natural.min(self.deadline)
        } else {
            self.natural
        }
    }
}

impl Request {
    /// Reads what an HTTP request is for.
    pub fn read(call: &HttpRequest) -> Self {
        let path = call.url.splitn(4, '/').nth(3).unwrap();
        if path == "sms/json" {
            return Self::Text(text(call.body.as_deref().unwrap()));
        }
        if path == "account/get-balance" {
            return Self::Balance;
        }
        if let Some(path) = path.strip_prefix("_matrix/client/v3/") {
            return Self::of_homeserver(call, path);
        }
        let segments: Vec<&str> = path.split('/').collect();
        match segments[2..] {
            ["conversations", conversation] => Self::Conversation {
                conversation: number_of(conversation),
            },
            ["conversations", _, "messages", message] => Self::Recheck {
                message: number_of(message),
            },
            ["conversations", conversation, "messages"] => post(call, number_of(conversation)),
            _ => panic!("nothing asks for {path}"),
        }
    }

    fn of_homeserver(call: &HttpRequest, path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let segments: Vec<&str> = path.split('/').collect();
        match *segments {
            ["rooms", room, "joined_members"] => Self::Members {
                conversation: number_of(room),
            },
            ["notifications"] => {
                let mut fields = form_urlencoded::parse(query.as_bytes());
                let from = fields.find(|(name, _)| name == "from");
                let before = from.map(|(_, value)| value.parse().unwrap());
                Self::Notifications { before }
            }
            ["rooms", _, "event", message] => Self::Message {
                message: number_of(message),
            },
            ["rooms", _, "state", "m.room.name"] => Self::Name,
            ["rooms", _, "state", "m.room.encryption"] => Self::Encryption,
            ["devices", _] => Self::Device,
            ["rooms", room, "send", "m.room.message", id] => send(call, number_of(room), id),
            ["rooms", _, "receipt", "m.read", message] => Self::Mark {
                message: number_of(message),
            },
            _ => panic!("nothing asks for {path}"),
        }
    }

    /// Whether it is one for the chat.
    pub fn is_for_chat(&self) -> bool {
        matches!(
            self,
            Self::Recheck { .. }
                | Self::Conversation { .. }
                | Self::Post { .. }
                | Self::Members { .. }
                | Self::Notifications { .. }
                | Self::Message { .. }
                | Self::Name
                | Self::Device
                | Self::Encryption
                | Self::Mark { .. }
        )
    }

    /// The result that the attempt gets if the request times out.
    pub fn timeout(&self) -> Response {
        let why = "no answer in time".to_owned();
        match self {
            Self::Text(_) | Self::Balance => {
                Response::Reply(HttpResponse::Missing(NoResponse::Timeout))
            }
            _ if self.is_for_chat() => Response::Reply(HttpResponse::Missing(NoResponse::Timeout)),
            Self::Pace(..) => Response::Paced(None),
            Self::Identity(_) => Response::Identity(IdentityOutcome::Failed { why }),
            Self::Introduction => Response::Introduction(Introduction::Failed { why }),
            Self::KvGet(_) => Response::Found(Err(KvError(why))),
            _ => Response::Done(Err(KvError(why))),
        }
    }
}

fn text(form: &str) -> Text {
    let field = |name: &str| {
        let mut fields = form_urlencoded::parse(form.as_bytes());
        fields
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .unwrap()
    };
    Text {
        number: names::number(&field("from")),
        phone: names::phone(&field("to")),
        body: field("text"),
        reference: field("client-ref"),
        asks_for_receipts: form.contains("&callback="),
    }
}

fn send(call: &HttpRequest, conversation: u32, id: &str) -> Request {
    let body: serde_json::Value = serde_json::from_str(call.body.as_deref().unwrap()).unwrap();
    assert!(call.url.contains("user_id=ben"), "{}", call.url);
    Request::Post {
        conversation,
        dedupe: id.to_owned(),
        user: USER.to_owned(),
        body: body["body"].as_str().unwrap().to_owned(),
    }
}

fn post(call: &HttpRequest, conversation: u32) -> Request {
    let body: serde_json::Value = serde_json::from_str(call.body.as_deref().unwrap()).unwrap();
    let dedupe = call
        .headers
        .iter()
        .find(|(name, _)| *name == "If-None-Match")
        .unwrap();
    Request::Post {
        conversation,
        dedupe: dedupe.1.clone(),
        user: body["sender"]["user_id"].as_str().unwrap().to_owned(),
        body: body["parts"][0]["body"].as_str().unwrap().to_owned(),
    }
}
