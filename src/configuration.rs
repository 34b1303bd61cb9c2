//! The settings, read from the Worker's environment once per isolate.

use std::{cell::OnceCell, rc::Rc};

use texting::{
    log::{Entry, Level},
    record::policy::Policy,
    settings::{self, SettingProblem, SettingWarning, Settings, Var},
};
use worker::{
    Env,
    js_sys::{Array, JSON, Object, Reflect},
    wasm_bindgen::{JsCast, JsValue},
};

use crate::platform::{
    bindings::{PHONES, USER_RECORDS},
    kv::KvNamespace,
    log::log,
    time_zones::IntlTimeZones,
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

/// The configuration of this isolate. The first call reads it and logs every problem and warning.
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
    for warning in warnings(env) {
        log(&Entry::new(Level::Warn, "settings.warning")
            .with("setting", &warning.setting)
            .with("problem", warning.problem)
            .with("expected", &warning.expected));
    }
    configuration
}

fn read_uncached(env: &Env) -> Configuration {
    let get = |name: &str| variable(env, name);
    let mut problems = missing_bindings(env);
    problems.extend(settings::unknown_time_zone(&get, &IntlTimeZones));
    match settings::read(&get) {
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

/// A var or secret; `None` if it is not set.
pub fn variable(env: &Env, name: &str) -> Option<Var> {
    let value = Reflect::get(env, &JsValue::from_str(name)).ok()?;
    if value.is_null_or_undefined() {
        return None;
    }
    if let Some(text) = value.as_string() {
        return Some(Var::Text(text));
    }
    let json = JSON::stringify(&value)
        .ok()
        .and_then(|json| json.as_string());
    let bare = json.and_then(|json| serde_json::from_str(&json).ok());
    Some(Var::Bare(bare.unwrap_or_default()))
}

/// What is set but means nothing.
pub fn warnings(env: &Env) -> Vec<SettingWarning> {
    let names: Vec<String> = Object::keys(env.unchecked_ref::<Object>())
        .iter()
        .filter_map(|name| name.as_string())
        .filter(|name| is_var(env, name))
        .collect();
    settings::warnings(names.iter().map(String::as_str), &|name| {
        variable(env, name)
    })
}

/// Whether the environment holds a value by this name, and not a binding or an empty text.
fn is_var(env: &Env, name: &str) -> bool {
    let value = Reflect::get(env, &JsValue::from_str(name)).unwrap_or_default();
    match value.as_string() {
        Some(text) => !text.trim().is_empty(),
        None => !value.is_object() || Array::is_array(&value),
    }
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
