//! What attempts need of the Worker: the core's [`Host`], over one object.

use std::rc::Rc;

use texting::{
    attempt::{Host, Introduction, KvError, KvPut},
    http::{HttpRequest, HttpResponse},
    identity::IdentityAnswer,
    log::Entry,
    record::{Record, command::Command, store::StoreError},
    settings::Settings,
    template::Context,
    time::Millis,
};

use super::{Object, client, count};
use crate::{
    configuration::Configured,
    edge,
    hooks::{self, Introductions},
    kv, outbound,
};

/// The surroundings of one object's attempts, which only run while it is configured.
pub struct ObjectHost {
    object: Rc<Object>,
    configured: Rc<Configured>,
}

impl ObjectHost {
    /// The surroundings of an object.
    pub fn new(object: Rc<Object>, configured: Rc<Configured>) -> Self {
        Self { object, configured }
    }
}

impl Host for ObjectHost {
    fn settings(&self) -> &Settings {
        &self.configured.settings
    }

    fn now(&self) -> Millis {
        edge::now()
    }

    fn random(&self) -> u32 {
        edge::random()
    }

    fn log(&self, entry: Entry) {
        edge::log(&entry);
    }

    fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.object.turn(decide)
    }

    async fn call(&self, call: HttpRequest, deadline: Millis) -> HttpResponse {
        outbound::send(&call, deadline).await
    }

    async fn identity(&self, user_id: &str, deadline: Millis) -> IdentityAnswer {
        hooks::identity((&self.object.env, self.settings()), user_id, deadline).await
    }

    async fn introduction(&self, context: &Context, deadline: Millis) -> Introduction {
        match hooks::introductions(&self.object.env, self.settings()) {
            Some(introductions) => introductions.introduction(context, deadline).await,
            None => Introduction::None,
        }
    }

    fn introduces(&self) -> bool {
        hooks::introductions(&self.object.env, self.settings()).is_some()
    }

    async fn kv_get(&self, key: &str, deadline: Millis) -> Result<Option<String>, KvError> {
        count(&self.object.cost.kv_reads);
        kv::get(&self.object.env, key, deadline).await
    }

    async fn kv_put(&self, put: KvPut, deadline: Millis) -> Result<(), KvError> {
        count(&self.object.cost.kv_writes);
        kv::put(&self.object.env, put, deadline).await
    }

    async fn disown(&self, user_id: &str, phone: &str, number: &str) -> Result<(), KvError> {
        let command = Command::Disown {
            phone: phone.to_owned(),
            number: number.to_owned(),
        };
        let told = client::tell_patiently(&self.object.env, user_id, &command).await;
        told.map(|_| ()).map_err(|error| KvError(error.to_string()))
    }
}
