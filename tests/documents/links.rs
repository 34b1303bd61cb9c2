//! Links in documents lead to files and headings that exist.

use std::{
    collections::BTreeSet,
    fs::{read_dir, read_to_string},
    path::{Path, PathBuf},
};

use crate::root;

/// All documents below a folder.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !name.starts_with('.') && !["node_modules", "target"].contains(&name) {
            found.extend(documents(&path));
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
    found
}

/// The text of a document without code.
fn prose(document: &Path) -> String {
    let text = read_to_string(document).unwrap();
    text.split('`').step_by(2).collect()
}

/// The targets of all links and pictures.
fn targets(prose: &str) -> Vec<&str> {
    let rests = prose.split("](").skip(1);
    rests.map(|rest| rest.split(')').next().unwrap()).collect()
}

/// The names that GitHub gives to the headings of a document.
fn anchors(document: &Path) -> BTreeSet<String> {
    let text = read_to_string(document).unwrap();
    let lines = text.lines().filter(|line| line.starts_with('#'));
    let headings = lines.map(|line| line.trim_start_matches('#').trim());
    headings.map(anchor).collect()
}

fn anchor(heading: &str) -> String {
    let words = heading.to_lowercase().replace(' ', "-");
    let keeps = |c: &char| c.is_alphanumeric() || "-_".contains(*c);
    words.chars().filter(keeps).collect()
}

/// Asserts that a link in a document leads to a file and, if it names one, to a heading.
fn assert_leads(document: &Path, target: &str) {
    let (path, heading) = match target.split_once('#') {
        Some((path, heading)) => (path, Some(heading)),
        None => (target, None),
    };
    let linked = match path {
        "" => document.to_owned(),
        _ => document.with_file_name(path),
    };
    let leads = linked.exists() && heading.is_none_or(|it| anchors(&linked).contains(it));
    assert!(leads, "{target} in {}", document.display());
}

#[test]
fn every_link_to_a_file_or_a_heading_leads_there() {
    let mut count = 0;
    for document in documents(root()) {
        let prose = prose(&document);
        let targets = targets(&prose).into_iter();
        for target in targets.filter(|target| !target.contains("://")) {
            assert_leads(&document, target);
            count += 1;
        }
    }
    assert!(count > 20, "{count} links were found");
}
