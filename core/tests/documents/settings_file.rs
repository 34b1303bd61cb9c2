//! `.dev.vars.example`, which lists all settings for `wrangler dev`.

use std::collections::BTreeMap;

use texting::settings::{NAMES, Setting};

use crate::{
    examples::{Example, assert_accepted, in_line},
    file,
};

/// The settings of the file, each with the first line of the comment above it.
fn entries() -> Vec<(String, Example)> {
    let mut entries = Vec::new();
    for paragraph in file(".dev.vars.example").split("\n\n") {
        let lines = paragraph.lines().map(|line| line.trim_start_matches("# "));
        let lines: Vec<&str> = lines.filter(|line| !line.starts_with("---")).collect();
        let examples = lines.iter().filter_map(|line| in_line(line, "="));
        entries.extend(examples.map(|example| (lines[0].to_owned(), example)));
    }
    entries
}

#[test]
fn every_setting_is_in_the_file_once_marked_as_required_or_secret() {
    let entry = |(comment, (name, _)): (String, Example)| {
        let is_required = comment.starts_with("required");
        let rest = comment.trim_start_matches("required, ");
        (name, is_required, rest.starts_with("secret"))
    };
    let mut found: Vec<_> = entries().into_iter().map(entry).collect();
    let known = |it: &Setting| (it.name.to_owned(), it.required, it.secret);
    let mut known: Vec<_> = NAMES.iter().map(known).collect();
    found.sort();
    known.sort();
    assert_eq!(found, known);
}

#[test]
fn the_values_in_the_file_are_accepted_together() {
    let examples = entries().into_iter().map(|(_, example)| example);
    let mut shown: Vec<Example> = examples.filter(|(_, value)| !value.is_empty()).collect();
    // Digests are off by default; what is shown of them needs them on.
    shown.retain(|(name, _)| name != "DIGEST");
    assert!(shown.len() > NAMES.len() / 2, "{shown:?}");
    assert_accepted(&shown);
}

#[test]
fn the_file_shows_the_defaults() {
    let shown: BTreeMap<String, String> =
        entries().into_iter().map(|(_, example)| example).collect();
    for setting in NAMES {
        if let Some(default) = setting.default {
            assert_eq!(shown[setting.name], default, "{}", setting.name);
        }
    }
}

#[test]
fn a_copy_of_the_file_sets_nothing() {
    for line in file(".dev.vars.example").lines() {
        assert!(line.is_empty() || line.starts_with('#'), "{line}");
    }
}
