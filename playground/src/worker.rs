//! The Worker's own routes: waiting for it, having it register itself, reading a user's record.

use crate::config::Config;
use crate::problem::Problem;
use crate::say;
use serde_json::Value;
use standins::{Answer, Client, Outgoing};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const PATIENCE: Duration = Duration::from_secs(60);
const SETUP_TRIES: u32 = 5;

/// Waits until the Worker is healthy, then has it point Layer and Nexmo to itself.
pub(crate) async fn connect(config: &Config) -> Result<(), Problem> {
    let token = config.admin_token.as_deref().ok_or(Problem::NoAdminToken)?;
    let client = Client::default();
    say(&format!("Waiting for the Worker at {} …", config.worker));
    healthy(&client, &config.worker).await?;
    say("The Worker is healthy. Setting it up …");
    set_up(&client, &config.worker, token).await?;
    say("Layer's webhook and Nexmo's numbers point to the Worker.");
    Ok(())
}

/// What `/health` says: status and body.
pub(crate) async fn health(url: &str) -> (Option<u16>, String) {
    let get = get(format!("{url}/health"));
    match Client::default().send(&get, Duration::from_secs(2)).await {
        Answer::Status(status, body) => (Some(status), body),
        _ => (None, String::new()),
    }
}

/// A user's record as the admin API shows it; `None`: no answer, or no record.
pub(crate) async fn record(client: &Client, url: &str, token: &str, user: &str) -> Option<Value> {
    let get = Outgoing {
        headers: vec![("authorization".to_owned(), format!("Bearer {token}"))],
        ..get(format!("{url}/admin/users/{user}"))
    };
    match client.send(&get, Duration::from_secs(3)).await {
        Answer::Status(200, body) => serde_json::from_str(&body).ok(),
        _ => None,
    }
}

/// Has the Worker erase a user's record; whether it did.
pub(crate) async fn erase(url: &str, token: &str, user: &str) -> bool {
    let delete = Outgoing {
        method: "DELETE".to_owned(),
        url: format!("{url}/admin/users/{user}"),
        headers: vec![("authorization".to_owned(), format!("Bearer {token}"))],
        body: String::new(),
    };
    let client = Client::default();
    let answer = client.send(&delete, Duration::from_secs(10)).await;
    answer.is_success()
}

fn get(url: String) -> Outgoing {
    Outgoing {
        method: "GET".to_owned(),
        url,
        ..Outgoing::default()
    }
}

async fn healthy(client: &Client, url: &str) -> Result<(), Problem> {
    let get = get(format!("{url}/health"));
    let end = Instant::now() + PATIENCE;
    loop {
        let answer = client.send(&get, Duration::from_secs(5)).await;
        if answer.status() == Some(200) {
            return Ok(());
        }
        if Instant::now() >= end {
            let (url, seconds) = (url.to_owned(), PATIENCE.as_secs());
            return Err(Problem::NoWorker {
                url,
                seconds,
                last: told(answer),
            });
        }
        sleep(Duration::from_millis(300)).await;
    }
}

async fn set_up(client: &Client, url: &str, token: &str) -> Result<(), Problem> {
    let post = Outgoing {
        method: "POST".to_owned(),
        url: format!("{url}/admin/setup"),
        headers: vec![("authorization".to_owned(), format!("Bearer {token}"))],
        body: String::new(),
    };
    let mut last = String::new();
    for _ in 0..SETUP_TRIES {
        let answer = client.send(&post, Duration::from_secs(30)).await;
        match answer.status() {
            Some(200) => return Ok(()),
            // Neither gets better by waiting.
            Some(401 | 404) => {
                last = told(answer);
                break;
            }
            _ => last = told(answer),
        }
        sleep(Duration::from_secs(1)).await;
    }
    Err(Problem::Setup {
        url: url.to_owned(),
        last,
    })
}

fn told(answer: Answer) -> String {
    match answer {
        Answer::Status(status, body) => format!("{status} {body}"),
        Answer::TimedOut => "nothing in time".to_owned(),
        Answer::Failed(reason) => reason,
    }
}
