//! The commands in README.md, CONTRIBUTING.md, docs/operating.md and docs/upgrading.md work.

mod find;
mod parts;
mod table;

use std::{collections::BTreeSet, process::Output};

use tokio::process::Command;

use self::table::{
    COMMANDS,
    Known::{Asks, Helps, RunBy, Runs},
};
use crate::{file, root, support::World};

fn documented() -> BTreeSet<String> {
    let mut commands = find::commands(&file("README.md"));
    commands.extend(find::commands(&file("CONTRIBUTING.md")));
    commands.extend(find::commands(&file("docs/operating.md")));
    commands.extend(find::commands(&file("docs/upgrading.md")));
    // The module `operating` runs what reads the log.
    commands.retain(|command| !command.contains("jq ") && !command.contains("| entries"));
    commands
}

/// Runs a command in the project's folder.
async fn run(command: &str, variables: &[(&str, &str)]) -> Output {
    let mut bash = Command::new("bash");
    bash.args(["-c", command]).current_dir(root());
    bash.envs(variables.iter().copied()).output().await.unwrap()
}

async fn assert_prints(command: &str, variables: &[(&str, &str)], expected: &str) {
    let output = run(command, variables).await;
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains(expected),
        "{command}: {output:?}"
    );
}

/// The lines of a file that are not comments.
fn statements(path: &str) -> String {
    let text = file(path);
    let is_comment = |line: &str| line.trim_start().starts_with(['#', '/']);
    let lines = text.lines().filter(|line| !is_comment(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_command_in_the_documents_is_known_to_work() {
    let known = COMMANDS.iter().map(|(command, _)| (*command).to_owned());
    let known: BTreeSet<String> = known.collect();
    let documented = documented();
    let difference: Vec<_> = documented.symmetric_difference(&known).collect();
    assert!(
        difference.is_empty(),
        "in the documents or in COMMANDS only: {difference:#?}"
    );
}

#[test]
fn the_scripts_options_and_targets_in_the_documents_exist() {
    for command in documented() {
        parts::assert_exist(&command);
    }
}

/// Whether a file belongs to the checks, to the tests or to what all scripts use, or is run without them.
fn is_run(place: &str, checks: &str) -> bool {
    let belongs = ["scripts/lib/", "scripts/check.sh", ".github/"];
    belongs.iter().any(|it| place.starts_with(it))
        || place.contains("tests/")
        || checks.contains(place)
}

#[test]
fn what_is_said_to_run_a_command_does_and_is_run_itself() {
    let checks = statements("scripts/check.sh");
    for (command, known) in COMMANDS {
        if let RunBy(place, text) = known {
            assert!(
                statements(place).contains(text),
                "{place} does not run {command}"
            );
            assert!(is_run(place, &checks), "{place} is not run");
        }
    }
}

#[tokio::test]
async fn the_quick_commands_run() {
    for (command, known) in COMMANDS {
        match known {
            Runs(expected) => {
                let command = command.replace("COMMAND", "rustc --version");
                assert_prints(&command, &[], expected).await;
            }
            Helps(expected) => {
                let is_bare = command.starts_with("npm") && !command.contains(" -- ");
                let help = if is_bare { "-- --help" } else { "--help" };
                assert_prints(&format!("{command} {help}"), &[], expected).await;
            }
            Asks(_) | RunBy(..) => {}
        }
    }
}

#[tokio::test]
async fn the_requests_in_the_documents_are_answered() {
    let world = World::without_setup(&[], |_, _, _| {}).await;
    let token = [("ADMIN_TOKEN", world.settings["ADMIN_TOKEN"].as_str())];
    for (command, known) in COMMANDS {
        if let Asks(expected) = known {
            let command = command.replace("https://…", world.worker.url());
            let command = command.replace("http://localhost:8787", world.worker.entry());
            assert_prints(&command, &token, expected).await;
        }
    }
    // One by the request, one by the cron trigger.
    world.entries_when("setup.done", 2).await;
}
