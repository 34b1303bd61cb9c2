//! The core's trait [`Effects`], implemented on Cloudflare.

use std::rc::Rc;

use texting::{
    at_once::Part,
    attempt::effects::{Effects, Introduction},
    http::{HttpRequest, HttpResponse},
    identity::IdentityOutcome,
    ids::UserId,
    kv::{Kv, KvError},
    log::{Entry, Level},
    phone::{Number, Phone},
    quiet::TimeZones,
    record::command::Event,
    settings::Settings,
    template::Context,
    time::{Span, Timestamp},
};
use worker::Env;

use super::{
    client,
    connections::{Connection, Connections},
    cost::CountedKv,
};
use crate::{
    configuration::Configured,
    hooks::{self, Introductions},
    identity_cache,
    objects::number_pace,
    platform::{clock, log::log, outbound, random, time_zones::IntlTimeZones, timeout::by},
};

/// Why a hook that does not keep to its deadline counts as failed.
const LATE: &str = "no response in time";

/// Drops the work of a hook that does not keep to its deadline.
async fn in_time(deadline: Timestamp, work: Part<'_>) {
    by(deadline, work).await;
}

/// The effects of one attempt.
pub struct ObjectEffects {
    /// The bindings.
    pub env: Env,
    /// The configuration.
    pub configured: Rc<Configured>,
    /// KV.
    pub kv: CountedKv,
    /// The object's connections, which all its attempts share.
    pub connections: Rc<Connections>,
}

impl Effects for ObjectEffects {
    type Connection = Connection;

    fn settings(&self) -> &Settings {
        &self.configured.settings
    }

    fn now(&self) -> Timestamp {
        clock::now()
    }

    fn random(&self) -> u32 {
        random::random()
    }

    fn log(&self, entry: &Entry) {
        log(entry);
    }

    fn log_stored(&self, entries: &[Entry]) {
        entries.iter().for_each(log);
    }

    async fn connect(&self) -> Connection {
        Connections::take(&self.connections).await
    }

    async fn call_over(
        &self,
        _connection: Connection,
        request: HttpRequest,
        deadline: Timestamp,
    ) -> HttpResponse {
        outbound::send(&request, deadline).await
    }

    async fn pace(
        &self,
        number: &Number,
        asked: Option<Span>,
        deadline: Timestamp,
    ) -> Option<Span> {
        let wait = number_pace::client::wait(&self.env, number, asked, deadline).await;
        let logged = |error| log(&Entry::new(Level::Info, "pace.no_response").with("why", error));
        wait.map_err(logged).ok().flatten()
    }

    async fn identity(&self, user_id: &UserId, deadline: Timestamp) -> IdentityOutcome {
        if let Some(known) = identity_cache::known(user_id) {
            return known;
        }
        let _connection = self.connect().await;
        let mut identity = IdentityOutcome::Failed {
            why: LATE.to_owned(),
        };
        let asked = async {
            identity = identity_cache::ask(&self.env, self.settings(), user_id, deadline).await;
        };
        in_time(deadline, Box::pin(asked)).await;
        identity
    }

    async fn introduction(&self, context: &Context, deadline: Timestamp) -> Introduction {
        let Some(introductions) = hooks::introductions(&self.env, self.settings()) else {
            return Introduction::None;
        };
        let mut introduction = Introduction::Failed {
            why: LATE.to_owned(),
        };
        let asked = async {
            introduction = introductions.introduction(context, deadline).await;
        };
        in_time(deadline, Box::pin(asked)).await;
        introduction
    }

    fn introduces(&self) -> bool {
        hooks::introductions(&self.env, self.settings()).is_some()
    }

    fn kv(&self) -> &impl Kv {
        &self.kv
    }

    fn time_zones(&self) -> &impl TimeZones {
        &IntlTimeZones
    }

    async fn disown(
        &self,
        user_id: &UserId,
        phone: &Phone,
        number: &Number,
    ) -> Result<(), KvError> {
        let event = Event::Disown {
            phone: phone.clone(),
            number: number.clone(),
        };
        let told = client::tell_with_timeout(&self.env, user_id, &event).await;
        told.map(|_| ()).map_err(|error| KvError(error.to_string()))
    }
}
