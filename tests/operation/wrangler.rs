use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use reqwest::Method;
use serde_json::Value;

use crate::support::{fetch, free_port, node, valid_settings};

/// wrangler with the project's configuration, but without its build step: the Worker is already built.
struct Wrangler {
    folder: tempfile::TempDir,
}

impl Wrangler {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let built = root().join("build/index.js");
        let console = root().join("console");
        let configuration = std::fs::read_to_string(root().join("wrangler.toml")).unwrap();
        let configuration = configuration
            .replace("main = \"build/index.js\"", &format!("main = {built:?}"))
            .replace("command = \"scripts/build.sh\"", "")
            .replace(
                "directory = \"console\"",
                &format!("directory = {console:?}"),
            );
        std::fs::write(folder.path().join("wrangler.toml"), configuration).unwrap();
        Self { folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(node());
        command
            .arg(root().join("node_modules/wrangler/bin/wrangler.js"))
            .args(arguments)
            .arg("--config")
            .arg(self.file("wrangler.toml"))
            .env("WRANGLER_SEND_METRICS", "false")
            .env("WRANGLER_LOG_PATH", self.file("logs"))
            .env("NO_COLOR", "1")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A running `wrangler dev`. Dropping it kills all its processes.
struct Dev(Child);

impl Drop for Dev {
    fn drop(&mut self) {
        let _ = Command::new("sh")
            .arg("-c")
            .arg(format!("kill -9 -{}", self.0.id()))
            .status();
        let _ = self.0.wait();
    }
}

/// The content of a `.dev.vars` file.
fn env_file(url: &str) -> String {
    let settings = valid_settings(url, "http://127.0.0.1:9", "http://127.0.0.1:9");
    let lines = settings
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"));
    format!(
        "# a comment\n{}TEMPLATE=\"<%= sender.name %>: <%= text %>\"\n",
        lines.collect::<String>()
    )
}

async fn healthy(url: &str) -> Value {
    for _ in 0..600 {
        let answer = reqwest::get(format!("{url}/health")).await;
        if let Ok(answer) = answer
            && answer.status() == 200
        {
            return answer.json().await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("`wrangler dev` did not become healthy");
}

#[tokio::test]
async fn the_worker_runs_under_wrangler_dev() {
    let wrangler = Wrangler::new();
    let port = free_port();
    let url = format!("http://127.0.0.1:{port}");
    std::fs::write(wrangler.file("vars"), env_file(&url)).unwrap();
    let output = std::fs::File::create(wrangler.file("output")).unwrap();
    let port = port.to_string();
    let dev = wrangler
        .command(&[
            "dev",
            "--ip",
            "127.0.0.1",
            "--port",
            &port,
            "--inspector-port",
            "0",
            "--show-interactive-dev-session=false",
        ])
        .arg("--persist-to")
        .arg(wrangler.file("state"))
        .arg("--env-file")
        .arg(wrangler.file("vars"))
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .process_group(0)
        .spawn()
        .unwrap();
    let _dev = Dev(dev);
    let health = healthy(&url).await;
    assert_eq!(
        (&health["status"], &health["numbers"]),
        (&"ok".into(), &2.into())
    );
    let scheduled = format!("{url}/cdn-cgi/local/scheduled?cron=*/15+*+*+*+*");
    let cron = fetch(Method::GET, &scheduled).await;
    assert_eq!((cron.status, cron.body.as_str()), (200, "ok"));
    // Durable Objects work too.
    let record = reqwest::Client::new().get(format!("{url}/admin/users/ben"));
    let record = record.bearer_auth("test-admin-token").send().await.unwrap();
    assert_eq!(record.status(), 200);
    // So does the console, whose files the Worker has to ask for.
    let page = reqwest::get(format!("{url}/admin")).await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.headers().contains_key("content-security-policy"));
    assert!(page.text().await.unwrap().contains("/admin/console.js"));
    let bypass = reqwest::get(format!("{url}/console.js")).await.unwrap();
    assert_eq!(bypass.status(), 404);
    let output_text = std::fs::read_to_string(wrangler.file("output")).unwrap();
    assert!(
        output_text.contains("Scheduled Workers are not automatically triggered"),
        "{output_text}"
    );
    assert!(output_text.contains("setup.done"), "{output_text}");
}

#[tokio::test]
async fn a_deployment_has_its_durable_objects_kv_assets_and_cron() {
    let wrangler = Wrangler::new();
    let output = wrangler.file("out");
    let run = wrangler
        .command(&["deploy", "--dry-run"])
        .arg("--outdir")
        .arg(output)
        .output()
        .unwrap();
    let output_text = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(
        run.status.success(),
        "{output_text}{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let prints = |words: [&str; 2]| {
        output_text
            .lines()
            .any(|line| words.iter().all(|word| line.contains(word)))
    };
    assert!(
        prints(["env.USER_RECORDS (UserRecord)", "Durable Object"]),
        "{output_text}"
    );
    assert!(prints(["env.PHONES", "KV Namespace"]), "{output_text}");
    assert!(prints(["env.ASSETS", "Assets"]), "{output_text}");
    // A dry run does not print the triggers, but wrangler reads this file without a warning.
    let configuration = std::fs::read_to_string(root().join("wrangler.toml")).unwrap();
    assert!(
        configuration
            .lines()
            .any(|line| line == "crons = [\"*/15 * * * *\"]")
    );
    assert!(!output_text.contains("WARNING"), "{output_text}");
}
