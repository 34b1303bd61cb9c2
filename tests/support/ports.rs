//! Ports for Workers.

use std::{
    net::TcpListener,
    sync::{
        LazyLock,
        atomic::{AtomicU16, Ordering},
    },
};

/// Ports of one test process.
const PORTS: u16 = 300;

/// A free port on 127.0.0.1 that no other test process takes while this one runs, not even while a killed Worker starts
/// again: its webhooks would reach the Worker of another test, which has the same secrets. Below the ephemeral range,
/// because a stand-in could take an ephemeral port before the Worker listens on it.
pub fn free_port() -> u16 {
    static RANGE: LazyLock<(TcpListener, u16)> = LazyLock::new(own_range);
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let (_, first) = &*RANGE;
    loop {
        let port = first + 1 + NEXT.fetch_add(1, Ordering::Relaxed) % (PORTS - 1);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// The first port of a range that no other process has, and the listener on it that keeps the range.
fn own_range() -> (TcpListener, u16) {
    let mut firsts = (20_000..32_000 - PORTS).step_by(usize::from(PORTS));
    let own = firsts.find_map(|first| Some((TcpListener::bind(("127.0.0.1", first)).ok()?, first)));
    own.expect("a free range of ports")
}
