//! The Worker between a homeserver and the stand-in for Nexmo.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use reqwest::{Method, Url};
use serde_json::{Value, json};
use standins::Text;

use crate::{
    gate::Gate,
    support::{Thread, World, path_segment},
    synapse::{
        Answer, Api, Homeserver, Person, Seat, Service, is_skipped, seat_where, service, settings,
    },
};

/// The time limit for what may take a few tries: a homeserver waits 2, 4 and 8 seconds before it tries again.
pub const LATE: Duration = Duration::from_secs(90);

/// A delay that ends when a test wants ([`MatrixWorld::delay_passes`]).
pub const LONG_DELAY: (&str, &str) = ("DELAY", "1 hour");
const LONG: Duration = Duration::from_secs(3_600);

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

    pub async fn record(&self, person: &Person) -> Value {
        self.world.record(&path_segment(&person.id)).await
    }

    /// Waits until `done` is true of a user's record.
    pub async fn record_when(&self, person: &Person, done: impl Fn(&Value) -> bool) -> Value {
        self.world
            .record_when(&path_segment(&person.id), done)
            .await
    }

    /// Waits until so many notices of a user wait.
    pub async fn waiting(&self, person: &Person, count: usize) {
        let waiting = |record: &Value| record["notices"]["waiting"] == count;
        self.record_when(person, waiting).await;
    }

    /// Waits until so many notices of a user wait, and has their delay pass: they are due now.
    pub async fn delay_passes(&mut self, person: &Person, count: usize) {
        self.waiting(person, count).await;
        self.world.advance_clock(LONG).await;
    }

    /// Waits until Nexmo has accepted so many texts, and returns all.
    pub async fn texts(&self, count: usize) -> Vec<Text> {
        let nexmo = &self.world.nexmo;
        match nexmo.wait_for(LATE, |texts| texts.len() >= count).await {
            Ok(texts) => texts,
            Err(_) => panic!("{} of {count} texts", nexmo.texts().len()),
        }
    }

    /// The words of the texts to a user so far.
    pub fn texts_to(&self, person: &Person) -> Vec<String> {
        self.world.texts_to(&self.phone_of(person))
    }

    /// Waits until so many texts of a conversation were accepted, and returns them. By then none waits.
    pub async fn texted(&self, person: &Person, count: usize) -> Vec<String> {
        let phone = self.phone_of(person);
        let enough =
            |texts: &[Text]| texts.iter().filter(|one| one.phone == phone).count() >= count;
        let outcome = self.world.nexmo.wait_for(LATE, enough).await;
        assert!(
            outcome.is_ok(),
            "{} of {count} texts",
            self.texts_to(person).len()
        );
        self.waiting(person, 0).await;
        self.texts_to(person)
    }

    /// The thread of a room on a user's phone, once a text of it has arrived.
    pub async fn thread(&self, person: &Person, room: &str) -> Thread {
        let is_linked = |record: &Value| link(record, room).is_some();
        let record = self.record_when(person, is_linked).await;
        let link = link(&record, room).unwrap();
        Thread {
            conversation: room.to_owned(),
            number: link["number"].as_str().unwrap().to_owned(),
            phone: self.phone_of(person),
        }
    }

    /// A user answers by text.
    pub async fn reply(&self, thread: &Thread, text: &str) {
        self.world.deliver_reply(&thread.reply(text)).await;
    }

    /// Waits until `reader` sees so many messages of `author` in a room, and returns all of them.
    pub async fn said(
        &self,
        reader: &Person,
        room: &str,
        author: &Person,
        count: usize,
    ) -> Vec<String> {
        let deadline = tokio::time::Instant::now() + LATE;
        loop {
            let messages = reader.messages(room).await.into_iter();
            let of_author = messages.filter(|(sender, _)| *sender == author.id);
            let texts: Vec<String> = of_author.map(|(_, text)| text).collect();
            if texts.len() >= count {
                return texts;
            }
            assert!(tokio::time::Instant::now() < deadline, "only {texts:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// An event as the homeserver pushes it.
    pub async fn event(&self, reader: &Person, room: &str, event: &str) -> Value {
        self.api_as(reader)
            .get(&["rooms", room, "event", event])
            .await
    }

    /// Sends a transaction to the Worker as the homeserver does, and returns the status and body of its answer.
    pub async fn transaction(&self, id: &str, events: &[Value]) -> Answer {
        let worker = Api::new(self.world.worker.url(), &self.service.hs_token);
        let path = ["transactions", id];
        worker
            .ask(
                Method::PUT,
                "/_matrix/app/v1",
                &path,
                &json!({ "events": events }),
            )
            .await
    }
}

impl Drop for MatrixWorld {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("The Worker's log:\n{}", self.world.worker.logs().join("\n"));
        }
    }
}

fn link<'a>(record: &'a Value, room: &str) -> Option<&'a Value> {
    let is_introduced =
        |link: &&Value| link["conversation_id"] == room && link["introduced"] == true;
    record["links"].as_array()?.iter().find(is_introduced)
}
