//! The webhook's registration at Layer.

use super::{Courier, LayerReport, Mode, WebhookReport};
use crate::{
    layer::{
        api::Account,
        registration::{
            self, Wanted, Webhook, WebhookStatus,
            plan::{Step, plan},
            read_deleted, read_list, read_webhook,
        },
    },
    settings::Settings,
};

/// Registers, re-activates or replaces the webhook as needed, or says that it is to be done.
pub async fn run(courier: &impl Courier, settings: &Settings, mode: Mode) -> LayerReport {
    let account = &settings.layer;
    let wanted = Wanted::new(
        settings.webhook_name.clone(),
        settings.webhook_target(),
        account.version,
        settings.webhook_secret.clone(),
    );
    let mut report = LayerReport {
        target_url: settings.webhook_target(),
        ..Default::default()
    };
    let existing = match read_list(&courier.call(registration::list(account)).await) {
        Ok(existing) => existing,
        Err(fault) => {
            report.problem = Some(fault.to_string());
            return report;
        }
    };
    report.ok = true;
    let steps = plan(&existing, &wanted).steps;
    if mode == Mode::Look {
        report.webhooks = steps.into_iter().map(announced).collect();
        report.ok = report
            .webhooks
            .iter()
            .all(|webhook| webhook.problem.is_none());
        return report;
    }
    for step in steps {
        // The old webhook is better than none.
        if !report.ok && matches!(step, Step::Delete { .. }) {
            continue;
        }
        let done = carry_out(courier, (account, &wanted), step).await;
        report.ok &= done.problem.is_none();
        report.webhooks.push(done);
    }
    report
}

async fn carry_out(
    courier: &impl Courier,
    (account, wanted): (&Account, &Wanted),
    step: Step,
) -> WebhookReport {
    match step {
        Step::Keep { id } => about("kept", Some(id), None),
        Step::Elsewhere { id, target_url } => elsewhere(id, target_url),
        Step::Register => {
            let reply = courier.call(registration::create(account, wanted)).await;
            match read_webhook(&reply) {
                Ok(webhook) => about("registered", Some(webhook.id.clone()), inactive(&webhook)),
                Err(fault) => about("registered", None, Some(fault.to_string())),
            }
        }
        Step::Activate { id, .. } => {
            let Some(call) = registration::activate(account, &id) else {
                return about("activated", Some(id), Some("its id is none".to_owned()));
            };
            let problem = match read_webhook(&courier.call(call).await) {
                Ok(webhook) => inactive(&webhook),
                Err(fault) => Some(fault.to_string()),
            };
            about("activated", Some(id), problem)
        }
        Step::Delete { id } => {
            let Some(call) = registration::delete(account, &id) else {
                return about("deleted", Some(id), Some("its id is none".to_owned()));
            };
            let problem = read_deleted(&courier.call(call).await).err();
            about("deleted", Some(id), problem.map(|fault| fault.to_string()))
        }
    }
}

/// What a step is to do; one that changes something is a problem until it is done.
fn announced(step: Step) -> WebhookReport {
    let problem = |why: &str| Some(why.to_owned());
    match step {
        Step::Keep { id } => about("kept", Some(id), None),
        Step::Elsewhere { id, target_url } => elsewhere(id, target_url),
        Step::Register => about(
            "to_register",
            None,
            problem("no webhook of ours is registered"),
        ),
        Step::Activate { id, reason } => {
            let reason = reason.as_deref().unwrap_or("no reason given");
            about(
                "to_activate",
                Some(id),
                Some(format!("it is not active: {reason}")),
            )
        }
        Step::Delete { id } => {
            let why = "it is surplus, or of another secret, version or set of events";
            about("to_delete", Some(id), problem(why))
        }
    }
}

fn elsewhere(id: String, target_url: String) -> WebhookReport {
    WebhookReport {
        target_url: Some(target_url),
        ..about("elsewhere", Some(id), None)
    }
}

/// Layer verifies at once: a webhook that is inactive right after that did not pass.
fn inactive(webhook: &Webhook) -> Option<String> {
    (webhook.status == WebhookStatus::Inactive).then(|| {
        let reason = webhook.reason.as_deref().unwrap_or("no reason given");
        format!("Layer left it inactive: {reason}")
    })
}

fn about(state: &'static str, id: Option<String>, problem: Option<String>) -> WebhookReport {
    WebhookReport {
        state,
        id,
        target_url: None,
        problem,
    }
}
