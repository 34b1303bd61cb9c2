//! The settings, read from the Worker's environment once per isolate.

use std::{cell::OnceCell, rc::Rc};

use texting::{
    log::{Entry, Level},
    record::policy::Policy,
    settings::{self, Problem, Settings},
};
use worker::{
    Env,
    js_sys::{Object, Reflect},
    wasm_bindgen::JsValue,
};

use crate::{edge, kv};

/// The binding of the Durable Object, one per user.
pub const USER_RECORDS: &str = "USER_RECORDS";
/// The binding of KV.
pub const PHONES: &str = "PHONES";

/// What is configured, or everything that is wrong with it.
pub type Configuration = std::result::Result<Rc<Configured>, Vec<Problem>>;

/// The settings, and what follows from them.
pub struct Configured {
    /// The settings.
    pub settings: Settings,
    /// The part that a record's rules go by.
    pub policy: Policy,
}

thread_local! {
    static CONFIGURATION: OnceCell<Configuration> = const { OnceCell::new() };
}

/// The configuration of this isolate; what is wrong with it is logged the first time.
pub fn read(env: &Env) -> Configuration {
    CONFIGURATION.with(|cell| cell.get_or_init(|| gather(env)).clone())
}

fn gather(env: &Env) -> Configuration {
    let mut problems = missing_bindings(env);
    match settings::read(|name| variable(env, name)) {
        Ok(settings) if problems.is_empty() => {
            return Ok(Rc::new(Configured {
                policy: policy(&settings),
                settings,
            }));
        }
        Ok(_) => {}
        Err(more) => problems.extend(more),
    }
    for problem in &problems {
        edge::log(
            &Entry::new(Level::Error, "settings.problem")
                .with("setting", problem.setting)
                .with("problem", &problem.problem)
                .with("expected", &problem.expected),
        );
    }
    Err(problems)
}

/// A var or secret as text: TOML also allows bare numbers and booleans.
pub fn variable(env: &Env, name: &str) -> Option<String> {
    let value = Reflect::get(env, &JsValue::from_str(name)).ok()?;
    let is_bare = value.as_f64().is_some() || value.as_bool().is_some();
    value
        .as_string()
        .or_else(|| is_bare.then(|| Object::from(value).to_string().into()))
}

fn missing_bindings(env: &Env) -> Vec<Problem> {
    let durable = env.durable_object(USER_RECORDS).is_err().then(|| {
        missing(
            USER_RECORDS,
            "a Durable Object binding to the class UserRecord, as in wrangler.toml",
        )
    });
    let kv = kv::store(env)
        .is_err()
        .then(|| missing(PHONES, "a KV binding, as in wrangler.toml"));
    durable.into_iter().chain(kv).collect()
}

fn missing(setting: &'static str, expected: &str) -> Problem {
    Problem {
        setting,
        problem: "not bound".to_owned(),
        expected: expected.to_owned(),
    }
}

fn policy(settings: &Settings) -> Policy {
    use texting::chat::status::Status;
    Policy {
        delay: settings.delay,
        number_expiration: settings.number_expiration,
        numbers: settings.numbers.clone(),
        reports_sent: settings.report_on.justifies(Status::Sent),
        reports_delivered: settings.report_on.justifies(Status::Delivered),
        answers_help: settings.help_reply.is_some(),
    }
}
