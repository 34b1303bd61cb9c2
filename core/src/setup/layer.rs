//! The registration of the webhook at Layer.

use super::{LayerReport, Mode, SetupEffects, WebhookReport, WebhookState};
use crate::{
    http::{HttpRequest, HttpResponse},
    layer::{
        account::LayerAccount,
        chat::LayerChat,
        registration::{
            self, WantedWebhook, Webhook, WebhookStatus,
            plan::{Step, plan},
            read_deleted, read_list, read_webhook,
        },
    },
};

/// Registers, activates or replaces the webhook as needed, or reports what is needed.
pub async fn run(
    effects: &dyn SetupEffects,
    chat: &LayerChat,
    server_url: &str,
    mode: Mode,
) -> LayerReport {
    let target_url = format!("{server_url}/{}", chat.path);
    let registration = Registration {
        effects,
        account: &chat.account,
        wanted: WantedWebhook::new(
            chat.webhook_name.clone(),
            target_url.clone(),
            chat.account.version,
            chat.webhook_secret.clone(),
        ),
    };
    let mut report = LayerReport {
        target_url,
        ..Default::default()
    };
    let list = registration::list(&chat.account);
    match read_list(&effects.send(list).await) {
        Ok(existing) => {
            let steps = plan(&existing, &registration.wanted).steps;
            report.webhooks = match mode {
                Mode::Check => steps.into_iter().map(planned).collect(),
                Mode::Apply => registration.apply(steps).await,
            };
            let problems = report.webhooks.iter().map(|webhook| &webhook.problem);
            report.ok = problems.into_iter().all(Option::is_none);
        }
        Err(error) => report.problem = Some(error.to_string()),
    }
    report
}

struct Registration<'a> {
    effects: &'a dyn SetupEffects,
    account: &'a LayerAccount,
    wanted: WantedWebhook,
}

impl Registration<'_> {
    /// Takes the steps in order. Skips deletions after a failure: an old webhook is better than none.
    async fn apply(&self, steps: Vec<Step>) -> Vec<WebhookReport> {
        let mut taken = Vec::new();
        let mut has_failed = false;
        for step in steps {
            if has_failed && matches!(step, Step::Delete { .. }) {
                continue;
            }
            let report = self.take(step).await;
            has_failed |= report.problem.is_some();
            taken.push(report);
        }
        taken
    }

    async fn take(&self, step: Step) -> WebhookReport {
        match self.request(&step) {
            Some(Ok(request)) => taken(step, &self.effects.send(request).await),
            Some(Err(invalid)) => invalid,
            None => planned(step),
        }
    }

    /// The request of a step, or the report of one that a URL cannot name. `None`: the step changes nothing.
    fn request(&self, step: &Step) -> Option<Result<HttpRequest, WebhookReport>> {
        let (state, id, request) = match step {
            Step::Keep { .. } | Step::Elsewhere { .. } => return None,
            Step::Register => return Some(Ok(registration::create(self.account, &self.wanted))),
            Step::Activate { id, .. } => {
                let request = registration::activate(self.account, id);
                (WebhookState::Activated, id, request)
            }
            Step::Delete { id } => {
                let request = registration::delete(self.account, id);
                (WebhookState::Deleted, id, request)
            }
        };
        let invalid = || WebhookReport::new(state, Some(id.clone()), Some(INVALID_ID.to_owned()));
        Some(request.ok_or_else(invalid))
    }
}

/// The report of a step after its request.
fn taken(step: Step, response: &HttpResponse) -> WebhookReport {
    let (state, id) = match step {
        Step::Keep { .. } | Step::Elsewhere { .. } => return planned(step),
        Step::Delete { id } => {
            let problem = read_deleted(response).err().map(|error| error.to_string());
            return WebhookReport::new(WebhookState::Deleted, Some(id), problem);
        }
        Step::Register => (WebhookState::Registered, None),
        Step::Activate { id, .. } => (WebhookState::Activated, Some(id)),
    };
    match read_webhook(response) {
        Ok(webhook) => {
            let problem = verification_problem(&webhook);
            WebhookReport::new(state, Some(webhook.id), problem)
        }
        Err(error) => WebhookReport::new(state, id, Some(error.to_string())),
    }
}

/// The problem of a webhook with an id that a URL cannot carry.
const INVALID_ID: &str = "its id is invalid";

/// The report of a step that is not taken. A step that would change something is a problem.
fn planned(step: Step) -> WebhookReport {
    let problem = |why: &str| Some(why.to_owned());
    match step {
        Step::Keep { id } => WebhookReport::new(WebhookState::Kept, Some(id), None),
        Step::Elsewhere { id, target_url } => elsewhere(id, target_url),
        Step::Register => {
            let why = "no webhook of ours is registered";
            WebhookReport::new(WebhookState::ToRegister, None, problem(why))
        }
        Step::Activate { id, reason } => {
            let reason = reason.as_deref().unwrap_or(NO_REASON);
            let why = format!("it is not active: {reason}");
            WebhookReport::new(WebhookState::ToActivate, Some(id), Some(why))
        }
        Step::Delete { id } => {
            let why = "it is surplus, or has another secret, version or set of events";
            WebhookReport::new(WebhookState::ToDelete, Some(id), problem(why))
        }
    }
}

fn elsewhere(id: String, target_url: String) -> WebhookReport {
    WebhookReport {
        target_url: Some(target_url),
        ..WebhookReport::new(WebhookState::Elsewhere, Some(id), None)
    }
}

const NO_REASON: &str = "no reason given";

/// The problem of a webhook that failed the verification which Layer makes at once.
fn verification_problem(webhook: &Webhook) -> Option<String> {
    (webhook.status == WebhookStatus::Inactive).then(|| {
        let reason = webhook.reason.as_deref().unwrap_or(NO_REASON);
        format!("Layer left it inactive: {reason}")
    })
}
