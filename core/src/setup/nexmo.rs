//! Where Nexmo delivers the texts to the operator's numbers.

use super::{Courier, Mode, NexmoReport, NumberReport, inbound_url};
use crate::{
    nexmo::{
        Account,
        numbers::{
            OwnedNumber, SetupError, list_call, needs_update, read_page, read_update, update_call,
        },
    },
    settings::Settings,
    time::Span,
};

/// Nexmo allows about one of these requests a second.
const PAUSE: Span = Span::from_millis(1_100);
const MOST_TRIES: usize = 4;
/// More than any account has: a listing that never ends is no listing.
const MOST_PAGES: usize = 1_000;

/// Points each configured number here that is not, or says that it is to be done.
pub async fn run(courier: &impl Courier, settings: &Settings, mode: Mode) -> NexmoReport {
    let owned = match owned(courier, &settings.nexmo).await {
        Ok(owned) => owned,
        Err(error) => {
            return NexmoReport {
                problem: Some(error.to_string()),
                ..Default::default()
            };
        }
    };
    let wanted = inbound_url(settings);
    let mut numbers = Vec::new();
    for number in &settings.numbers {
        let found = owned.iter().find(|owned| owned.msisdn == **number);
        let (state, problem) = match found {
            Some(owned) => point_here(courier, (&settings.nexmo, owned), &wanted, mode).await,
            None => (
                "not_owned",
                Some("the Nexmo account has no such number".to_owned()),
            ),
        };
        numbers.push(NumberReport {
            number: number.clone(),
            state,
            problem,
        });
    }
    NexmoReport {
        ok: numbers.iter().all(|number| number.problem.is_none()),
        numbers,
        problem: None,
    }
}

async fn owned(courier: &impl Courier, account: &Account) -> Result<Vec<OwnedNumber>, SetupError> {
    let mut owned = Vec::new();
    for index in 1..=MOST_PAGES {
        let page = patiently(courier, async || {
            read_page(&courier.call(list_call(account, index)).await)
        })
        .await?;
        let last = page.numbers.is_empty();
        owned.extend(page.numbers);
        if last || owned.len() >= page.count {
            break;
        }
    }
    Ok(owned)
}

async fn point_here(
    courier: &impl Courier,
    (account, number): (&Account, &OwnedNumber),
    wanted: &str,
    mode: Mode,
) -> (&'static str, Option<String>) {
    let features = number.features.as_deref().unwrap_or_default();
    if !features.is_empty() && !features.iter().any(|feature| feature == "SMS") {
        return ("failed", Some("the number cannot receive texts".to_owned()));
    }
    if !needs_update(number, wanted) {
        return ("kept", None);
    }
    if mode == Mode::Look {
        let elsewhere = number
            .mo_http_url
            .as_deref()
            .is_some_and(|url| !url.is_empty());
        let why = if elsewhere {
            "its texts go elsewhere"
        } else {
            "its texts go nowhere"
        };
        return ("to_update", Some(why.to_owned()));
    }
    let updated = patiently(courier, async || {
        read_update(&courier.call(update_call(account, number, wanted)).await)
    });
    match updated.await {
        Ok(()) => ("updated", None),
        Err(error) => ("failed", Some(error.to_string())),
    }
}

/// Tries a few times while Nexmo is busy.
async fn patiently<T>(
    courier: &impl Courier,
    request: impl AsyncFn() -> Result<T, SetupError>,
) -> Result<T, SetupError> {
    for _ in 1..MOST_TRIES {
        match request().await {
            Err(SetupError::Later(_)) => courier.pause(PAUSE).await,
            done => return done,
        }
    }
    request().await
}
