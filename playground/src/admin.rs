//! Requests to the Worker: `/health`, setting it up, user records.

use crate::config::Config;
use crate::problem::Problem;
use crate::terminal::say;
use serde_json::Value;
use standins::{Answer, Client, Outgoing};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long [`connect`] waits for the Worker to be healthy.
const START_TIMEOUT: Duration = Duration::from_secs(60);
const SETUP_TRIES: u32 = 5;

/// The answer of `/health`.
pub(crate) enum Health {
    Healthy,
    /// With the body, which lists the problems.
    Misconfigured(String),
    Unreachable,
}

/// Waits until the Worker is healthy, then has it register itself at Layer and Nexmo.
pub(crate) async fn connect(config: &Config) -> Result<(), Problem> {
    let token = config.admin_token.as_deref().ok_or(Problem::NoAdminToken)?;
    let client = Client::default();
    say(&format!("Waiting for the Worker at {} …", config.worker));
    wait_until_healthy(&client, &config.worker).await?;
    say("The Worker is healthy. Setting it up …");
    set_up(&client, &config.worker, token).await?;
    say("Layer's webhook and Nexmo's numbers point to the Worker.");
    Ok(())
}

/// Asks `/health` once.
pub(crate) async fn health(url: &str) -> Health {
    let get = get(format!("{url}/health"));
    match Client::default().send(&get, Duration::from_secs(2)).await {
        Answer::Status(200, _) => Health::Healthy,
        Answer::Status(503, body) => Health::Misconfigured(body),
        _ => Health::Unreachable,
    }
}

/// A user record from the admin API; `None`: no response, or no record.
pub(crate) async fn record(client: &Client, url: &str, token: &str, user: &str) -> Option<Value> {
    let get = authorized("GET", format!("{url}/admin/users/{user}"), token);
    match client.send(&get, Duration::from_secs(3)).await {
        Answer::Status(200, body) => serde_json::from_str(&body).ok(),
        _ => None,
    }
}

/// Has the Worker erase a user record; returns whether it succeeded.
pub(crate) async fn erase(url: &str, token: &str, user: &str) -> bool {
    let delete = authorized("DELETE", format!("{url}/admin/users/{user}"), token);
    let client = Client::default();
    let answer = client.send(&delete, Duration::from_secs(10)).await;
    answer.is_success()
}

/// Has the Worker look again at what waits for a user; returns whether it has. 404: nothing is stored.
pub(crate) async fn wake(client: &Client, url: &str, token: &str, user: &str) -> bool {
    let post = authorized("POST", format!("{url}/admin/users/{user}/wake"), token);
    let answer = client.send(&post, Duration::from_secs(10)).await;
    matches!(answer.status(), Some(200 | 404))
}

fn get(url: String) -> Outgoing {
    Outgoing {
        method: "GET".to_owned(),
        url,
        ..Outgoing::default()
    }
}

/// A request with the admin token and without a body.
fn authorized(method: &str, url: String, token: &str) -> Outgoing {
    Outgoing {
        method: method.to_owned(),
        headers: vec![("authorization".to_owned(), format!("Bearer {token}"))],
        ..get(url)
    }
}

async fn wait_until_healthy(client: &Client, url: &str) -> Result<(), Problem> {
    let get = get(format!("{url}/health"));
    let end = Instant::now() + START_TIMEOUT;
    loop {
        let answer = client.send(&get, Duration::from_secs(5)).await;
        if answer.status() == Some(200) {
            return Ok(());
        }
        if Instant::now() >= end {
            return Err(Problem::NoWorker {
                url: url.to_owned(),
                seconds: START_TIMEOUT.as_secs(),
                last: describe(answer),
            });
        }
        sleep(Duration::from_millis(300)).await;
    }
}

async fn set_up(client: &Client, url: &str, token: &str) -> Result<(), Problem> {
    let post = authorized("POST", format!("{url}/admin/setup"), token);
    let mut last = String::new();
    for _ in 0..SETUP_TRIES {
        let answer = client.send(&post, Duration::from_secs(30)).await;
        let status = answer.status();
        last = describe(answer);
        match status {
            Some(200) => return Ok(()),
            // A wrong token stays wrong.
            Some(401 | 404) => break,
            _ => sleep(Duration::from_secs(1)).await,
        }
    }
    Err(Problem::Setup {
        url: url.to_owned(),
        last,
    })
}

fn describe(answer: Answer) -> String {
    match answer {
        Answer::Status(status, body) => format!("{status} {body}"),
        Answer::TimedOut => "timeout".to_owned(),
        Answer::Failed(reason) => reason,
    }
}
