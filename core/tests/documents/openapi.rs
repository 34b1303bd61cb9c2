//! `docs/openapi.yaml` lists the routes of the Worker.

use std::collections::BTreeSet;

use strum::VariantNames;
use texting::routes::Route;

use crate::{examples::settings, file, openapi_file::paths};

/// The console's page, one of its files.
const PAGE: &str = "/admin";

/// A path with its parameters filled in.
fn filled(path: &str) -> String {
    let fill = |segment| {
        if str::starts_with(segment, '{') {
            "1"
        } else {
            segment
        }
    };
    path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

#[test]
fn the_file_lists_every_route_with_its_methods_and_no_other() {
    let chats = ["layer", "matrix"].map(settings);
    let mut found = BTreeSet::new();
    for (path, methods) in paths(&file("docs/openapi.yaml")) {
        if path == PAGE {
            continue;
        }
        let example = filled(&path);
        let mut routes = chats.iter().map(|it| Route::of(&example, Some(it)));
        let route = routes.find_map(|route| route).expect(&path);
        let allowed: BTreeSet<String> = route.allow().split(", ").map(str::to_owned).collect();
        assert_eq!(methods, allowed, "{path}");
        found.insert(<&str>::from(route));
    }
    assert_eq!(found, BTreeSet::from_iter(Route::VARIANTS.iter().copied()));
}
