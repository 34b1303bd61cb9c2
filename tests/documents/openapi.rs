//! The Worker answers what `docs/openapi.yaml` lists. That the file lists every route is tested in the core.

use std::collections::BTreeSet;

use reqwest::Method;

use crate::{
    file,
    openapi_file::paths,
    support::{ALICE, BEN, BENS_PHONE, World},
};

/// A world in which a text to Ben was given up. Returns the failure's id too.
async fn world_with_a_failure() -> (World, String) {
    let world = World::without_delay(&[]).await;
    world.nexmo.bar(BENS_PHONE, true);
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Are you there?");
    let is_failed = |record: &serde_json::Value| record["failures"][0]["id"].is_i64();
    let record = world.record_when(BEN, is_failed).await;
    (world, record["failures"][0]["id"].to_string())
}

/// A Worker for a homeserver that is nowhere. Its requests get a 403, as they have the operator's token.
async fn world_with_matrix() -> World {
    let settings = [
        ("CHAT", "matrix"),
        ("MATRIX_URL", "http://127.0.0.1:1"),
        ("MATRIX_SERVER_NAME", "example.org"),
        ("MATRIX_AS_TOKEN", "an as_token"),
        ("MATRIX_HS_TOKEN", "an hs_token"),
    ];
    World::without_setup(&settings, |_, _, _| {}).await
}

#[tokio::test]
async fn every_request_in_the_file_is_answered_and_other_methods_are_not_allowed() {
    let (layer, failure) = world_with_a_failure().await;
    let matrix = world_with_matrix().await;
    for (path, methods) in paths(&file("docs/openapi.yaml")) {
        let world = match path.contains("matrix") {
            true => &matrix,
            false => &layer,
        };
        let path = path
            .replace("{token}", "4a")
            .replace("{failure_id}", &failure);
        let refused = world
            .admin(Method::PATCH, &path.replace("{user_id}", BEN))
            .await;
        assert_eq!(refused.status(), 405, "{path}");
        let allowed = refused.headers()["allow"].to_str().unwrap().split(", ");
        assert_eq!(
            allowed.map(str::to_owned).collect::<BTreeSet<_>>(),
            methods,
            "{path}"
        );
        for method in &methods {
            // Ben's failure has to outlast the erasure of a user.
            let user = if method == "DELETE" { "nobody" } else { BEN };
            let method = method.parse().unwrap();
            let answer = world.admin(method, &path.replace("{user_id}", user)).await;
            assert!(
                ![404, 405].contains(&answer.status().as_u16()),
                "{path}: {answer:?}"
            );
        }
    }
}
