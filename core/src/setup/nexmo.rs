//! The webhook URLs of the operator's numbers at Nexmo.

use super::{Mode, NexmoReport, NumberReport, NumberState, SetupEffects, inbound_url};
use crate::{
    http::{HttpRequest, HttpResponse},
    nexmo::{
        account::NexmoAccount,
        failure::{AccountError, is_temporary},
        numbers::{
            OwnedNumber, list_request, needs_update, read_page, read_update, update_request,
        },
    },
    phone::Number,
    settings::Settings,
    time::Span,
};

/// The wait before a retry. Nexmo allows about one of these requests a second.
const PAUSE: Span = Span::from_millis(1_100);
/// Tries of a request before its error is reported.
const MOST_TRIES: usize = 4;
/// The most pages that are read: more than any account has.
const MOST_PAGES: usize = 1_000;

/// Sets the webhook URL of each configured number as needed, or reports what is needed.
pub async fn run(effects: &dyn SetupEffects, settings: &Settings, mode: Mode) -> NexmoReport {
    let webhooks = NumberWebhooks {
        effects,
        account: &settings.nexmo,
        url: inbound_url(settings),
        mode,
    };
    let owned = match webhooks.owned_numbers().await {
        Ok(owned) => owned,
        Err(error) => {
            return NexmoReport {
                problem: Some(error.to_string()),
                ..Default::default()
            };
        }
    };
    let mut numbers = Vec::new();
    for number in &settings.numbers {
        let found = owned
            .iter()
            .find(|owned| owned.msisdn.as_deref() == Some(number.as_str()));
        numbers.push(webhooks.set_up(number, found).await);
    }
    NexmoReport {
        ok: numbers.iter().all(|number| number.problem.is_none()),
        numbers,
        problem: None,
    }
}

struct NumberWebhooks<'a> {
    effects: &'a dyn SetupEffects,
    account: &'a NexmoAccount,
    url: String,
    mode: Mode,
}

impl NumberWebhooks<'_> {
    /// All numbers of the account.
    async fn owned_numbers(&self) -> Result<Vec<OwnedNumber>, AccountError> {
        let mut owned = Vec::new();
        for index in 1..=MOST_PAGES {
            let request = list_request(self.account, index);
            let page = read_page(&ask_nexmo(self.effects, request).await)?;
            let is_last = page.numbers.is_empty();
            owned.extend(page.numbers);
            if is_last || owned.len() >= page.count {
                break;
            }
        }
        Ok(owned)
    }

    async fn set_up(&self, number: &Number, owned: Option<&OwnedNumber>) -> NumberReport {
        let report = |state, problem| NumberReport {
            number: number.clone(),
            state,
            problem,
        };
        let Some(owned) = owned else {
            let problem = "the Nexmo account has no such number".to_owned();
            return report(NumberState::NotOwned, Some(problem));
        };
        if !can_receive_texts(owned) {
            let problem = "the number cannot receive texts".to_owned();
            return report(NumberState::Failed, Some(problem));
        }
        if !needs_update(owned, &self.url) {
            return report(NumberState::Kept, None);
        }
        if self.mode == Mode::Check {
            return report(NumberState::ToUpdate, Some(present_target(owned)));
        }
        match self.update(owned).await {
            Ok(()) => report(NumberState::Updated, None),
            Err(problem) => report(NumberState::Failed, Some(problem)),
        }
    }

    /// Changes the webhook URL of a number.
    ///
    /// # Errors
    /// What is wrong, and what may be the reason.
    async fn update(&self, owned: &OwnedNumber) -> Result<(), String> {
        let request = update_request(self.account, owned, &self.url);
        let updated = read_update(&ask_nexmo(self.effects, request).await);
        updated.map_err(|error| match error {
            AccountError::Refused(_) => {
                format!("{error}; is this Worker reachable at SERVER_URL, and the number yours?")
            }
            _ => error.to_string(),
        })
    }
}

/// The response to a request about the account, which is repeated a few times while Nexmo is not available.
pub async fn ask_nexmo(effects: &dyn SetupEffects, request: HttpRequest) -> HttpResponse {
    for _ in 1..MOST_TRIES {
        let response = effects.send(request.clone()).await;
        if !is_temporary(&response) {
            return response;
        }
        effects.wait(PAUSE).await;
    }
    effects.send(request).await
}

/// Whether a number has the feature `SMS`, or lists no features at all.
fn can_receive_texts(number: &OwnedNumber) -> bool {
    let features = number.features.as_deref().unwrap_or_default();
    features.is_empty() || features.iter().any(|feature| feature == "SMS")
}

/// Where the texts to a number with another webhook URL are delivered.
fn present_target(number: &OwnedNumber) -> String {
    let url = number.mo_http_url.as_deref().unwrap_or_default();
    let target = if url.is_empty() {
        "its texts go nowhere"
    } else {
        "its texts go elsewhere"
    };
    target.to_owned()
}
