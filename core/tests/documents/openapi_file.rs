//! The paths and methods in `docs/openapi.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use saphyr::{LoadableYamlNode, Yaml};

/// The methods of each path, in capitals.
pub fn paths(file: &str) -> BTreeMap<String, BTreeSet<String>> {
    let document = &Yaml::load_from_str(file).unwrap()[0];
    let paths = document["paths"].as_mapping().unwrap().iter();
    paths
        .map(|(path, item)| (path.as_str().unwrap().to_owned(), methods(item)))
        .collect()
}

fn methods(item: &Yaml<'_>) -> BTreeSet<String> {
    let keys = item.as_mapping().unwrap().keys();
    let keys = keys.map(|key| key.as_str().unwrap());
    let methods = keys.filter(|key| !["parameters", "summary", "description"].contains(key));
    methods.map(str::to_uppercase).collect()
}
