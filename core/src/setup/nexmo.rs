//! The webhook URLs of the operator's numbers at Nexmo.

use super::{Mode, NexmoReport, NumberReport, NumberState, SetupEffects, inbound_url};
use crate::{
    nexmo::{
        account::NexmoAccount,
        numbers::{
            NumbersError, OwnedNumber, list_request, needs_update, read_page, read_update,
            update_request,
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
pub async fn run(effects: &impl SetupEffects, settings: &Settings, mode: Mode) -> NexmoReport {
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

struct NumberWebhooks<'a, E> {
    effects: &'a E,
    account: &'a NexmoAccount,
    url: String,
    mode: Mode,
}

impl<E: SetupEffects> NumberWebhooks<'_, E> {
    /// All numbers of the account.
    async fn owned_numbers(&self) -> Result<Vec<OwnedNumber>, NumbersError> {
        let mut owned = Vec::new();
        for index in 1..=MOST_PAGES {
            let page = self
                .with_retries(async || {
                    let request = list_request(self.account, index);
                    read_page(&self.effects.send(request).await)
                })
                .await?;
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
            Err(error) => report(NumberState::Failed, Some(error.to_string())),
        }
    }

    async fn update(&self, owned: &OwnedNumber) -> Result<(), NumbersError> {
        self.with_retries(async || {
            let request = update_request(self.account, owned, &self.url);
            read_update(&self.effects.send(request).await)
        })
        .await
    }

    /// Repeats a request a few times while Nexmo is not available.
    async fn with_retries<T>(
        &self,
        request: impl AsyncFn() -> Result<T, NumbersError>,
    ) -> Result<T, NumbersError> {
        for _ in 1..MOST_TRIES {
            match request().await {
                Err(NumbersError::Later(_)) => self.effects.wait(PAUSE).await,
                done => return done,
            }
        }
        request().await
    }
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
