//! Whether the services that this one needs are well: the chat, Nexmo with its credit, and KV. Each is asked now.

mod report;

pub use report::{Check, HealthReport, Service, State};

use std::pin::Pin;

use report::{Finding, Trouble};

use crate::{
    at_once::answers,
    kv::{self, Kv},
    nexmo::{
        balance::{balance, read_balance},
        failure::AccountError,
    },
    settings::Settings,
    setup::{self, ChatReport, Mode, SetupEffects, ask_nexmo},
    time::{HOUR, MINUTE, Span, Timestamp},
};

/// A key that no entry has: KV is asked, and the answer is of no interest.
const NO_KEY: &str = "health";
/// How often the cron trigger fires.
const SCHEDULE: Span = MINUTE.times(15);

/// Whether a scheduled run at `at` is the first one of its hour, which logs what is not well.
pub fn is_hourly(at: Timestamp) -> bool {
    at.index_of(HOUR) != (at - SCHEDULE).index_of(HOUR)
}

/// The services, asked all at once.
pub struct Checkup<'a, K> {
    /// Sends requests.
    pub effects: &'a dyn SetupEffects,
    /// The KV namespace.
    pub kv: &'a K,
    /// The clock.
    pub now: fn() -> Timestamp,
    /// The operator's settings.
    pub settings: &'a Settings,
}

/// A question to one service.
type Question<'a> = Pin<Box<dyn Future<Output = Finding> + 'a>>;

impl<K: Kv> Checkup<'_, K> {
    /// Asks every service, and how long each takes.
    pub async fn run(&self) -> HealthReport {
        let questions: [(Service, Question<'_>); 3] = [
            (Service::Chat, Box::pin(self.chat())),
            (Service::Nexmo, Box::pin(self.nexmo())),
            (Service::Kv, Box::pin(self.kv())),
        ];
        let checks = questions.map(|(service, question)| self.timed(service, question));
        HealthReport::of(answers(checks.into_iter()).await)
    }

    async fn timed(&self, service: Service, question: Question<'_>) -> Check {
        let began = (self.now)();
        let finding = question.await;
        Check::new(service, (self.now)() - began, finding)
    }

    /// Asks as setup does, and changes nothing.
    async fn chat(&self) -> Finding {
        let report = setup::chat(self.effects, self.settings, Mode::Check).await;
        match (report.problem(), report.webhook_problem()) {
            (Some(problem), _) => Finding::failed(problem, chat_advice(&report)),
            (None, Some(problem)) => Finding::failed(problem, RUN_SETUP),
            (None, None) => Finding::default(),
        }
    }

    async fn nexmo(&self) -> Finding {
        let response = ask_nexmo(self.effects, balance(&self.settings.nexmo)).await;
        match read_balance(&response) {
            Ok(credit) => self.credit(credit),
            Err(error) => Finding::failed(&error.to_string(), advice(&error)),
        }
    }

    /// A credit below that of the settings is a warning.
    fn credit(&self, credit: f64) -> Finding {
        let low = self.settings.low_credit;
        let low = low.filter(|low| credit < *low as f64);
        let trouble = low.map(|low| Trouble {
            state: State::Warning,
            problem: format!("the credit is below {low} euros (NEXMO_LOW_CREDIT)"),
            advice: TOP_UP,
        });
        Finding {
            credit: Some(credit),
            trouble,
        }
    }

    async fn kv(&self) -> Finding {
        let deadline = (self.now)() + kv::TIMEOUT;
        match self.kv.get(&[NO_KEY.to_owned()], deadline).await {
            Ok(_) => Finding::default(),
            Err(error) => Finding::failed(&error.to_string(), WAIT_FOR_KV),
        }
    }
}

const RUN_SETUP: &str = "Run setup: POST /admin/setup, or the button in the console.";
const TOP_UP: &str =
    "Top up the Nexmo account. Without credit, texts wait for three days and are then given up.";
const WAIT_FOR_KV: &str = "Wait: webhooks that could not be handled are sent again. If it lasts, see Cloudflare's status page.";

/// What an operator can do about a chat that does not answer as it should.
fn chat_advice(report: &ChatReport) -> &'static str {
    match report {
        ChatReport::Layer(_) => {
            "Check LAYER_APP_ID, LAYER_BEARER_TOKEN and LAYER_API_URL. If Layer is down, wait: texts are tried for six hours, replies for a day."
        }
        ChatReport::Matrix(_) => {
            "Correct what it names, here or in the registration. If the homeserver is down, wait: texts are tried for six hours, replies for a day."
        }
    }
}

/// What an operator can do about an error of Nexmo's account API.
fn advice(error: &AccountError) -> &'static str {
    match error {
        AccountError::Later(_) => {
            "Wait: texts are tried for six hours. If it lasts, see Vonage's status page."
        }
        AccountError::Credentials(_) => {
            "Correct NEXMO_KEY and NEXMO_SECRET, then run setup. Until then texts wait, for three days."
        }
        AccountError::Refused(_) | AccountError::Unreadable(_) => "Check NEXMO_API_URL.",
    }
}

#[cfg(test)]
mod tests;
