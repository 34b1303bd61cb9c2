//! Setting up, when an operator asks for it and every quarter of an hour.

use std::time::Duration;

use texting::{
    http::{HttpRequest, HttpResponse},
    log::{Entry, Level},
    settings::Settings,
    setup::{self, Courier, Mode, Report},
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
    async fn call(&self, call: HttpRequest) -> HttpResponse {
        outbound::send(&call, edge::now() + PATIENCE).await
    }

    async fn pause(&self, span: Millis) {
        Delay::from(Duration::from_millis(u64::try_from(span).unwrap_or(0))).await;
    }
}

/// Mending answers 200 with the report when all is in place, else 502 with the same report. A look
/// changes nothing and answers 200: the report says whether all is in place.
pub async fn by_request(configured: &Configured, mode: Mode) -> Result<Response> {
    if mode == Mode::Look {
        return answer::json(
            200,
            &setup::run(&Outbound, &configured.settings, mode).await,
        );
    }
    let report = mend(&configured.settings).await;
    answer::json(if report.ok { 200 } else { 502 }, &report)
}

/// The cron trigger.
pub async fn by_schedule(env: &Env) {
    if let Ok(configured) = configuration::read(env) {
        mend(&configured.settings).await;
    }
}

async fn mend(settings: &Settings) -> Report {
    let report = setup::run(&Outbound, settings, Mode::Mend).await;
    let level = if report.ok { Level::Info } else { Level::Error };
    let webhooks = report.layer.webhooks.iter();
    let webhooks = webhooks.map(|one| outline(one.state, one.problem.as_deref()));
    let numbers = report.nexmo.numbers.iter().map(|one| {
        let what = outline(one.state, one.problem.as_deref());
        format!("{} {what}", texting::phone::mask(&one.number))
    });
    let problems = [&report.layer.problem, &report.nexmo.problem]
        .into_iter()
        .flatten()
        .cloned();
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
