//! The surroundings of the real attempts: every await is a request that may never be answered.

use std::{
    pin::Pin,
    rc::Rc,
    task::{Context as Waker, Poll},
};

use texting::{
    attempt::{Host, Introduction, KvError, KvPut},
    http::{HttpRequest, HttpResponse},
    identity::IdentityAnswer,
    log::Entry,
    record::{Record, store::StoreError},
    settings::Settings,
    template::Context,
    time::{Millis, SECOND},
};

use crate::{
    network::{Attempt, Request, Response},
    parties::nexmo::Text,
    shared::Shared,
    spec::facts::Claimed,
};

pub struct FakeHost {
    pub shared: Rc<Shared>,
    pub attempt: Attempt,
}

/// Waits for the answer to one request; dropped when the object crashes.
struct Waiting<'a> {
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

impl FakeHost {
    fn ask(&self, request: Request, deadline: Millis) -> Waiting<'_> {
        let shared = &*self.shared;
        let text = match &request {
            Request::Text(text) => self.leaves(text),
            _ => None,
        };
        let natural = shared.now() + shared.latency();
        let stubborn = shared.random.percent(40);
        let mut network = shared.network.borrow_mut();
        let op = network.depart(self.attempt, request, (natural, deadline), stubborn);
        op.text = text;
        let (op, request, attempt) = (op.id, op.request.clone(), self.attempt);
        shared.trace.note(shared.now(), move || {
            format!("[{attempt}] op {op}: {request:?}")
        });
        Waiting { shared, op }
    }

    /// A text about a message is checked before it leaves; an answer to a keyword is not one.
    fn leaves(&self, text: &Text) -> Option<usize> {
        let shared = &*self.shared;
        let message = match shared.spec.borrow().facts[&self.attempt].claimed {
            Claimed::Text { message } => message,
            Claimed::Reply { .. } => return None,
        };
        shared.trace.count("texts that left");
        shared.check_lookup(self.attempt, text);
        let words = format!("Ada: {}", shared.layer.borrow().message(message).text);
        Some(shared.with_spec(|spec, at| spec.leaves(at, self.attempt, text, &words)))
    }
}

impl Host for FakeHost {
    fn settings(&self) -> &Settings {
        &self.shared.setup.settings
    }

    fn now(&self) -> Millis {
        self.shared.now()
    }

    fn random(&self) -> u32 {
        self.shared.random.bits()
    }

    fn log(&self, entry: Entry) {
        self.shared.trace.count(entry.message);
    }

    fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.shared.turn(self.attempt, decide)
    }

    async fn call(&self, call: HttpRequest, deadline: Millis) -> HttpResponse {
        let own = self.now() + i64::from(call.time_out);
        match self.ask(Request::read(&call), own.min(deadline)).await {
            Response::Reply(reply) => reply,
            other => panic!("{other:?}"),
        }
    }

    async fn identity(&self, user_id: &str, deadline: Millis) -> IdentityAnswer {
        let deadline = deadline.min(self.now() + 10 * SECOND);
        match self
            .ask(Request::Identity(user_id.to_owned()), deadline)
            .await
        {
            Response::Identity(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    async fn introduction(&self, _: &Context, deadline: Millis) -> Introduction {
        let deadline = deadline.min(self.now() + 10 * SECOND);
        match self.ask(Request::Introduction, deadline).await {
            Response::Introduction(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    fn introduces(&self) -> bool {
        self.shared.setup.introduces
    }

    async fn kv_get(&self, key: &str, deadline: Millis) -> Result<Option<String>, KvError> {
        match self.ask(Request::KvGet(key.to_owned()), deadline).await {
            Response::Found(found) => found,
            other => panic!("{other:?}"),
        }
    }

    async fn kv_put(&self, put: KvPut, deadline: Millis) -> Result<(), KvError> {
        match self.ask(Request::KvPut(put), deadline).await {
            Response::Done(done) => done,
            other => panic!("{other:?}"),
        }
    }

    async fn disown(&self, _: &str, _: &str, _: &str) -> Result<(), KvError> {
        match self.ask(Request::Disown, self.now() + 5 * SECOND).await {
            Response::Done(done) => done,
            other => panic!("{other:?}"),
        }
    }
}
