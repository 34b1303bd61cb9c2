//! Advances the clock: with the Worker stopped, moves everything that it stored into the past.

use std::{process::Command, time::Duration};

use super::{inbound::seconds_ago, process::node, world::World};

/// Moves all stored timestamps and the platform's alarms into the past by a number of milliseconds.
/// Columns named `span` number periods of time and are not changed.
const SHIFT: &str = r#"
const { DatabaseSync } = require("node:sqlite");
const { readdirSync } = require("node:fs");
const [folder, span] = [process.argv[1], BigInt(process.argv[2])];
const isMoment = (name) => /_(at|until)$/.test(name) || name === "arrived";
for (const file of readdirSync(folder).filter((name) => name.endsWith(".sqlite"))) {
  const database = new DatabaseSync(`${folder}/${file}`);
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  for (const { name: table } of tables) {
    const shift = (column, by, where = "1") =>
      database.exec(`UPDATE ${table} SET ${column} = ${column} - ${by} WHERE ${where}`);
    if (table === "_cf_ALARM") shift("scheduled_time", span * 1000000n);
    else if (table === "_cf_METADATA") shift("value", span * 1000000n, "key = 1");
    else if (!table.startsWith("_cf_"))
      for (const { name } of database.prepare(`PRAGMA table_info(${table})`).all())
        if (isMoment(name)) shift(name, span);
        else if (name === "recent_texts")
          database.exec(`UPDATE ${table} SET ${name} = (SELECT json_group_array(json_set(value, '$.at',
            json_extract(value, '$.at') - ${span})) FROM json_each(${name})) WHERE ${name} IS NOT NULL`);
  }
  database.close();
}
"#;

/// Deletes the platform's alarms.
const LOSE_ALARMS: &str = r#"
const { DatabaseSync } = require("node:sqlite");
const { readdirSync } = require("node:fs");
for (const file of readdirSync(process.argv[1]).filter((name) => name.endsWith(".sqlite"))) {
  const database = new DatabaseSync(`${process.argv[1]}/${file}`);
  const [table, where] = file === "metadata.sqlite" ? ["_cf_ALARM", "1"] : ["_cf_METADATA", "key = 1"];
  database.exec(`DELETE FROM ${table} WHERE ${where}`);
  database.close();
}
"#;

/// Deletes the reverse lookups from KV.
const FORGET_LOOKUPS: &str = r#"
const { DatabaseSync } = require("node:sqlite");
const { readdirSync } = require("node:fs");
for (const file of readdirSync(process.argv[1]).filter((name) => name.endsWith(".sqlite"))) {
  const database = new DatabaseSync(`${process.argv[1]}/${file}`);
  if (file !== "metadata.sqlite") database.exec("DELETE FROM _mf_entries WHERE key LIKE 'user/%'");
  database.close();
}
"#;

/// The records, in the Worker's folder.
const RECORDS: &str = "do/layer-nexmo-UserRecord";
/// The entries of KV.
const KV: &str = "kv/miniflare-KVNamespaceObject";

impl World {
    /// Stops the Worker, moves its state into the past by `span`, and starts it again.
    pub async fn advance_clock(&mut self, span: Duration) {
        self.edit_state(RECORDS, SHIFT, &span.as_millis().to_string())
            .await;
    }

    /// Stops the Worker, deletes the alarms of its records, and starts it again.
    pub async fn lose_alarms(&mut self) {
        self.edit_state(RECORDS, LOSE_ALARMS, "").await;
    }

    /// Stops the Worker, deletes the reverse lookups from KV as their expiry does, and starts it again.
    pub async fn forget_lookups(&mut self) {
        self.edit_state(KV, FORGET_LOOKUPS, "").await;
    }

    async fn edit_state(&mut self, folder: &str, script: &str, argument: &str) {
        self.worker.kill_9();
        let folder = self.worker.folder().join(folder);
        let mut change = Command::new(node());
        change
            .args(["--no-warnings", "-e", script])
            .arg(folder)
            .arg(argument);
        assert!(change.status().unwrap().success());
        self.worker.restart().await;
    }
}

/// `QUIET_HOURS` that began an hour ago and end in two, in UTC.
pub fn quiet_now() -> String {
    let minutes = seconds_ago(0) / 60_000 % 1_440;
    let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
    format!("{}-{}", clock(minutes + 1_380), clock(minutes + 120))
}
