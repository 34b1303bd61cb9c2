//! Tasks that run when they are polled by hand.

use std::{
    cell::RefCell,
    collections::VecDeque,
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use texting::driver::Task;

#[derive(Default)]
pub struct Tasks(RefCell<VecDeque<Task>>);

impl Tasks {
    pub fn spawn(&self, task: Task) {
        self.0.borrow_mut().push_back(task);
    }

    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    fn pop(&self) -> Option<Task> {
        self.0.borrow_mut().pop_front()
    }

    /// Lets every task run as far as it comes, those included that they spawn.
    pub fn run(&self) {
        let mut waiting = VecDeque::new();
        while let Some(mut task) = self.pop() {
            if is_pending(&mut task) {
                waiting.push_back(task);
            }
        }
        *self.0.borrow_mut() = waiting;
    }

    /// Lets only the oldest task run as far as it comes.
    pub fn run_first(&self) {
        let mut task = self.pop().unwrap();
        if is_pending(&mut task) {
            self.0.borrow_mut().push_front(task);
        }
    }

    /// Drops every task where it stands, as a crash does.
    pub fn crash(&self) {
        while let Some(task) = self.pop() {
            drop(task);
        }
    }
}

fn is_pending(task: &mut Task) -> bool {
    let mut context = Context::from_waker(Waker::noop());
    task.as_mut().poll(&mut context).is_pending()
}

/// The output of a future that waits for nothing.
pub fn finish<F: Future>(future: F) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}
