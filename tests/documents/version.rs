//! A release has one version.

use serde_json::Value;

use crate::file;

/// The `version` in a file of JSON.
fn json_version(path: &str) -> String {
    let json: Value = serde_json::from_str(&file(path)).unwrap();
    json["version"].as_str().unwrap().to_owned()
}

#[test]
fn the_version_is_the_same_in_all_files() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(json_version("package.json"), version);
    assert_eq!(json_version("package-lock.json"), version);
    let api = file("docs/openapi.yaml");
    assert!(api.contains(&format!("\n  version: {version}\n")));
}
