//! Setup: registers the webhooks at the chat and at Nexmo, at an operator's request and every 15 minutes.

use crate::platform::{clock::now, log::log, outbound::Internet, timeout};
use texting::{
    at_once::Part,
    http::{Call, Http, HttpRequest},
    log::{Entry, Level},
    settings::Settings,
    setup::{self, ChatReport, Mode, SetupEffects, SetupReport},
    time::{MINUTE, Span},
};

/// Longer than the timeout of every request, so that the request's own timeout applies.
const LONGEST_REQUEST: Span = MINUTE;

impl SetupEffects for Internet {
    fn send(&self, request: HttpRequest) -> Call<'_> {
        self.call(request, now() + LONGEST_REQUEST)
    }

    fn wait(&self, span: Span) -> Part<'_> {
        Box::pin(timeout::sleep(span))
    }
}

/// Runs setup and logs its report, or only reports what there is to do.
pub async fn run(settings: &Settings, mode: Mode) -> SetupReport {
    let report = setup::run(&Internet, settings, mode).await;
    if mode == Mode::Apply {
        log(&entry(&report));
    }
    report
}

fn entry(report: &SetupReport) -> Entry {
    let level = if report.ok { Level::Info } else { Level::Error };
    let webhooks: Vec<String> = match &report.chat {
        ChatReport::Layer(layer) => {
            let webhooks = layer.webhooks.iter();
            webhooks
                .map(|one| outline(one.state.into(), one.problem.as_deref()))
                .collect()
        }
        ChatReport::Matrix(matrix) => vec![outline("homeserver", matrix.problem.as_deref())],
    };
    let numbers = report.nexmo.numbers.iter().map(|one| {
        let outline = outline(one.state.into(), one.problem.as_deref());
        format!("{} {outline}", one.number.masked())
    });
    let problems = [report.chat.problem(), report.nexmo.problem.as_deref()];
    let problems = problems.into_iter().flatten().map(str::to_owned);
    Entry::new(level, "setup.done")
        .with("webhooks", webhooks.join("; "))
        .with("numbers", joined(numbers))
        .with("problems", joined(problems))
}

fn outline(state: &str, problem: Option<&str>) -> String {
    problem.map_or_else(|| state.to_owned(), |problem| format!("{state}: {problem}"))
}

fn joined(outlines: impl Iterator<Item = String>) -> String {
    outlines.collect::<Vec<_>>().join("; ")
}
