//! One user, Ben, with a record and settings.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    pin::pin,
    task::{Context, Poll, Waker},
};

use rusqlite::Connection;
use serde_json::{Value, json, value::RawValue};
use texting::{
    attempt::text,
    chat::status::Status,
    ids::{ConversationId, MessageId, Position, UserId},
    record::{Record, command::Sent, policy::Policy, schema},
    settings::{self, Settings, Var},
    time::{MINUTE, Span, Timestamp},
};

use crate::{services::Services, sqlite::Sqlite};

/// Midnight, UTC.
pub const MIDNIGHT: Timestamp = Timestamp::from_millis(1_700_006_400_000);

const SETTINGS: [(&str, &str); 8] = [
    ("LAYER_APP_ID", "24f43c32-4d95-11e4-b3a2-0fd00000020d"),
    ("LAYER_BEARER_TOKEN", "layer-token"),
    ("LAYER_WEBHOOK_SECRET", "webhook-secret"),
    ("NEXMO_KEY", "nexmo-key"),
    ("NEXMO_SECRET", "nexmo-secret"),
    ("NEXMO_NUMBERS", "12025550101,12025550102"),
    ("SERVER_URL", "https://texts.example.com"),
    ("DELAY", "10 minutes"),
];

pub struct User {
    pub sql: Sqlite,
    pub policy: Policy,
    pub settings: Settings,
    pub now: Cell<Timestamp>,
    /// How many random numbers were drawn: they are small, but all differ.
    pub drawn: Cell<u32>,
    /// How long each request takes.
    pub latency: Cell<Span>,
    pub services: Services,
    /// Identities as the operator's service answers them.
    pub identities: RefCell<BTreeMap<&'static str, Value>>,
    /// What KV has; `None` while it is down.
    pub kv: RefCell<Option<BTreeMap<String, String>>>,
    pub logged: RefCell<Vec<&'static str>>,
    /// The wait that the paces of numbers respond with.
    pub pace: Cell<Option<Span>>,
    /// What they were asked: the number, and the wait that Nexmo asked for.
    pub paces_asked: RefCell<Vec<(String, Option<Span>)>>,
}

impl User {
    pub fn with(settings: &[(&str, &str)]) -> Self {
        let all: BTreeMap<&str, &str> = SETTINGS.iter().chain(settings).copied().collect();
        let settings = settings::read(&|name| all.get(name).map(|it| Var::from(*it))).unwrap();
        let sql = Sqlite(Connection::open_in_memory().unwrap());
        let user = Self {
            sql,
            policy: Policy::from(&settings),
            settings,
            now: Cell::new(MIDNIGHT),
            drawn: Cell::default(),
            latency: Cell::new(Span::ZERO),
            services: Services::new(),
            identities: RefCell::new(BTreeMap::from([
                ("ada", json!({ "name": "Ada" })),
                ("cem", json!({ "name": "Cem" })),
                ("ben", json!({ "name": "Ben", "phone": "15550102030" })),
            ])),
            kv: RefCell::new(Some(BTreeMap::new())),
            logged: RefCell::default(),
            pace: Cell::default(),
            paces_asked: RefCell::default(),
        };
        user.record().ensure_profile(&UserId::new("ben")).unwrap();
        user
    }

    /// Ben's record as of now.
    pub fn record(&self) -> Record<'_> {
        let made = schema::migrate(&self.sql).unwrap();
        Record::new(&self.sql, made, &self.policy, self.now.get())
    }

    /// Ben's identity gets another field.
    pub fn ben(&self, field: &str, value: Value) {
        let mut identities = self.identities.borrow_mut();
        identities.get_mut("ben").unwrap()[field] = value;
    }

    pub fn later(&self, span: Span) -> &Self {
        self.now.set(self.now.get() + span);
        self
    }

    /// A message in the one conversation. Its id is `m` and its number.
    pub fn sent(&self, message: u32, sender: &str, parts: &Value) {
        let json = json!({ "sender": { "user_id": sender }, "parts": parts });
        let sent = Sent {
            message_id: MessageId::new(format!("m{message}")),
            conversation_id: ConversationId::new("c"),
            position: Some(Position::new(message.into())),
            sent_at: Timestamp::from_millis(i64::from(message)),
            status: Status::Sent,
            message: RawValue::from_string(json.to_string()).unwrap(),
        };
        self.record().message(&sent).unwrap();
    }

    /// Ada says these, each in a message of its own, and they are due.
    pub fn told(settings: &[(&str, &str)], texts: &[&str]) -> Self {
        let user = Self::with(settings);
        for (message, text) in (1..).zip(texts) {
            user.sent(message, "ada", &plain(text));
        }
        user.later(MINUTE * 10);
        user
    }

    /// Runs attempts until nothing is due.
    pub fn attempt(&self) {
        while let Some(claim) = self.record().claim_text().unwrap() {
            at_once(text::run(self, self, &claim)).unwrap();
        }
    }

    /// The words of all texts so far, after more attempts.
    pub fn texts(&self) -> Vec<String> {
        self.attempt();
        let texts = self.services.texts();
        texts.into_iter().map(|it| it["text"].clone()).collect()
    }

    /// What the operator sees of the waiting notices.
    pub fn waiting(&self) -> Vec<Value> {
        let shown = self.record().show().unwrap();
        shown["notices"]["first"].as_array().unwrap().clone()
    }

    /// What the record remembers of how a message's notice ended.
    pub fn ended(&self, message: u32) -> String {
        let statement = format!("SELECT state FROM seen WHERE message_id = 'm{message}'");
        self.sql
            .0
            .query_row(&statement, [], |row| row.get(0))
            .unwrap()
    }
}

pub fn plain(text: &str) -> Value {
    json!([{ "mime_type": "text/plain", "body": text }])
}

/// The result of what waits for nothing here.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    match Future::poll(pin!(future), &mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("nothing waits here"),
    }
}
