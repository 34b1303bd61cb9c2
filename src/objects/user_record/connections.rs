//! The connections of an object. The runtime allows six at once and lets further requests wait, with their timeouts
//! running. Here they wait before their timeouts begin.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

/// How many connections the runtime allows an object at once.
const MOST: usize = 6;

/// The connections of one instance of the object.
pub struct Connections {
    free: Cell<usize>,
    waiting: RefCell<Vec<Waker>>,
}

/// A connection that is in use, until this is dropped.
pub struct Connection(Rc<Connections>);

impl Default for Connections {
    fn default() -> Self {
        Self {
            free: Cell::new(MOST),
            waiting: RefCell::default(),
        }
    }
}

impl Connections {
    /// Takes a connection as soon as one is free: each is used for seconds at most.
    pub async fn take(all: &Rc<Self>) -> Connection {
        poll_fn(|context| match all.free.get().checked_sub(1) {
            Some(left) => {
                all.free.set(left);
                Poll::Ready(Connection(all.clone()))
            }
            None => {
                all.waiting.borrow_mut().push(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.free.set(self.0.free.get() + 1);
        // Any of them may have stopped waiting, so all look again.
        self.0.waiting.take().into_iter().for_each(Waker::wake);
    }
}
