//! The requests of a Matrix homeserver to an application service: transactions of events, which are passed on to user
//! records, and a few questions.

use serde_json::json;
use texting::{
    chat::recheck::When,
    fan_out::{Concerns, fan_out_all},
    log::{Entry, Level},
    matrix::{
        chat::MatrixChat,
        transaction::{self, Transaction},
    },
    routes::Route,
    settings::Settings,
    statistics::report::Report,
    time::{SECOND, Span},
};
use worker::{Env, Request};

use crate::{
    deliver::deliver,
    http::{error::Handled, request, response},
    objects::statistics,
    platform::{clock::now, log::log, outbound::Internet},
};

/// The longest transaction, in bytes: a hundred events of at most 64 KiB each, and receipts.
const LONGEST_BODY: usize = 16 * 1024 * 1024;
/// How long the questions for members may take. A homeserver waits a minute for the response.
const MEMBERS_TIMEOUT: Span = SECOND.times(25);
/// How long the records may take to store the events: a transaction may concern thousands of users.
const STORED_WITHIN: Span = SECOND.times(25);

/// Handles a request of the homeserver, if it has the right token.
pub async fn handle(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    matrix: &MatrixChat,
    route: Route<'_>,
) -> Handled {
    let token = request::bearer(request)?.unwrap_or_default();
    if !matrix.homeserver.hs_token.matches(token.as_bytes()) {
        log(&Entry::new(Level::Warn, "matrix_webhook.bad_token"));
        return error(403, "M_FORBIDDEN", "this is not the hs_token");
    }
    match route {
        Route::MatrixTransaction => transaction(request, env, settings, matrix).await,
        Route::MatrixPing => done(),
        _ => error(404, "M_NOT_FOUND", "the service has no users and no rooms"),
    }
}

async fn transaction(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    matrix: &MatrixChat,
) -> Handled {
    let body = request::body(request, LONGEST_BODY).await?;
    match transaction::read(&body) {
        Ok(transaction) => match store(transaction, env, settings, matrix).await {
            Ok(()) => done(),
            Err(why) => {
                log(&Entry::new(Level::Error, "matrix_webhook.not_stored").with("why", why));
                error(500, "M_UNKNOWN", "not stored: try again")
            }
        },
        Err(why) => {
            log(&Entry::new(Level::Error, "matrix_webhook.unreadable").with("why", &why));
            error(400, "M_BAD_JSON", &why)
        }
    }
}

/// Sends the events to every record that they concern.
///
/// # Errors
/// Why not all is stored: the homeserver sends the transaction again.
async fn store(
    transaction: Transaction,
    env: &Env,
    settings: &Settings,
    matrix: &MatrixChat,
) -> Result<(), String> {
    for why in transaction.unreadable {
        log(&Entry::new(Level::Error, "matrix_webhook.unreadable").with("why", why));
    }
    let concerns = Concerns {
        // The rooms were looked at already, with all their members.
        largest_conversation: None,
        ..Concerns::from(settings)
    };
    let now = now();
    let when = When {
        now,
        deadline: now + MEMBERS_TIMEOUT,
    };
    let events = matrix.chat_events(&Internet, transaction.events, when);
    let events = events.await.map_err(|failure| {
        let why = failure.why();
        format!("the members of a room: {why}")
    })?;
    deliver(&fan_out_all(events, concerns), STORED_WITHIN, env).await?;
    count_encrypted(transaction.encrypted, env).await;
    Ok(())
}

/// Counts the messages that nobody here can read. Nothing depends on the count, so it may fail.
async fn count_encrypted(count: usize, env: &Env) {
    if count == 0 {
        return;
    }
    let counted = statistics::client::add(env, &Report::of("encrypted", count, now())).await;
    let entry = Entry::new(Level::Info, "matrix_webhook.encrypted").with("count", count);
    log(&match counted {
        Ok(()) => entry,
        Err(why) => entry.with("why", why),
    });
}

fn done() -> Handled {
    Ok(response::json(200, &json!({}))?)
}

/// An error as Matrix's specification writes it.
fn error(status: u16, errcode: &str, why: &str) -> Handled {
    let body = json!({ "errcode": errcode, "error": why });
    Ok(response::json(status, &body)?)
}
