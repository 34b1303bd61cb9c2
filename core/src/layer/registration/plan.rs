//! Decides from Layer's list of webhooks which steps leave exactly one active webhook of ours.

use fluent_uri::Uri;

use super::{WantedWebhook, Webhook, WebhookStatus};

/// A step to take, or a webhook to report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Leave this webhook as it is.
    Keep {
        /// Its id.
        id: String,
    },
    /// Have Layer verify this webhook again.
    Activate {
        /// Its id.
        id: String,
        /// Layer's reason why it is inactive.
        reason: Option<String>,
    },
    /// Register a new webhook.
    Register,
    /// Delete this webhook: it is surplus, or has another secret, version or set of events.
    Delete {
        /// Its id.
        id: String,
    },
    /// Report this webhook, which has our name and another URL. It may belong to another deployment.
    Elsewhere {
        /// Its id.
        id: String,
        /// The URL that it sends events to.
        target_url: String,
    },
}

/// Steps in the order to take them. After a failed [`Step::Register`] or [`Step::Activate`], skip every
/// [`Step::Delete`]: an old webhook is better than none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
}

/// Decides about the webhooks that Layer lists. Ignores those with another name.
pub fn plan(existing: &[Webhook], wanted: &WantedWebhook) -> Plan {
    let named = existing
        .iter()
        .filter(|webhook| webhook.name.as_ref() == Some(&wanted.name));
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        named.partition(|webhook| same_url(&webhook.target_url, &wanted.target_url));
    let best = here
        .iter()
        .filter(|webhook| webhook.fingerprint.as_ref() == Some(&wanted.fingerprint))
        .min_by_key(|webhook| webhook.status);
    let surplus = here
        .iter()
        .filter(|webhook| best.is_none_or(|best| best.id != webhook.id));
    let steps = std::iter::once(first_step(best.copied()))
        .chain(surplus.map(|webhook| Step::Delete {
            id: webhook.id.clone(),
        }))
        .chain(elsewhere.iter().map(|webhook| Step::Elsewhere {
            id: webhook.id.clone(),
            target_url: webhook.target_url.clone(),
        }))
        .collect();
    Plan { steps }
}

fn first_step(best: Option<&Webhook>) -> Step {
    match best {
        None => Step::Register,
        Some(webhook) if webhook.status == WebhookStatus::Active => Step::Keep {
            id: webhook.id.clone(),
        },
        Some(webhook) => Step::Activate {
            id: webhook.id.clone(),
            reason: webhook.reason.clone(),
        },
    }
}

/// Whether two URLs are equal in normal form (case of the host, default port).
fn same_url(one: &str, other: &str) -> bool {
    match (Uri::parse(one), Uri::parse(other)) {
        (Ok(one), Ok(other)) => one.normalize() == other.normalize(),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{layer::version::ApiVersion, secret::Secret};

    const HERE: &str = "https://sms.example/hook";
    const THERE: &str = "https://old.example/hook";

    fn wanted() -> WantedWebhook {
        WantedWebhook::new(
            "N".to_owned(),
            HERE.to_owned(),
            ApiVersion::V1_0,
            Secret::new("s3cret"),
        )
    }

    /// A webhook with our name, and with the present fingerprint if `current`.
    fn webhook(id: &str, target_url: &str, status: WebhookStatus, current: bool) -> Webhook {
        Webhook {
            id: id.to_owned(),
            target_url: target_url.to_owned(),
            status,
            reason: None,
            name: Some("N".to_owned()),
            fingerprint: current.then(|| wanted().fingerprint),
        }
    }

    fn keep(id: &str) -> Step {
        Step::Keep { id: id.to_owned() }
    }

    fn activate(id: &str) -> Step {
        Step::Activate {
            id: id.to_owned(),
            reason: None,
        }
    }

    fn delete(id: &str) -> Step {
        Step::Delete { id: id.to_owned() }
    }

    fn elsewhere(id: &str) -> Step {
        Step::Elsewhere {
            id: id.to_owned(),
            target_url: THERE.to_owned(),
        }
    }

    #[test]
    fn exactly_one_webhook_of_ours_is_left() {
        use WebhookStatus::{Active, Inactive, Unverified};
        let rotated = Webhook {
            fingerprint: Some("0".repeat(64)),
            ..webhook("a", HERE, Active, false)
        };
        let foreign = Webhook {
            name: Some("M".to_owned()),
            ..webhook("a", HERE, Active, true)
        };
        let nameless = Webhook {
            name: None,
            ..webhook("a", HERE, Active, false)
        };
        let cases = [
            ("none", vec![], vec![Step::Register]),
            (
                "active",
                vec![webhook("a", HERE, Active, true)],
                vec![keep("a")],
            ),
            (
                "inactive",
                vec![webhook("a", HERE, Inactive, true)],
                vec![activate("a")],
            ),
            (
                "unverified",
                vec![webhook("a", HERE, Unverified, true)],
                vec![activate("a")],
            ),
            (
                "another secret",
                vec![rotated],
                vec![Step::Register, delete("a")],
            ),
            (
                "no fingerprint",
                vec![webhook("a", HERE, Active, false)],
                vec![Step::Register, delete("a")],
            ),
            (
                "several, and one of the old",
                vec![
                    webhook("a", HERE, Inactive, true),
                    webhook("b", HERE, Active, false),
                    webhook("c", HERE, Active, true),
                    webhook("d", HERE, Active, true),
                ],
                vec![keep("c"), delete("a"), delete("b"), delete("d")],
            ),
            (
                "unverified before inactive",
                vec![
                    webhook("a", HERE, Inactive, true),
                    webhook("b", HERE, Unverified, true),
                ],
                vec![activate("b"), delete("a")],
            ),
            (
                "another URL",
                vec![webhook("a", THERE, Active, true)],
                vec![Step::Register, elsewhere("a")],
            ),
            ("another name", vec![foreign], vec![Step::Register]),
            ("no name", vec![nameless], vec![Step::Register]),
            (
                "written otherwise",
                vec![webhook("a", "https://SMS.example:443/hook", Active, true)],
                vec![keep("a")],
            ),
        ];
        for (name, existing, steps) in cases {
            assert_eq!(plan(&existing, &wanted()).steps, steps, "{name}");
        }
    }

    #[test]
    fn a_second_plan_has_nothing_to_do() {
        let registered = webhook("new", HERE, WebhookStatus::Active, true);
        assert_eq!(plan(&[registered], &wanted()).steps, [keep("new")]);
    }
}
