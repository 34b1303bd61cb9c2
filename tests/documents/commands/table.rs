//! The commands of the two documents. A new or changed one belongs here.

use self::Known::{Asks, Downloads, Helps, RunBy, Runs, TakesLong};

/// How it is known that a command works.
pub enum Known {
    /// It is run here, and prints this. `COMMAND` stands for a command.
    Runs(&'static str),
    /// It is run here to ask a Worker between the stand-ins, and prints this.
    Asks(&'static str),
    /// Run in earnest, it would need an account or not end. Its help is asked for here, which contains this.
    Helps(&'static str),
    /// This file, which belongs to `.ci/run` or to the tests, contains this.
    RunBy(&'static str, &'static str),
    /// It is not run: it takes minutes.
    TakesLong,
    /// It is not run: it downloads something.
    Downloads,
}

/// Every command in the two documents.
pub const COMMANDS: &[(&str, Known)] = &[
    // See it work.
    (
        "scripts/demo.sh",
        RunBy("scripts/browser-test.sh", "scripts/demo.sh"),
    ),
    ("scripts/test.sh", RunBy(".ci/run", "exec scripts/test.sh")),
    ("scripts/setup.sh", RunBy(".ci/run", "scripts/setup.sh")),
    ("scripts/with-tools.sh COMMAND", Runs("rustc 1.")),
    // Deploy.
    (
        "scripts/with-tools.sh wrangler login",
        Helps("wrangler login"),
    ),
    ("npm run deploy", Helps("wrangler deploy")),
    ("npm run deploy -- --var NAME:VALUE", Helps("--var ")),
    ("npm run dev", Helps("wrangler dev")),
    ("npm run tail", Helps("wrangler tail")),
    (
        "scripts/with-tools.sh wrangler kv namespace create PHONES",
        Helps("wrangler kv namespace create <namespace>"),
    ),
    (
        "scripts/with-tools.sh wrangler secret put NAME",
        Helps("wrangler secret put <key>"),
    ),
    ("openssl rand -hex 32", Runs("")),
    ("curl https://…/health", Asks(r#""status":"ok""#)),
    (
        r#"curl -X POST -H "Authorization: Bearer $ADMIN_TOKEN" https://…/admin/setup"#,
        Asks(r#""ok":true"#),
    ),
    (
        "curl 'http://localhost:8787/cdn-cgi/local/scheduled?cron=*/15+*+*+*+*'",
        Asks("ok"),
    ),
    // Build, test, measure.
    (". .tools/env.sh", RunBy(".ci/run", ". .tools/env.sh")),
    (".ci/run", RunBy(".github/workflows/ci.yml", "run: .ci/run")),
    ("cargo fmt", RunBy(".ci/run", "cargo fmt --all")),
    (
        "cargo test -p texting -- a_word",
        RunBy("scripts/test.sh", "cargo test --workspace"),
    ),
    (
        "cargo test --test texts -- a_word",
        RunBy("scripts/test.sh", "cargo test --workspace"),
    ),
    (
        "scripts/with-tools.sh cargo test --test costs -- --nocapture",
        RunBy("scripts/test.sh", "cargo test --workspace"),
    ),
    (
        "MODEL_STEPS=10000000 cargo test -p texting --test model -- --nocapture",
        RunBy("core/tests/model/main.rs", "\"MODEL_STEPS\""),
    ),
    (
        "CHAOS_SEED=… cargo test --test chaos -- --nocapture",
        RunBy("tests/chaos/main.rs", "\"CHAOS_SEED\""),
    ),
    ("scripts/size.sh", RunBy(".ci/run", "scripts/size.sh")),
    (
        "worker-build --panic-unwind",
        RunBy("scripts/build.sh", "--panic-unwind"),
    ),
    (
        "worker-build --release --panic-unwind",
        RunBy("scripts/build.sh", "worker-build --release --panic-unwind"),
    ),
    ("scripts/build.sh --dev", TakesLong),
    // Its targets are built and get their corpora in .ci/run.
    ("scripts/fuzz.sh", TakesLong),
    ("scripts/bench.sh", TakesLong),
    ("scripts/check-openapi.sh", Downloads),
    (
        "rustup toolchain install nightly --component rust-src",
        Downloads,
    ),
];
