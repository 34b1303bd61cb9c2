//! Finds the commands in a document.

use std::collections::BTreeSet;

/// Programs whose name followed by something is a command, when it stands in the text as code.
const PROGRAMS: [&str; 10] = [
    "bash",
    "cargo",
    "curl",
    "node",
    "npm",
    "npx",
    "openssl",
    "rustup",
    "worker-build",
    "wrangler",
];

/// All lines of the blocks marked `sh`, without comments, and the code in the text that is a command.
pub fn commands(document: &str) -> BTreeSet<String> {
    let mut commands = BTreeSet::new();
    let mut text = String::new();
    let mut language = None;
    for line in document.lines().map(str::trim) {
        match (line.strip_prefix("```"), language) {
            (Some(_), Some(_)) => language = None,
            (Some(name), None) => language = Some(name),
            (None, Some("sh")) => commands.extend(without_comment(line)),
            (None, Some(_)) => {}
            (None, None) => text += &format!("{line} "),
        }
    }
    let code = text.split('`').skip(1).step_by(2);
    commands.extend(code.filter(|code| is_command(code)).map(str::to_owned));
    commands
}

/// The command in a line, if there is one.
fn without_comment(line: &str) -> Option<String> {
    let command = line.split('#').next()?.trim();
    (!command.is_empty()).then(|| command.to_owned())
}

fn is_command(code: &str) -> bool {
    match words(code).as_slice() {
        [] => false,
        [first, rest @ ..] => is_script(first) || (!rest.is_empty() && PROGRAMS.contains(first)),
    }
}

/// Whether a word is a script of this project.
pub fn is_script(word: &str) -> bool {
    word == ".ci/run" || word.starts_with("scripts/") && word.ends_with(".sh")
}

/// The words of a command, without the variables before it.
pub fn words(command: &str) -> Vec<&str> {
    let words = command.split_whitespace();
    words.skip_while(|word| word.contains('=')).collect()
}
