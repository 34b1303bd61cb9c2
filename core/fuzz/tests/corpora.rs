//! Every target holds for the inputs of its corpus.

use std::{
    collections::BTreeSet,
    fs::read_dir,
    path::{Path, PathBuf},
    process::Command,
};

/// The paths in a folder of this crate.
fn paths(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// The names in a folder, without their extensions.
fn names(folder: &str) -> BTreeSet<String> {
    let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths(folder).into_iter().map(name).collect()
}

#[test]
fn every_target_has_a_corpus_and_a_dictionary() {
    let targets = names("fuzz_targets");
    assert_eq!(names("corpus"), targets);
    assert_eq!(names("dictionaries"), targets);
}

#[test]
fn every_target_accepts_its_corpus() {
    let programs = Path::new(env!("CARGO_BIN_EXE_layer_event"))
        .parent()
        .unwrap();
    for target in names("fuzz_targets") {
        let inputs = paths(&format!("corpus/{target}"));
        assert!(!inputs.is_empty(), "{target} has no inputs");
        let run = Command::new(programs.join(&target))
            .args(&inputs)
            .output()
            .unwrap();
        let log = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{target}: {log}");
        assert_eq!(
            log.matches("Executed ").count(),
            inputs.len(),
            "{target}: {log}"
        );
    }
}
