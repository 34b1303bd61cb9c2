//! The Durable Object around the record, as the Worker's `user_record` has it: rooms, alarm, tasks.
//! A crash drops every task and everything that is not stored.

use std::{
    collections::VecDeque,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use texting::{
    attempt::{reply, text},
    lookup::lookup_key,
    record::{
        Record,
        claim::{LEASE, TextClaim},
        command::Outcome,
        reply::ReplyClaim,
        store::StoreError,
    },
};

use crate::{
    event::Event,
    host::FakeHost,
    names::USER,
    network::Attempt,
    rows::FailureRow,
    shared::{ALARM_SLACK, MOST_REPLIES, MOST_TEXTS, Shared},
    spec::texts::Why,
};

pub struct Object {
    pub shared: Rc<Shared>,
    tasks: Vec<Task>,
    last: Attempt,
}

struct Task {
    attempt: Attempt,
    is_text: bool,
    future: Pin<Box<dyn Future<Output = Result<(), StoreError>>>>,
}

#[derive(Default)]
struct Claims {
    texts: Vec<TextClaim>,
    replies: Vec<ReplyClaim>,
}

impl Object {
    pub fn new(shared: Rc<Shared>) -> Self {
        Self {
            shared,
            tasks: Vec::new(),
            last: 0,
        }
    }

    pub fn is_busy(&self) -> bool {
        !self.tasks.is_empty()
    }

    /// Stores an event and starts what is due because of it.
    pub fn event(&mut self, event: &Event) -> Result<Outcome, StoreError> {
        let shared = self.shared.clone();
        let layer = shared.layer.borrow();
        let turn = shared.commit(|record| {
            if !shared.introduced.get() {
                record.introduce(USER)?;
            }
            let outcome = event.tell(record, &layer)?;
            let claims = match outcome {
                Outcome::Stored => claim(&shared, record)?,
                _ => Claims::default(),
            };
            Ok((outcome, claims))
        });
        drop(layer);
        self.crash_if_broken();
        let ((outcome, claims), entries) = turn?;
        shared.introduced.set(true);
        shared.told(event, outcome);
        shared.logged(&entries, None);
        self.start(claims);
        Ok(outcome)
    }

    /// Starts everything that is due.
    fn work(&mut self) {
        let shared = self.shared.clone();
        let turn = shared.commit(|record| {
            record.give_up_parts()?;
            claim(&shared, record)
        });
        self.crash_if_broken();
        let Ok((claims, entries)) = turn else { return };
        shared.with_spec(|spec, at| spec.replies.give_up_parts(at.now, at.policy.answers_help));
        shared.logged(&entries, None);
        self.start(claims);
    }

    /// The runtime wakes the object.
    pub fn alarm(&mut self) {
        self.shared
            .trace
            .note(self.shared.now(), || "the alarm goes off".to_owned());
        self.shared.alarm.set(None);
        self.shared.known_alarm.set(None);
        match self.shared.next_wake() {
            Ok(None) => return,
            Ok(Some(wake)) if wake > self.shared.now() => return self.shared.arm(wake),
            _ => self.shared.arm(self.shared.now() + LEASE + ALARM_SLACK),
        }
        if self.crash_if_broken() {
            return;
        }
        self.work();
    }

    /// The operator has something tried again that was given up.
    pub fn retry(&mut self, failure: &FailureRow) {
        let shared = self.shared.clone();
        let retried = shared.commit(|record| record.retry(failure.seq));
        self.crash_if_broken();
        let Ok((_, entries)) = retried else { return };
        shared.with_spec(|spec, at| spec.retried(at, failure));
        shared.logged(&entries, None);
        shared.check();
        self.work();
    }

    fn start(&mut self, claims: Claims) {
        let now = self.shared.now();
        let mut started = VecDeque::new();
        for claim in claims.texts {
            let host = self.host();
            self.shared
                .with_spec(|spec, _| spec.claimed_text(now, host.attempt, &claim));
            let (attempt, id) = (host.attempt, claim.message_id.clone());
            self.shared
                .trace
                .note(now, move || format!("[{attempt}] claims message {id}"));
            self.shared.texts.set(self.shared.texts.get() + 1);
            let future = Box::pin(async move { text::run(&host, &claim).await });
            self.tasks.push(Task {
                attempt,
                is_text: true,
                future,
            });
            started.push_back(attempt);
        }
        for claim in claims.replies {
            let host = self.host();
            self.shared
                .with_spec(|spec, _| spec.claimed_reply(now, host.attempt, &claim));
            let (attempt, id) = (host.attempt, claim.message_id.clone());
            self.shared
                .trace
                .note(now, move || format!("[{attempt}] claims reply {id}"));
            self.shared.replies.set(self.shared.replies.get() + 1);
            let future = Box::pin(async move { reply::run(&host, &claim).await });
            self.tasks.push(Task {
                attempt,
                is_text: false,
                future,
            });
            started.push_back(attempt);
        }
        self.shared.check();
        started.into_iter().for_each(|attempt| self.poll(attempt));
    }

    fn host(&mut self) -> FakeHost {
        self.last += 1;
        FakeHost {
            shared: self.shared.clone(),
            attempt: self.last,
        }
    }

    /// Lets an attempt go on as far as it can.
    pub fn poll(&mut self, attempt: Attempt) {
        let Some(index) = self.tasks.iter().position(|task| task.attempt == attempt) else {
            return;
        };
        let mut context = Context::from_waker(Waker::noop());
        let polled = self.tasks[index].future.as_mut().poll(&mut context);
        if self.crash_if_broken() {
            return;
        }
        let Poll::Ready(done) = polled else { return };
        let task = self.tasks.remove(index);
        let counter = if task.is_text {
            &self.shared.texts
        } else {
            &self.shared.replies
        };
        counter.set(counter.get() - 1);
        drop(task);
        self.shared.trace.note(self.shared.now(), move || {
            format!("[{attempt}] is over: {done:?}")
        });
        self.shared
            .with_spec(|spec, _| spec.texts.attempt_over(attempt, Why::NotStored));
        self.work();
    }

    /// A turn that broke off may take the object with it.
    fn crash_if_broken(&mut self) -> bool {
        if !self.shared.storage.has_broken() {
            return false;
        }
        self.shared.trace.count("faults: turns that broke off");
        let crashes = self.shared.random.percent(70);
        if crashes {
            self.crash();
        }
        crashes
    }

    /// Everything that is not stored is gone.
    pub fn crash(&mut self) {
        self.shared.trace.count("faults: crashes");
        self.shared
            .trace
            .note(self.shared.now(), || "the object crashes".to_owned());
        for task in self.tasks.drain(..) {
            let attempt = task.attempt;
            drop(task);
            self.shared
                .with_spec(|spec, _| spec.texts.attempt_over(attempt, Why::Crash));
        }
        self.shared.texts.set(0);
        self.shared.replies.set(0);
        self.shared.known_alarm.set(None);
        self.shared.introduced.set(false);
    }

    /// The operator has the user forgotten, phones in KV first.
    pub fn erase(&mut self) {
        let shared = self.shared.clone();
        let looked = shared.commit(|record| record.lookups());
        self.crash_if_broken();
        let Ok((lookups, _)) = looked else { return };
        for (phone, number) in lookups {
            if shared.user_at(&phone, &number).as_deref() == Some(USER) {
                shared.kv.borrow_mut().forget(&lookup_key(&phone, &number));
            }
        }
        let erased = shared.commit(|record| record.erase());
        self.crash_if_broken();
        let Ok(((), entries)) = erased else { return };
        shared.introduced.set(false);
        shared.with_spec(|spec, at| spec.erase(at.now));
        shared.logged(&entries, None);
        shared.check();
        // What is on its way to KV now arrives there after this, unless it is erased once more then.
        let puts = shared.network.borrow().puts();
        shared.late_puts.borrow_mut().extend(puts);
        shared.check_forgotten();
    }
}

fn claim(shared: &Shared, record: &Record<'_>) -> Result<Claims, StoreError> {
    let mut claims = Claims::default();
    let wake = record.next_wake(shared.room())?;
    if wake.is_none_or(|wake| wake > shared.now()) {
        return Ok(claims);
    }
    while shared.texts.get() + claims.texts.len() < MOST_TEXTS {
        let Some(claim) = record.claim_text()? else {
            break;
        };
        claims.texts.push(claim);
    }
    while shared.replies.get() + claims.replies.len() < MOST_REPLIES {
        let Some(claim) = record.claim_reply()? else {
            break;
        };
        claims.replies.push(claim);
    }
    Ok(claims)
}
