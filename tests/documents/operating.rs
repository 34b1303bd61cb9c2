//! The commands in `docs/operating.md` that read the log, run on what a Tail Worker gets of the built Worker:
//! `wrangler tail --format json` prints the same events, but needs an account.

use std::{fs::write, path::Path, process::Stdio, time::Duration};

use serde_json::{Value, json};
use standins::{Inbound, Via};
use tempfile::TempDir;
use tokio::{
    process::Command,
    time::{Instant, sleep},
};

use crate::{
    entries::{world_with_entries, world_with_tail},
    file,
    support::{BEN, BENS_PHONE, SOON, World},
};

/// What `npm run dev` prints with wrangler 4.164.
const DEV: &str = concat!(
    "[wrangler:info] Ready on http://localhost:8787\n",
    "\u{1b}[31m✘ \u{1b}[41;31m[\u{1b}[41;97mERROR\u{1b}[41;31m]\u{1b}[0m \u{1b}[1m",
    r#"{"level":"error","message":"settings.problem","problem":"`{day}` is no number","setting":"DELAY"}"#,
    "\u{1b}[0m\n\n\n[wrangler:info] GET /health 503 Service Unavailable (232ms)\n",
    r#"{"level":"info","message":"setup.done","numbers":"","problems":"","webhooks":"registered"}"#,
    "\n"
);

/// The end of the command that keeps all entries.
const KEEPS_ALL: &str = "tee -a texts.log";

/// What the other commands print, by the comment above or the end of the command: the names of entries, or other lines.
const PRINTED: [(&str, &[&str]); 12] = [
    (
        "errors",
        &[
            "notice.postponed",
            "notice.failed",
            "text.undelivered",
            "setup.done",
            "setup.done",
            "health.problem",
        ],
    ),
    ("one message", &["notice.failed"]),
    (
        "all of the user of a conversation",
        &[
            "notice.sent",
            "notice.postponed",
            "notice.sent",
            "notice.postponed",
            "notice.sent",
            "notice.failed",
            "text.undelivered",
            "reply.keyword",
            "reply.done",
            "notice.dropped",
        ],
    ),
    (
        "texts given up, by reason",
        &[r#"{"why":"status 7 (the phone is barred from receiving texts): barred","count":1}"#],
    ),
    (
        "texts that did not arrive, by reason",
        &[r#"{"reason":"undelivered_operator","codes":["6"],"count":1}"#],
    ),
    (
        "messages that were not texted, by reason",
        &[r#"{"reason":"opted_out","count":1}"#],
    ),
    (
        "throttling: refusals beside texts sent",
        &[r#"{"refused":1,"sent":4}"#],
    ),
    (
        "forgeries, or wrong secrets",
        &["layer_webhook.bad_signature", "nexmo_webhook.refused"],
    ),
    ("setup failures", &["setup.done", "setup.done"]),
    (
        "services that fail or are slow",
        &[r#"{"why":"status 5 (an error inside Nexmo): internal","count":1}"#],
    ),
    (
        "{outcome, exceptions}'",
        &[r#"{"outcome":"exception","exceptions":[{"name":"Error"}]}"#],
    ),
    ("fromjson?'", &["settings.problem", "setup.done"]),
];

/// How many entries events have.
fn count(events: &[Value]) -> usize {
    let logs = events.iter().filter_map(|event| event["logs"].as_array());
    logs.map(Vec::len).sum()
}

/// All events, once they have as many entries as the Worker has written.
async fn events(world: &World) -> Vec<Value> {
    let deadline = Instant::now() + SOON;
    loop {
        let events = world.worker.tail();
        let logs = world.worker.logs();
        let written = logs.iter().filter(|line| !line.starts_with('{')).count();
        if count(&events) == written {
            return events;
        }
        assert!(Instant::now() < deadline, "{written} entries, {events:#?}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// The commands with jq in the document's blocks, each with the comment above it, or itself. What it needs to be defined
/// stands before it.
fn commands() -> Vec<(String, String)> {
    let document = file("docs/operating.md");
    let blocks = document.split("```sh\n").skip(1);
    let lines: Vec<&str> = blocks
        .flat_map(|block| block.split("```").next().unwrap().lines())
        .collect();
    let definition = lines.iter().find(|it| it.starts_with("entries()")).unwrap();
    let mut commands = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if line.contains("jq") && line != definition || line.contains("| entries") {
            let above = index.checked_sub(1).map(|above| lines[above]);
            let comment = above.and_then(|above| above.strip_prefix("# "));
            let name = comment.unwrap_or(line).to_owned();
            commands.push((name, format!("{definition}\n{line}")));
        }
    }
    commands
}

/// The lines that a command prints: the names of entries, and the other lines.
async fn printed(command: &str, folder: &Path) -> Vec<String> {
    let mut bash = Command::new("bash");
    bash.args(["-c", command]).current_dir(folder);
    let output = bash.stderr(Stdio::inherit()).output().await.unwrap();
    assert!(output.status.success(), "{command}: {output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let named = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        value["message"].as_str().unwrap_or(line).to_owned()
    };
    lines.lines().map(named).collect()
}

/// Whether jq is installed. It has to be if the environment says so.
fn has_jq() -> bool {
    let mut jq = std::process::Command::new("jq");
    let is_there = jq.arg("--version").output().is_ok();
    assert!(
        is_there || std::env::var_os("JQ_TESTS").is_none(),
        "jq is missing"
    );
    is_there
}

/// A folder with the events in the form in which `wrangler tail --format json` prints them, and what `npm run dev` prints.
fn folder_of(mut events: Vec<Value>) -> TempDir {
    // No event of the Worker's has an exception.
    events.push(json!({"outcome": "exception", "exceptions": [{"name": "Error"}], "logs": []}));
    let events: Vec<String> = events.iter().map(|event| format!("{event:#}")).collect();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join("tail"), events.join("\n")).unwrap();
    write(folder.path().join("dev"), DEV).unwrap();
    folder
}

/// Asserts that a command prints what it should, in any order: events come in the order in which they end.
async fn assert_prints(name: &str, command: &str, folder: &Path, entries: usize) {
    let mut printed = printed(command, folder).await;
    if name.ends_with(KEEPS_ALL) {
        return assert_eq!(printed.len(), entries, "{command}");
    }
    let expected = PRINTED.iter().find(|(end, _)| name.ends_with(end));
    let (_, expected) = expected.unwrap_or_else(|| panic!("no output is known of {name}"));
    let mut expected = expected.to_vec();
    printed.sort();
    expected.sort();
    assert_eq!(printed, expected, "{command}");
}

#[tokio::test]
async fn the_commands_that_read_the_log_find_what_they_should() {
    if !has_jq() {
        println!("skipped: jq is not installed");
        return;
    }
    let (world, thread) = world_with_entries().await;
    let events = events(&world).await;
    let entries = count(&events);
    let folder = folder_of(events);
    let failed = &world.entries("notice.failed")[0]["message_id"];
    let commands = commands();
    for (name, command) in &commands {
        let command = command
            .replace("npm run --silent tail -- --format json", "cat tail")
            .replace("npm run --silent dev 2>&1", "cat dev")
            .replace("MESSAGE_ID", failed.as_str().unwrap())
            .replace("CONVERSATION_ID", &thread.conversation);
        assert_prints(name, &command, folder.path(), entries).await;
    }
    assert_eq!(commands.len(), PRINTED.len() + 1);
}

#[tokio::test]
async fn a_users_record_names_the_object_that_its_log_events_name() {
    let world = world_with_tail().await;
    world.new_thread(BEN).await;
    let record = world.record(BEN).await;
    let id = record["object_id"].as_str().unwrap();
    let events = events(&world).await;
    let sent = events
        .iter()
        .find(|it| it["logs"].to_string().contains("notice.sent"));
    assert_eq!(sent.unwrap()["durableObjectId"], id);
}

/// Why the document says to pass on entries only.
#[tokio::test]
async fn an_event_has_the_url_of_a_webhook_that_comes_by_get() {
    let world = world_with_tail().await;
    let thread = world.new_thread(BEN).await;
    let inbound = world.nexmo.inbound(&thread.reply("a secret")).remove(0);
    assert_eq!(world.push(&Inbound::via(inbound, Via::Get)).await, 200);
    let event = world.worker.logged("/nexmo-new-sms/REDACTED?", SOON).await;
    assert!(
        event.contains(BENS_PHONE) && event.contains("a+secret"),
        "{event}"
    );
    let text = world.nexmo.texts().remove(0);
    let receipt = world.nexmo.receipt(&text, 0, "failed", "3").via(Via::Get);
    let url = text.callback.unwrap();
    world.push_to(&receipt, &url).await;
    world.worker.logged(&url, SOON).await;
}
