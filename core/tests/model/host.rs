//! The effects of the real attempts. Every await is a request that may never get a response.

use std::{
    pin::Pin,
    rc::Rc,
    task::{Context as Waker, Poll},
};

use texting::{
    attempt::effects::{Effects, Introduction},
    http::{HttpRequest, HttpResponse},
    identity::IdentityOutcome,
    ids::UserId,
    kv::{Kv, KvEntry, KvError},
    log::Entry,
    lookup::Lookup,
    phone::{Number, Phone},
    quiet::TimeZones,
    settings::Settings,
    storage::Row,
    template::Context,
    time::{SECOND, Span, Timestamp},
};

use crate::{
    network::{Attempt, Request, Response},
    parties::nexmo::Text,
    shared::{Happened, Shared},
    spec::{LEASE, facts::Claimed, replies::ReplyKey},
    zones::Zones,
};

pub struct FakeEffects {
    pub shared: Rc<Shared>,
    pub attempt: Attempt,
}

/// Waits for the response to one request. Dropped when the object crashes.
pub struct Waiting<'a> {
    shared: &'a Shared,
    op: u32,
}

impl Future for Waiting<'_> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, _: &mut Waker<'_>) -> Poll<Response> {
        let answer = self.shared.network.borrow_mut().take_answer(self.op);
        answer.map_or(Poll::Pending, Poll::Ready)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.shared.network.borrow_mut().leave(self.op);
    }
}

impl FakeEffects {
    pub fn ask(&self, request: Request, deadline: Timestamp) -> Waiting<'_> {
        let shared = &*self.shared;
        shared.tell();
        self.ends_within_lease(deadline);
        let text = match &request {
            Request::Text(text) => self.leaves(text, deadline),
            Request::Recheck { message } | Request::Message { message } => self.asks(*message),
            Request::Mark { message } => self.marks(*message),
            Request::Post { .. } => self.reply_leaves(),
            Request::KvPut(entry) => self.writes(entry),
            _ => None,
        };
        let natural = shared.now() + shared.latency();
        let stubborn = shared.random.percent(40);
        let mut network = shared.network.borrow_mut();
        let op = network.depart(self.attempt, request, natural, deadline, stubborn);
        op.text = text;
        let (op, request, attempt) = (op.id, op.request.clone(), self.attempt);
        shared.trace.note(shared.now(), move || {
            format!("[{attempt}] op {op}: {request:?}")
        });
        Waiting { shared, op }
    }

    /// An attempt waits for nothing beyond its lease, unless all stood still meanwhile.
    fn ends_within_lease(&self, deadline: Timestamp) {
        let spec = self.shared.spec.borrow();
        let ends = spec
            .facts
            .get(&self.attempt)
            .is_none_or(|facts| deadline < facts.claimed_at + LEASE);
        assert!(
            ends || self.shared.setup.stalls,
            "an attempt outlives its lease"
        );
    }

    /// A post, or an answer to a keyword, leaves while its claim is open.
    fn reply_leaves(&self) -> Option<usize> {
        let mut spec = self.shared.spec.borrow_mut();
        if let Claimed::Reply { lane, id } = spec.facts[&self.attempt].claimed.clone() {
            let now = self.shared.now();
            spec.replies.leaves(
                now,
                self.attempt,
                ReplyKey {
                    lane: &lane,
                    id: &id,
                },
            );
        }
        None
    }

    /// A phone and number become our user's in KV: that is noted, and the record of the user who had them
    /// was told.
    fn writes(&self, entry: &KvEntry) -> Option<usize> {
        let is_others = self.shared.spec.borrow().facts[&self.attempt].is_others;
        assert!(!is_others, "{} is taken from another user", entry.key);
        let noted = self.shared.storage.all("SELECT phone, number FROM lookups");
        let is_it = |row: &Row| {
            let mut columns = row.columns();
            let (phone, number) = (columns.next().unwrap(), columns.next().unwrap());
            Lookup::key(&phone, &number) == entry.key
        };
        assert!(
            noted.iter().any(is_it)
                || entry.key.starts_with("wish/")
                || entry.key.starts_with("open/"),
            "an erasure would not find {}",
            entry.key
        );
        None
    }

    /// The chat is asked whether a message is still unread.
    fn asks(&self, message: u32) -> Option<usize> {
        let mut spec = self.shared.spec.borrow_mut();
        let facts = spec.facts.get_mut(&self.attempt)?;
        facts.asked.insert(message);
        None
    }

    /// Only what was texted is marked as read.
    fn marks(&self, message: u32) -> Option<usize> {
        let spec = self.shared.spec.borrow();
        let accepted = |at: &usize| {
            spec.texts.left[*at]
                .verdict
                .is_some_and(|(accepted, _)| accepted)
        };
        let texts = spec.texts.about(&[message]);
        assert!(
            texts.iter().any(accepted),
            "message {message} is marked as read, but was not texted"
        );
        None
    }

    /// A text about a message is checked before it leaves; an answer to a keyword is not one.
    fn leaves(&self, text: &Text, deadline: Timestamp) -> Option<usize> {
        let shared = &*self.shared;
        assert!(
            deadline > shared.now(),
            "a text leaves without time for an answer"
        );
        let claimed = shared.spec.borrow().facts[&self.attempt].claimed.clone();
        if !matches!(claimed, Claimed::Text { .. }) {
            return self.reply_leaves();
        }
        shared.trace.count("texts that left");
        shared.check_lookup(self.attempt, text);
        let index = shared.with_spec(|spec, at| spec.leaves(at, self.attempt, text));
        let spec = shared.spec.borrow();
        let covered = &spec.texts.left[index].covered;
        let mut earlier = spec.texts.about(covered);
        earlier.retain(|other| *other != index);
        assert!(
            !shared.network.borrow().has_answer(&earlier, shared.now()),
            "{covered:?} leave again, though the answer to an earlier try is there"
        );
        Some(index)
    }
}

impl Effects for FakeEffects {
    type Connection = ();

    fn settings(&self) -> &Settings {
        &self.shared.setup.settings
    }

    fn now(&self) -> Timestamp {
        self.shared.now()
    }

    fn random(&self) -> u32 {
        self.shared.random.bits()
    }

    fn log(&self, entry: &Entry) {
        self.shared.trace.count(entry.message);
    }

    fn log_stored(&self, entries: &[Entry]) {
        let turned = Happened::Turned(entries.to_vec(), Some(self.attempt));
        self.shared.happened.borrow_mut().push(turned);
    }

    async fn connect(&self) {}

    async fn call_over(&self, (): (), request: HttpRequest, deadline: Timestamp) -> HttpResponse {
        let own = self.now() + request.timeout;
        match self.ask(Request::read(&request), own.min(deadline)).await {
            Response::Reply(reply) => reply,
            other => panic!("{other:?}"),
        }
    }

    async fn pace(
        &self,
        number: &Number,
        asked: Option<Span>,
        deadline: Timestamp,
    ) -> Option<Span> {
        let request = Request::Pace(number.clone(), asked);
        match self.ask(request, deadline).await {
            Response::Paced(wait) => wait,
            other => panic!("{other:?}"),
        }
    }

    async fn identity(&self, user_id: &UserId, deadline: Timestamp) -> IdentityOutcome {
        let deadline = deadline.min(self.now() + SECOND.times(10));
        match self
            .ask(Request::Identity(user_id.to_string()), deadline)
            .await
        {
            Response::Identity(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    async fn introduction(&self, _: &Context, deadline: Timestamp) -> Introduction {
        let deadline = deadline.min(self.now() + SECOND.times(10));
        match self.ask(Request::Introduction, deadline).await {
            Response::Introduction(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    fn introduces(&self) -> bool {
        self.shared.setup.introduces
    }

    fn kv(&self) -> &impl Kv {
        self
    }

    fn time_zones(&self) -> &impl TimeZones {
        &Zones
    }

    async fn disown(&self, _: &UserId, _: &Phone, _: &Number) -> Result<(), KvError> {
        let deadline = self.now() + SECOND.times(5);
        match self.ask(Request::Disown, deadline).await {
            Response::Done(done) => done,
            other => panic!("{other:?}"),
        }
    }
}

impl Kv for FakeEffects {
    async fn get(
        &self,
        keys: &[String],
        deadline: Timestamp,
    ) -> Result<Vec<Option<String>>, KvError> {
        match self.ask(Request::KvGet(keys.to_vec()), deadline).await {
            Response::Found(found) => found,
            other => panic!("{other:?}"),
        }
    }

    async fn put(&self, entry: KvEntry, deadline: Timestamp) -> Result<(), KvError> {
        match self.ask(Request::KvPut(entry), deadline).await {
            Response::Done(done) => done,
            other => panic!("{other:?}"),
        }
    }

    async fn delete(&self, key: &str, _: Timestamp) -> Result<(), KvError> {
        panic!("an attempt deletes {key}")
    }
}
