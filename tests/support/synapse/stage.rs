//! A homeserver that the tests of this process share.

use std::io::Write;
use std::sync::{Mutex, Once};

use tokio::sync::OnceCell;

use super::{
    client::Person,
    config::Service,
    homeserver::{Homeserver, python},
};
use crate::support::free_port;

/// How many tests can share the homeserver. It reads the registrations of all services when it starts.
const SEATS: usize = 70;

/// What one test has of the shared homeserver: an application service with a namespace of its own. The service is told
/// only of rooms in which its users are.
pub struct Seat {
    pub homeserver: &'static Homeserver,
    pub service: Service,
}

impl Seat {
    /// Registers a user who belongs to the service.
    pub async fn person(&self, name: &str) -> Person {
        register(self.homeserver, &self.service, name).await
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.homeserver.explain_failure();
    }
}

/// Registers a user who belongs to a service.
pub async fn register(homeserver: &Homeserver, service: &Service, name: &str) -> Person {
    homeserver.register(&service.user_name(name), name).await
}

/// A part of the shared homeserver, which is started if need be. `None` if the test is skipped.
pub async fn seat() -> Option<Seat> {
    seat_where(|service| !service.receive_ephemeral && !service.rate_limited).await
}

/// Like [`seat`], with a service that meets a condition. One in ten receives ephemeral events, and one in ten is rate
/// limited.
pub async fn seat_where(condition: impl Fn(&Service) -> bool) -> Option<Seat> {
    static SHARED: OnceCell<(Homeserver, Mutex<Vec<Service>>)> = OnceCell::const_new();
    if is_skipped() {
        return None;
    }
    let start = async || {
        let services: Vec<Service> = (0..SEATS).map(service_of_seat).collect();
        let homeserver = Homeserver::start(&services).await;
        (homeserver, Mutex::new(services))
    };
    let (homeserver, free) = SHARED.get_or_init(start).await;
    let mut free = free.lock().unwrap();
    let found = free.iter().position(condition);
    let service = free.remove(found.expect("more tests than SEATS"));
    Some(Seat {
        homeserver,
        service,
    })
}

fn service_of_seat(seat: usize) -> Service {
    Service {
        receive_ephemeral: seat % 10 == 1,
        rate_limited: seat % 10 == 2,
        ..service(&format!("seat{seat}"))
    }
}

/// A service at a free port.
pub fn service(id: &str) -> Service {
    Service::new(id, &format!("http://127.0.0.1:{}", free_port()))
}

/// Whether the tests of this target are skipped, because Synapse is not installed and not required either.
pub fn is_skipped() -> bool {
    static SAID: Once = Once::new();
    if python().is_some() {
        return false;
    }
    let required = std::env::var("MATRIX_TESTS").is_ok_and(|value| value == "required");
    assert!(
        !required,
        "Synapse is not installed: scripts/synapse.sh installs it"
    );
    SAID.call_once(|| {
        // Not println!, which shows nothing if a test passes.
        let mut output = std::io::stdout();
        let reason = "Synapse is not installed; scripts/synapse.sh installs it";
        writeln!(
            output,
            "tests/{}: SKIPPED, {reason}",
            env!("CARGO_CRATE_NAME")
        )
        .unwrap();
    });
    true
}
