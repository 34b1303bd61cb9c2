//! The settings, read from the Worker's environment once per isolate.

use std::{cell::OnceCell, rc::Rc};

use texting::{
    log::{Entry, Level},
    record::policy::Policy,
    settings::{self, SettingProblem, Settings},
};
use worker::{
    Env,
    js_sys::{Object, Reflect},
    wasm_bindgen::JsValue,
};

use crate::platform::{
    bindings::{PHONES, USER_RECORDS},
    kv::KvNamespace,
    log::log,
};

/// The usable configuration, or everything that is wrong with it.
pub type Configuration = Result<Rc<Configured>, Vec<SettingProblem>>;

/// The settings, and what is derived from them.
pub struct Configured {
    /// The settings.
    pub settings: Settings,
    /// The part that a record's rules need.
    pub policy: Rc<Policy>,
}

thread_local! {
    static CONFIGURATION: OnceCell<Configuration> = const { OnceCell::new() };
}

/// The configuration of this isolate. The first call reads it and logs every problem.
pub fn read(env: &Env) -> Configuration {
    CONFIGURATION.with(|cell| cell.get_or_init(|| read_and_log(env)).clone())
}

fn read_and_log(env: &Env) -> Configuration {
    let configuration = read_uncached(env);
    for problem in configuration.as_ref().err().into_iter().flatten() {
        log(&Entry::new(Level::Error, "settings.problem")
            .with("setting", problem.setting)
            .with("problem", &problem.problem)
            .with("expected", &problem.expected));
    }
    configuration
}

fn read_uncached(env: &Env) -> Configuration {
    let mut problems = missing_bindings(env);
    match settings::read(|name| variable(env, name)) {
        Ok(settings) if problems.is_empty() => Ok(Rc::new(Configured {
            policy: Rc::new(Policy::from(&settings)),
            settings,
        })),
        Ok(_) => Err(problems),
        Err(others) => {
            problems.extend(others);
            Err(problems)
        }
    }
}

/// A var or secret as text; `None` if it is not set. `wrangler.toml` also allows numbers and booleans.
pub fn variable(env: &Env, name: &str) -> Option<String> {
    let value = Reflect::get(env, &JsValue::from_str(name)).ok()?;
    let is_bare = value.as_f64().is_some() || value.as_bool().is_some();
    value
        .as_string()
        .or_else(|| is_bare.then(|| Object::from(value).to_string().into()))
}

fn missing_bindings(env: &Env) -> Vec<SettingProblem> {
    let mut problems = Vec::new();
    if env.durable_object(USER_RECORDS).is_err() {
        problems.push(missing(
            USER_RECORDS,
            "a Durable Object binding to the class UserRecord, as in wrangler.toml",
        ));
    }
    if !KvNamespace::new(env).is_bound() {
        problems.push(missing(PHONES, "a KV binding, as in wrangler.toml"));
    }
    problems
}

fn missing(setting: &'static str, expected: &str) -> SettingProblem {
    SettingProblem {
        setting,
        problem: "not bound".to_owned(),
        expected: expected.to_owned(),
    }
}
