//! The parts of a command that the project defines: scripts, their options, entries of package.json, test targets.

use serde_json::Value;

use super::{
    find::{is_script, words},
    statements,
};
use crate::{file, root};

/// Asserts that the parts of a command exist.
pub fn assert_exist(command: &str) {
    match words(command).as_slice() {
        ["scripts/with-tools.sh", inner @ ..] if !inner.is_empty() => {
            assert_exist("scripts/with-tools.sh");
            assert_exist(&inner.join(" "));
        }
        [script, arguments @ ..] if is_script(script) => {
            let text = statements(script);
            for option in arguments.iter().filter(|it| it.starts_with('-')) {
                assert!(text.contains(option), "{script} has no {option}");
            }
        }
        ["npm", "run", name, ..] => {
            let package: Value = serde_json::from_str(&file("package.json")).unwrap();
            assert!(package["scripts"][name].is_string(), "{command}");
        }
        ["cargo", "test", arguments @ ..] => assert_target_exists(arguments),
        _ => {}
    }
}

fn assert_target_exists(arguments: &[&str]) {
    let value = |option| arguments.iter().skip_while(move |it| **it != option).nth(1);
    let folder = match value("-p") {
        None => ".",
        Some(&"texting") => "core",
        Some(other) => panic!("no test is known in the package {other}"),
    };
    if let Some(target) = value("--test") {
        let tests = root().join(folder).join("tests");
        let places = [format!("{target}.rs"), format!("{target}/main.rs")];
        assert!(places.iter().any(|it| tests.join(it).exists()), "{target}");
    }
}
