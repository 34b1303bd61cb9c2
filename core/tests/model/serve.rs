//! Requests arrive at the parties, and responses at the attempts.

use serde_json::Value;
use texting::{
    attempt::effects::Introduction,
    http::HttpResponse,
    kv::KvError,
    lookup::Lookup,
    phone::{Number, Phone},
    time::{Span, Timestamp},
};

use crate::{
    names::{self, OTHER_USER, USER},
    network::{Attempt, Request, Response},
    parties::{Luck, Mood, nexmo::Text},
    shared::Shared,
    spec::texts::{Fate, Why},
};

impl Shared {
    /// A request reaches its party.
    pub fn arrive(&self, id: u32) {
        let (request, text, attempt, awaited) = {
            let mut network = self.network.borrow_mut();
            let Some(op) = network.op(id).filter(|op| op.response.is_none()) else {
                return;
            };
            (op.request.clone(), op.text, op.attempt, op.awaited)
        };
        if !awaited {
            self.trace.count("faults: arrived when nobody waited");
            if let Request::KvPut(put) = &request
                && let Some(phone) = put.key.strip_prefix("wish/")
            {
                self.with_spec(|spec, _| spec.replies.unsure(&names::phone(phone)));
            }
        }
        self.count_trouble(&request);
        let response = self.serve(&request, attempt, text);
        let shown = response.clone();
        self.trace
            .note(self.now(), move || format!("op {id} arrives: {shown:?}"));
        if let Some(op) = self.network.borrow_mut().op(id) {
            op.response = Some(response);
        }
        if !awaited {
            self.network.borrow_mut().forget(id);
        }
    }

    fn count_trouble(&self, request: &Request) {
        let (mood, what) = match request {
            Request::Text(_) | Request::Balance => {
                (self.nexmo.borrow().mood, "faults: Nexmo was unwell")
            }
            Request::Identity(_) => (self.layer.borrow().mood, "faults: the chat was unwell"),
            other if other.is_for_chat() => {
                (self.layer.borrow().mood, "faults: the chat was unwell")
            }
            _ => (self.kv.borrow().mood, "faults: KV was unwell"),
        };
        if mood != Mood::Fine {
            self.trace.count(what);
        }
    }

    fn serve(&self, request: &Request, attempt: Attempt, text: Option<usize>) -> Response {
        let (now, random) = (self.now(), &self.random);
        match request {
            Request::Text(sms) => Response::Reply(self.take(sms, attempt, text)),
            Request::Balance => Response::Reply(self.nexmo.borrow().balance(random)),
            Request::Recheck { message } => {
                Response::Reply(self.layer.borrow().recheck(*message, random))
            }
            Request::Conversation { conversation } => {
                Response::Reply(self.layer.borrow().get_conversation(*conversation, random))
            }
            Request::Pace(number, asked) => Response::Paced(self.pace(number, *asked)),
            Request::Identity(user) => {
                Response::Identity(self.layer.borrow().identity(user, random))
            }
            Request::Post {
                conversation,
                dedupe,
                user,
                body,
            } => {
                assert_eq!(user, USER);
                let mut layer = self.layer.borrow_mut();
                let posted = match self.setup.is_matrix {
                    true => layer.send(*conversation, dedupe, random),
                    false => layer.post(*conversation, dedupe, random),
                };
                if posted.is_new {
                    self.trace.count("posts");
                    self.with_spec(|spec, _| spec.replies.posted(*conversation, body));
                }
                Response::Reply(posted.reply)
            }
            Request::Members { .. }
            | Request::Notifications { .. }
            | Request::Message { .. }
            | Request::Name
            | Request::Device
            | Request::Encryption
            | Request::Mark { .. } => Response::Reply(self.of_homeserver(request)),
            Request::Introduction => Response::Introduction(self.introduction()),
            Request::KvGet(keys) => Response::Found(self.kv.borrow().get(keys, now, random)),
            Request::KvPut(put) => Response::Done(self.kv.borrow_mut().put(put, now, random)),
            Request::Disown | Request::Report => Response::Done(match self.luck() {
                Luck::Served => Ok(()),
                _ => Err(KvError("another object answered 500".to_owned())),
            }),
        }
    }

    fn of_homeserver(&self, request: &Request) -> HttpResponse {
        let (random, mut layer) = (&self.random, self.layer.borrow_mut());
        match request {
            Request::Members { conversation } => layer.members(*conversation, random),
            Request::Notifications { before } => layer.notifications(*before, self.now(), random),
            Request::Message { message } => layer.event(*message, random),
            Request::Name => layer.name(random),
            Request::Device => layer.device(random),
            Request::Encryption => layer.encryption(random),
            Request::Mark { message } => {
                self.trace.count("marks");
                layer.mark(*message, random)
            }
            other => panic!("{other:?}"),
        }
    }

    /// A number's pace may be gone, and then knows nothing of what it said.
    fn pace(&self, number: &Number, asked: Option<Span>) -> Option<Span> {
        let mut paces = self.paces.borrow_mut();
        if self.random.percent(5) {
            paces.remove(number);
        }
        let pace = paces.entry(number.clone()).or_default();
        let wait = pace.wait(self.now(), asked);
        wait.filter(|_| self.luck() == Luck::Served)
    }

    /// The luck of requests to another record and to the operator's introductions.
    fn luck(&self) -> Luck {
        Luck::of(self.kv.borrow().mood, &self.random)
    }

    fn introduction(&self) -> Introduction {
        match self.luck() {
            Luck::Served => match self.random.below(8) {
                0 => Introduction::None,
                2 => Introduction::Text(" ".to_owned()),
                1 => Introduction::Text("Hello again.".to_owned()),
                _ => Introduction::Text("This is a new conversation.".to_owned()),
            },
            _ => Introduction::Failed {
                why: "HTTP 500".to_owned(),
            },
        }
    }

    fn take(&self, sms: &Text, attempt: Attempt, text: Option<usize>) -> HttpResponse {
        let part = names::part_id(text);
        let mut nexmo = self.nexmo.borrow_mut();
        let verdict = nexmo.take(sms, &part, self.now(), &self.random);
        drop(nexmo);
        let mut spec = self.spec.borrow_mut();
        if let (Some(text), true) = (text, verdict.accepted) {
            self.trace.count("texts that Nexmo accepted");
            if let Some(why) = spec.texts.taken(text) {
                self.trace.count("doubles");
                self.trace.count(why.words());
            }
            if spec.texts.left[text].covered.len() > 1 {
                self.trace.count("digests that Nexmo accepted");
            }
        }
        if let Some(text) = text {
            let left = &mut spec.texts.left[text];
            left.verdict = Some((verdict.accepted, verdict.clear));
        }
        if let Some(facts) = spec.facts.get_mut(&attempt) {
            facts.refused = verdict.refused;
            facts.number_refused = verdict.number_refused;
        }
        verdict.reply
    }

    /// The response to a request reaches its attempt, or the attempt times out. Returns the attempt, which is
    /// then to be polled.
    pub fn deliver(&self, id: u32, timed_out: bool) -> Option<Attempt> {
        let (request, response, text, attempt) = {
            let mut network = self.network.borrow_mut();
            let op = network.op(id).filter(|op| op.awaited)?;
            let response = match timed_out {
                true => op.request.timeout(),
                false => op.response.clone()?,
            };
            (op.request.clone(), response, op.text, op.attempt)
        };
        let mut spec = self.spec.borrow_mut();
        if timed_out {
            self.trace.count("faults: time-outs");
            self.trace
                .note(self.now(), move || format!("op {id} times out"));
        } else if let Some(facts) = spec.facts.get_mut(&attempt) {
            facts.hear(&request, &response);
        }
        if let Some(text) = text {
            let fate = match (timed_out, spec.texts.left[text].verdict) {
                (true, _) | (false, None) => Fate::Lost(Why::TimeOut),
                (false, Some((_, false))) => Fate::Lost(Why::AnswerLost),
                (false, Some((true, true))) => Fate::Accepted,
                (false, Some((false, true))) => Fate::NotTaken,
            };
            spec.texts.settle(text, fate);
            if timed_out && let Some(facts) = spec.facts.get_mut(&attempt) {
                (facts.refused, facts.number_refused) = (false, false);
            }
        }
        self.network.borrow_mut().deliver(id, response);
        Some(attempt)
    }

    /// The user that KV names for a phone and a number.
    pub fn user_at(&self, phone: &Phone, number: &Number) -> Option<String> {
        let kv = self.kv.borrow();
        let stored = kv.peek(&Lookup::key(phone, number), self.now())?;
        let entry: Value = serde_json::from_str(stored).unwrap();
        entry["user_id"].as_str().map(str::to_owned)
    }

    /// Checks before a text is sent that KV names our user for its phone and number, unless another user took
    /// them over since the claim.
    pub fn check_lookup(&self, attempt: Attempt, text: &Text) {
        let user = self.user_at(&text.phone, &text.number);
        let claimed_at = self.spec.borrow().facts[&attempt].claimed_at;
        let others: Option<Timestamp> = self
            .others
            .borrow()
            .get(&(names::present(&text.phone), text.number.clone()))
            .copied();
        let meanwhile = others.is_some_and(|at| at >= claimed_at);
        assert!(
            user.as_deref() == Some(USER) || meanwhile && user.as_deref() == Some(OTHER_USER),
            "a text leaves, but {user:?} is known at {}",
            text.phone
        );
    }
}
