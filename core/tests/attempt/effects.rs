//! The effects of an attempt: every one is over at once.

use texting::{
    attempt::{
        Turns,
        effects::{Effects, Introduction},
    },
    http::{HttpRequest, HttpResponse},
    identity::{Identity, IdentityOutcome},
    ids::UserId,
    kv::{Kv, KvEntry, KvError},
    log::Entry,
    phone::{Number, Phone},
    quiet::TimeZones,
    record::Record,
    settings::Settings,
    storage::StoreError,
    template::Context,
    time::{Span, Timestamp},
};

use crate::{user::User, zones::Zones};

impl Turns for User {
    fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<Option<T>, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        decide(&self.record())
    }

    fn last(&self, end: impl Fn(&Record<'_>) -> Result<(), StoreError>) -> Result<(), StoreError> {
        end(&self.record())
    }
}

impl Effects for User {
    type Connection = ();

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn now(&self) -> Timestamp {
        self.now.get()
    }

    fn random(&self) -> u32 {
        self.drawn.set(self.drawn.get() + 1);
        self.drawn.get()
    }

    fn log(&self, entry: &Entry) {
        self.logged.borrow_mut().push(entry.message);
    }

    fn log_stored(&self, _: &[Entry]) {}

    async fn connect(&self) {}

    async fn call_over(&self, (): (), request: HttpRequest, _: Timestamp) -> HttpResponse {
        self.now.set(self.now.get() + self.latency.get());
        self.services.call(&request)
    }

    async fn pace(&self, number: &Number, asked: Option<Span>, _: Timestamp) -> Option<Span> {
        let asks = (number.to_string(), asked);
        self.paces_asked.borrow_mut().push(asks);
        self.pace.get()
    }

    async fn identity(&self, user_id: &UserId, _: Timestamp) -> IdentityOutcome {
        let identities = self.identities.borrow();
        let known = identities.get(user_id.as_str());
        known.map_or(IdentityOutcome::NoSuchUser, |identity| {
            IdentityOutcome::Found(Identity::from_hook(identity).unwrap())
        })
    }

    async fn introduction(&self, context: &Context, _: Timestamp) -> Introduction {
        let template = self.settings.introduction.as_ref().unwrap();
        Introduction::Text(template.render(context).unwrap())
    }

    fn introduces(&self) -> bool {
        self.settings.introduction.is_some()
    }

    fn kv(&self) -> &impl Kv {
        self
    }

    fn time_zones(&self) -> &impl TimeZones {
        &Zones
    }

    async fn disown(&self, _: &UserId, _: &Phone, _: &Number) -> Result<(), KvError> {
        Ok(())
    }
}

/// KV keeps what is written, or fails if it is `None`.
impl Kv for User {
    async fn get(&self, keys: &[String], _: Timestamp) -> Result<Vec<Option<String>>, KvError> {
        let kv = self.kv.borrow();
        let entries = kv
            .as_ref()
            .ok_or_else(|| KvError("KV is down".to_owned()))?;
        Ok(keys.iter().map(|key| entries.get(key).cloned()).collect())
    }

    async fn put(&self, entry: KvEntry, _: Timestamp) -> Result<(), KvError> {
        let mut kv = self.kv.borrow_mut();
        let entries = kv
            .as_mut()
            .ok_or_else(|| KvError("KV is down".to_owned()))?;
        entries.insert(entry.key, entry.value);
        Ok(())
    }

    async fn delete(&self, _: &str, _: Timestamp) -> Result<(), KvError> {
        Ok(())
    }
}
