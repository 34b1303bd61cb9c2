//! Time that passes at once: while the Worker stands still, all that it stored grows older.

use std::{process::Command, time::Duration};

use super::{worker::node, world::World};

/// Moves each stored moment, and the platform's alarms, by so many milliseconds into the past.
/// `span` columns number stretches of time and stay.
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
  }
  database.close();
}
"#;

/// Forgets when the platform was to wake the records.
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

impl World {
    /// The Worker stops, so much time passes, and it starts again.
    pub async fn let_pass(&mut self, span: Duration) {
        self.while_it_stands_still(SHIFT, &span.as_millis().to_string())
            .await;
    }

    /// The Worker stops, the platform loses its alarms, and it starts again.
    pub async fn lose_alarms(&mut self) {
        self.while_it_stands_still(LOSE_ALARMS, "").await;
    }

    async fn while_it_stands_still(&mut self, script: &str, argument: &str) {
        self.worker.kill_9();
        let records = self.worker.folder().join("do/layer-nexmo-UserRecord");
        let mut change = Command::new(node());
        change
            .args(["--no-warnings", "-e", script])
            .arg(records)
            .arg(argument);
        assert!(change.status().unwrap().success());
        self.worker.restart().await;
    }
}
