//! What is to be done so that exactly one webhook of ours stands, decided from Layer's list.

use super::{Wanted, Webhook, WebhookStatus};
use crate::web_address::WebAddress;

/// One thing to do, or to report, about the webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// All is well with this one.
    Keep {
        /// Its id.
        id: String,
    },
    /// Have Layer verify this one again.
    Activate {
        /// Its id.
        id: String,
        /// Why Layer says that it is inactive.
        reason: Option<String>,
    },
    /// Register ours.
    Register,
    /// Remove this one: it is surplus, or of another secret, version or set of events.
    Delete {
        /// Its id.
        id: String,
    },
    /// Report this one, which has our name and another URL, and leave it alone: it may be another
    /// deployment's.
    Elsewhere {
        /// Its id.
        id: String,
        /// Where it sends events.
        target_url: String,
    },
}

/// What to do, in this order. When a [`Step::Register`] or [`Step::Activate`] fails, no
/// [`Step::Delete`] after it may be carried out: the old webhook is better than none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
}

/// Decides about the webhooks that Layer lists. Those that do not have our name are none of our
/// business.
pub fn plan(existing: &[Webhook], wanted: &Wanted) -> Plan {
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

/// Whether two URLs are the same but for how they are written (case of the host, default port).
fn same_url(one: &str, other: &str) -> bool {
    match (WebAddress::read(one), WebAddress::read(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{layer::api::ApiVersion, secret::Secret};

    const HERE: &str = "https://sms.example/hook";
    const THERE: &str = "https://old.example/hook";

    fn wanted() -> Wanted {
        Wanted::new(
            "N".to_owned(),
            HERE.to_owned(),
            ApiVersion::V1_0,
            Secret::new("s3cret"),
        )
    }

    /// A webhook of ours, of the right secret if `current`.
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
    fn a_carried_out_plan_leaves_nothing_to_do() {
        let registered = webhook("new", HERE, WebhookStatus::Active, true);
        assert_eq!(plan(&[registered], &wanted()).steps, [keep("new")]);
    }
}
