//! The effects of one attempt.

use std::rc::Rc;

use texting::{
    attempt::effects::{Effects, Introduction},
    http::{HttpRequest, HttpResponse},
    identity::{Identity, IdentityOutcome},
    ids::UserId,
    kv::{Kv, KvError},
    log::Entry,
    phone::{Number, Phone},
    quiet::TimeZones,
    settings::Settings,
    template::Context,
    time::{Span, Timestamp},
};

use crate::{
    world::{PHONE, World},
    zones::Zones,
};

pub struct FakeEffects(pub Rc<World>);

impl Effects for FakeEffects {
    type Connection = ();

    fn settings(&self) -> &Settings {
        &self.0.settings
    }

    fn now(&self) -> Timestamp {
        self.0.now.get()
    }

    fn random(&self) -> u32 {
        let drawn = &self.0.drawn;
        drawn.set(drawn.get() + 1);
        drawn.get()
    }

    fn log(&self, entry: &Entry) {
        self.0.log(entry);
    }

    fn log_stored(&self, entries: &[Entry]) {
        entries.iter().for_each(|entry| self.0.log(entry));
    }

    async fn connect(&self) {}

    async fn call_over(&self, (): (), request: HttpRequest, _: Timestamp) -> HttpResponse {
        self.0.services.call(request).await
    }

    async fn pace(&self, _: &Number, _: Option<Span>, _: Timestamp) -> Option<Span> {
        None
    }

    async fn identity(&self, user_id: &UserId, _: Timestamp) -> IdentityOutcome {
        IdentityOutcome::Found(Identity {
            phone: Some(PHONE.to_owned()),
            ..Identity::named(user_id)
        })
    }

    async fn introduction(&self, _: &Context, _: Timestamp) -> Introduction {
        Introduction::None
    }

    fn introduces(&self) -> bool {
        false
    }

    fn kv(&self) -> &impl Kv {
        &self.0.kv
    }

    fn time_zones(&self) -> &impl TimeZones {
        &Zones
    }

    async fn disown(&self, _: &UserId, _: &Phone, _: &Number) -> Result<(), KvError> {
        Ok(())
    }
}
