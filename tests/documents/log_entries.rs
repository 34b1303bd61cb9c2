//! The table of log entries in `docs/operating.md` lists those that the code writes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::read_dir,
    path::Path,
};

use serde_json::Value;

use crate::{entries::world_with_entries, file, root};

/// What stands before the name of an entry in the code.
const MARKS: [&str; 8] = [
    "Level::Debug,",
    "Level::Info,",
    "Level::Warn,",
    "Level::Error,",
    "level,",
    "try_again(",
    "message: ",
    "message:",
];

/// A row of the table, for one entry.
struct Documented {
    levels: BTreeSet<String>,
    fields: BTreeSet<String>,
}

/// The rows of the table, by the names of the entries.
fn documented() -> BTreeMap<String, Documented> {
    let document = file("docs/operating.md");
    let (_, table) = document.split_once("\n## Log entries\n").unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let mut documented = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, names, levels, fields, ..] = cells.as_slice() else {
            panic!("{row}");
        };
        for name in code(names) {
            let levels = levels.split(", ").map(str::to_owned).collect();
            let fields = code(fields).collect();
            let row = Documented { levels, fields };
            assert!(documented.insert(name.clone(), row).is_none(), "{name}");
        }
    }
    documented
}

/// The pieces of code in a text.
fn code(text: &str) -> impl Iterator<Item = String> {
    let pieces = text.split('`').skip(1).step_by(2);
    pieces.map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// Whether a text has the form of an entry's name.
fn is_name(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    text.split_once('.')
        .is_some_and(|(subject, event)| is_word(subject) && is_word(event))
}

/// The code of all files in a folder, without tests.
fn sources(folder: &Path) -> Vec<String> {
    let mut sources = Vec::new();
    for entry in read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && name != "tests" {
            sources.extend(self::sources(&path));
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
            sources.push(code.to_owned());
        }
    }
    sources
}

/// The names of the entries that the code writes.
fn written() -> BTreeSet<String> {
    let folders = ["core/src", "src"].map(|folder| root().join(folder));
    let mut names = BTreeSet::new();
    for source in folders.iter().flat_map(|folder| sources(folder)) {
        let pieces: Vec<&str> = source.split('"').collect();
        let pairs = pieces.windows(2);
        let named = pairs.filter(|pair| {
            let before = pair[0].trim_end();
            is_name(pair[1]) && MARKS.iter().any(|mark| before.ends_with(mark))
        });
        names.extend(named.map(|pair| pair[1].to_owned()));
    }
    names
}

#[test]
fn every_entry_that_the_code_writes_is_in_the_table_and_no_other() {
    let documented: BTreeSet<String> = documented().into_keys().collect();
    let written = written();
    let difference: Vec<_> = documented.symmetric_difference(&written).collect();
    assert!(
        difference.is_empty(),
        "in docs/operating.md or in the code only: {difference:#?}"
    );
}

#[test]
fn every_entry_that_a_document_names_exists() {
    let written = written();
    let subjects: BTreeSet<&str> = written
        .iter()
        .filter_map(|it| it.split('.').next())
        .collect();
    let mut count = 0;
    for document in [
        "README.md",
        "docs/operating.md",
        "docs/upgrading.md",
        "docs/scale.md",
        "SECURITY.md",
    ] {
        let text = file(document);
        for name in code(&text).filter(|it| is_name(it)) {
            let subject = name.split('.').next().unwrap();
            if subjects.contains(subject) {
                assert!(written.contains(&name), "{name} in {document}");
                count += 1;
            }
        }
    }
    assert!(count > written.len(), "{count} names were found");
}

#[tokio::test]
async fn entries_have_the_levels_and_the_fields_of_the_table() {
    let (world, _) = world_with_entries().await;
    let documented = documented();
    let logs = world.worker.logs();
    let entries = logs.iter().filter_map(|line| {
        let (_, entry) = line.split_once(": ")?;
        serde_json::from_str::<Value>(entry).ok()
    });
    for entry in entries {
        let row = &documented[entry["message"].as_str().unwrap()];
        assert!(
            row.levels.contains(entry["level"].as_str().unwrap()),
            "{entry}"
        );
        let mut fields = entry.as_object().unwrap().keys();
        let is_known =
            |it: &String| ["level", "message"].contains(&it.as_str()) || row.fields.contains(it);
        assert!(fields.all(is_known), "{entry}");
    }
}
