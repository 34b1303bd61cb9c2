//! The Worker between a homeserver and the stand-in for Nexmo.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use reqwest::Url;

use crate::{
    gate::Gate,
    support::World,
    synapse::{Api, Homeserver, Person, Seat, Service, is_skipped, seat_where, service, settings},
};

/// The time limit for what may take a few tries: a homeserver waits 2, 4 and 8 seconds before it tries again.
pub const LATE: Duration = Duration::from_secs(90);

/// Where the Worker's application service is registered.
enum Home {
    /// At the homeserver that the tests share.
    Shared(Seat),
    /// At a homeserver of the test's own.
    Own(Homeserver),
}

/// A Worker that is the application service of a homeserver. All users have phones of their own.
pub struct MatrixWorld {
    pub world: World,
    pub service: Service,
    /// Stands between the Worker and the homeserver, if there is one.
    gate: Option<Gate>,
    phones: Mutex<BTreeMap<String, String>>,
    home: Home,
}

impl MatrixWorld {
    /// At the shared homeserver. `settings` replace the usual ones; `{service}` in them is the id of the application
    /// service, with which the names of its users begin. `None` if the test is skipped.
    pub async fn with(settings: &[(&str, &str)]) -> Option<Self> {
        let plain = |service: &Service| !service.receive_ephemeral && !service.rate_limited;
        Self::where_service(plain, settings).await
    }

    /// Like [`MatrixWorld::with`], with an application service that meets a condition.
    pub async fn where_service(
        condition: impl Fn(&Service) -> bool,
        settings: &[(&str, &str)],
    ) -> Option<Self> {
        let seat = seat_where(condition).await?;
        let service = seat.service.clone();
        Some(Self::start(Home::Shared(seat), service, None, settings).await)
    }

    /// Like [`MatrixWorld::with`], with a [`Gate`] between the Worker and the homeserver.
    pub async fn behind_gate(settings: &[(&str, &str)]) -> Option<Self> {
        let seat =
            seat_where(|service| !service.receive_ephemeral && !service.rate_limited).await?;
        let gate = Gate::start(&seat.homeserver.url()).await;
        let service = seat.service.clone();
        Some(Self::start(Home::Shared(seat), service, Some(gate), settings).await)
    }

    /// At a homeserver of its own, which can be killed, behind a gate.
    pub async fn with_homeserver(settings: &[(&str, &str)]) -> Option<Self> {
        if is_skipped() {
            return None;
        }
        let service = service("texts");
        let homeserver = Homeserver::start(std::slice::from_ref(&service)).await;
        let gate = Gate::start(&homeserver.url()).await;
        Some(Self::start(Home::Own(homeserver), service, Some(gate), settings).await)
    }

    async fn start<'a>(
        home: Home,
        service: Service,
        gate: Option<Gate>,
        more: &[(&'a str, &'a str)],
    ) -> Self {
        let url = match (&gate, &home) {
            (Some(gate), _) => gate.url().to_owned(),
            (None, Home::Shared(seat)) => seat.homeserver.url(),
            (None, Home::Own(homeserver)) => homeserver.url(),
        };
        let mut all = settings(&service, &url);
        let named = |value: &str| value.replace("{service}", &service.id);
        all.extend(more.iter().map(|(name, value)| (*name, named(value))));
        let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, &**value)).collect();
        let port = Url::parse(&service.url).unwrap().port().unwrap();
        let world = World::without_setup(&all, |_, _, options| options.port = port).await;
        // Says that the ping failed, unless the service has the id that the Worker asks for.
        world.setup().await;
        assert!(
            world
                .nexmo
                .numbers()
                .iter()
                .all(|number| number.mo_http_url.is_some())
        );
        Self {
            world,
            service,
            gate,
            phones: Mutex::default(),
            home,
        }
    }

    /// What stands between the Worker and the homeserver.
    pub fn gate(&self) -> &Gate {
        self.gate.as_ref().expect("a gate")
    }

    pub fn homeserver(&self) -> &Homeserver {
        match &self.home {
            Home::Shared(seat) => seat.homeserver,
            Home::Own(homeserver) => homeserver,
        }
    }

    /// The homeserver of the test's own.
    pub fn own_homeserver(&mut self) -> &mut Homeserver {
        match &mut self.home {
            Home::Shared(_) => panic!("the homeserver is shared"),
            Home::Own(homeserver) => homeserver,
        }
    }

    /// Registers a user with a phone. Others see this name.
    pub async fn person(&self, name: &str) -> Person {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let id = self.service.user_name(&name.to_lowercase());
        let person = self.homeserver().register(&id, name).await;
        let phone = format!("1555{:07}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.homeserver().set_phones(&person, &[&phone]).await;
        self.phones.lock().unwrap().insert(person.id.clone(), phone);
        person
    }

    /// Registers two users who share a room.
    pub async fn pair(&self) -> (Person, Person, String) {
        let (alice, ben) = (self.person("Alice").await, self.person("Ben").await);
        let room = alice.room_with(&[&ben]).await;
        (alice, ben, room)
    }

    pub fn phone_of(&self, person: &Person) -> String {
        self.phones.lock().unwrap()[&person.id].clone()
    }

    /// The homeserver's APIs, for the service as a user.
    pub fn api_as(&self, person: &Person) -> Api {
        self.homeserver().api_as(&self.service, &person.id)
    }
}

impl Drop for MatrixWorld {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("The Worker's log:\n{}", self.world.worker.logs().join("\n"));
        }
    }
}
