//! Setting up, when an operator asks for it and every quarter of an hour.

use std::time::Duration;

use texting::{
    http::{Call, Reply},
    log::{Entry, Level},
    settings::Settings,
    setup::{self, Courier, Report},
    time::{MINUTE, Millis},
};
use worker::{Delay, Env, Response, Result};

use crate::{
    answer,
    configuration::{self, Configured},
    edge, outbound,
};

/// Longer than any one request may take.
const PATIENCE: Millis = MINUTE;

struct Outbound;

impl Courier for Outbound {
    async fn call(&self, call: Call) -> Reply {
        outbound::send(&call, edge::now() + PATIENCE).await
    }

    async fn pause(&self, span: Millis) {
        Delay::from(Duration::from_millis(u64::try_from(span).unwrap_or(0))).await;
    }
}

/// 200 with the report when all is in place, else 502 with the same report.
pub async fn by_request(configured: &Configured) -> Result<Response> {
    let report = run(&configured.settings).await;
    answer::json(if report.ok { 200 } else { 502 }, &report)
}

/// The cron trigger.
pub async fn by_schedule(env: &Env) {
    if let Ok(configured) = configuration::read(env) {
        run(&configured.settings).await;
    }
}

async fn run(settings: &Settings) -> Report {
    let report = setup::run(&Outbound, settings).await;
    let level = if report.ok { Level::Info } else { Level::Error };
    let webhooks = report.layer.webhooks.iter();
    let webhooks = webhooks.map(|one| outline(one.state, one.problem.as_deref()));
    let numbers = report.nexmo.numbers.iter().map(|one| {
        let what = outline(one.state, one.problem.as_deref());
        format!("{} {what}", texting::phone::mask(&one.number))
    });
    let problems = [&report.layer.problem, &report.nexmo.problem].into_iter().flatten().cloned();
    let joined = |words: Vec<String>| words.join("; ");
    let entry = Entry::new(level, "setup.done")
        .with("webhooks", joined(webhooks.collect()))
        .with("numbers", joined(numbers.collect()))
        .with("problems", joined(problems.collect()));
    edge::log(&entry);
    report
}

fn outline(state: &str, problem: Option<&str>) -> String {
    problem.map_or_else(|| state.to_owned(), |problem| format!("{state}: {problem}"))
}
