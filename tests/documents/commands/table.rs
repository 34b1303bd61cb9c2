//! The commands of the documents. A new or changed one belongs here.

use self::Known::{Asks, Helps, RunBy, Runs};

/// How it is known that a command works.
pub enum Known {
    /// It is run here, and prints this. `COMMAND` stands for a command.
    Runs(&'static str),
    /// It is run here to ask a Worker between the stand-ins, and prints this.
    Asks(&'static str),
    /// Run in earnest, it would need an account or not end. Its help is asked for here, which contains this.
    Helps(&'static str),
    /// This file, which belongs to `scripts/check.sh` or to the tests, contains this.
    RunBy(&'static str, &'static str),
}

/// Every command in the documents.
pub const COMMANDS: &[(&str, Known)] = &[
    // See it work.
    (
        "scripts/demo.sh",
        RunBy("scripts/browser-test.sh", "scripts/demo.sh"),
    ),
    (
        "scripts/demo.sh --matrix --guided",
        RunBy("scripts/check.sh", "scripts/demo.sh --matrix --guided"),
    ),
    (
        "scripts/test.sh",
        RunBy("scripts/check.sh", "exec scripts/test.sh"),
    ),
    (
        "scripts/setup.sh",
        RunBy("scripts/check.sh", "scripts/setup.sh"),
    ),
    ("scripts/with-tools.sh COMMAND", Runs("rustc 1.")),
    // Deploy.
    (
        "sha256sum -c layer-nexmo-VERSION.tar.gz.sha256",
        RunBy("scripts/test-package.sh", "sha256sum -c"),
    ),
    (
        "tar -xzf layer-nexmo-VERSION.tar.gz",
        RunBy("scripts/test-package.sh", "tar -xzf"),
    ),
    (
        "cd layer-nexmo-VERSION",
        RunBy("scripts/test-package.sh", "cd \"$package\""),
    ),
    ("npx wrangler login", Helps("wrangler login")),
    // Upgrading.
    (
        "npx wrangler deployments list",
        Helps("wrangler deployments list"),
    ),
    (
        "npx wrangler rollback VERSION_ID",
        Helps("wrangler rollback [version-id]"),
    ),
    ("npm run deploy", Helps("wrangler deploy")),
    ("npm run deploy -- --var NAME:VALUE", Helps("--var ")),
    ("npm run dev", Helps("wrangler dev")),
    ("npm run tail", Helps("wrangler tail")),
    (
        "npx wrangler kv namespace create PHONES",
        Helps("wrangler kv namespace create <namespace>"),
    ),
    (
        "npx wrangler secret put NAME",
        Helps("wrangler secret put <key>"),
    ),
    ("openssl rand -hex 32", Runs("")),
    ("curl https://…/health", Asks(r#""status":"ok""#)),
    (
        r#"curl -X POST -H "Authorization: Bearer $ADMIN_TOKEN" https://…/admin/setup"#,
        Asks(r#""ok":true"#),
    ),
    // With Matrix.
    (
        r#"curl -H "Authorization: Bearer $ADMIN_TOKEN" https://…/admin/matrix/registration.yaml >texts.yaml"#,
        RunBy(
            "tests/matrix_texts/setup.rs",
            "/admin/matrix/registration.yaml",
        ),
    ),
    (
        r#"curl -X PUT -H "Authorization: Bearer $SYNAPSE_ADMIN_TOKEN" -d '{"threepids":[{"medium":"msisdn","address":"12025550123"}]}' https://matrix.example.org/_synapse/admin/v2/users/@ben:example.org"#,
        RunBy("tests/matrix/people.rs", "set_phones"),
    ),
    (
        "curl 'http://localhost:8787/cdn-cgi/local/scheduled?cron=*/15+*+*+*+*'",
        Asks("ok"),
    ),
    // Operating.
    (
        r#"curl -H "Authorization: Bearer $ADMIN_TOKEN" https://…/admin/health"#,
        Asks(r#""service":"nexmo""#),
    ),
    (
        r#"curl -H "Authorization: Bearer $ADMIN_TOKEN" 'https://…/admin/users?phone=15550102030'"#,
        Asks(r#""wish":"#),
    ),
    (
        r#"curl -H "Authorization: Bearer $ADMIN_TOKEN" https://…/admin/users/ben"#,
        Asks(r#""failures":"#),
    ),
    (
        r#"curl -X DELETE -H "Authorization: Bearer $ADMIN_TOKEN" https://…/admin/users/ben"#,
        Asks("stored"),
    ),
    (
        r#"curl -X DELETE -H "Authorization: Bearer $ADMIN_TOKEN" https://…/admin/optouts/15550102030"#,
        Asks(""),
    ),
    // Build, test, measure.
    (
        ". .tools/env.sh",
        RunBy("scripts/check.sh", ". .tools/env.sh"),
    ),
    (
        "scripts/check.sh",
        RunBy(".github/workflows/ci.yml", "run: scripts/check.sh"),
    ),
    ("cargo fmt", RunBy("scripts/check.sh", "cargo fmt --all")),
    (
        "cargo test -p texting -- a_word",
        RunBy("scripts/test.sh", "cargo test --no-run"),
    ),
    (
        "cargo test --test texts -- a_word",
        RunBy("scripts/test.sh", "cargo test --no-run"),
    ),
    (
        "scripts/with-tools.sh cargo test --test costs -- --nocapture",
        RunBy("scripts/test.sh", "cargo test --no-run"),
    ),
    (
        "MODEL_STEPS=10000000 cargo test -p texting --test model -- --nocapture",
        RunBy("core/tests/model/main.rs", "\"MODEL_STEPS\""),
    ),
    (
        "CHAOS_SEED=… cargo test --test chaos -- --nocapture",
        RunBy("tests/chaos/main.rs", "\"CHAOS_SEED\""),
    ),
    (
        "BUILD=dev scripts/demo.sh",
        RunBy("scripts/build.sh", "profile=${BUILD:-release}"),
    ),
    (
        "scripts/size.sh",
        RunBy("scripts/check.sh", "scripts/size.sh"),
    ),
    (
        "worker-build --panic-unwind",
        RunBy("scripts/build.sh", "--panic-unwind"),
    ),
    (
        "worker-build --release --panic-unwind",
        RunBy("scripts/build.sh", "worker-build --release --panic-unwind"),
    ),
    (
        "scripts/browser-test.sh",
        RunBy("scripts/check.sh", "scripts/browser-test.sh"),
    ),
    (
        "SCREENSHOTS=docs/screenshots scripts/browser-test.sh",
        RunBy("tests/support/browser.mjs", "SCREENSHOTS"),
    ),
    (
        "scripts/matrix-test.sh",
        RunBy("scripts/test.sh", "cargo test --no-run"),
    ),
    ("npm run format", Helps("prettier")),
    (
        "npm run format:check",
        Runs("All matched files use Prettier"),
    ),
    (
        "scripts/build.sh --dev",
        RunBy("scripts/check.sh", "scripts/build.sh --dev"),
    ),
    (
        "scripts/package.sh",
        RunBy("scripts/test-package.sh", "scripts/package.sh"),
    ),
    (
        "scripts/test-package.sh",
        RunBy("scripts/check.sh", "scripts/test-package.sh"),
    ),
    (
        "scripts/fuzz.sh",
        RunBy("scripts/check.sh", "scripts/fuzz.sh"),
    ),
    (
        "scripts/bench.sh",
        RunBy("scripts/check.sh", "scripts/bench.sh"),
    ),
    (
        "scripts/check-openapi.sh",
        RunBy("scripts/check.sh", "scripts/check-openapi.sh"),
    ),
    // What scripts/setup.sh does with rustup.
    ("npm ci", RunBy("tests/documents/rustup.rs", "npm ci")),
    (
        "rustup toolchain install nightly --profile minimal --component rust-src --target wasm32-unknown-unknown",
        RunBy("tests/documents/rustup.rs", "rustup toolchain install"),
    ),
    (
        "cargo install worker-build@0.8.7",
        RunBy("tests/documents/rustup.rs", "cargo install"),
    ),
];
