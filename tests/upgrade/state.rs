//! The Worker's state as files: moved in time, packed and unpacked.

use std::{path::Path, process::Command};

use crate::support::node;

/// Moves everything that a state holds by the time between two moments: columns with moments, those that number hours,
/// days or the 25 hours of `heard`, the platform's alarms, and the entries of KV with the moments in them.
const MOVE: &str = r#"
const { DatabaseSync } = require("node:sqlite");
const { readdirSync, readFileSync, writeFileSync } = require("node:fs");
const [root, from, to] = [process.argv[1], Number(process.argv[2]), Number(process.argv[3])];
const by = to - from;
const HOUR = 3_600_000;
const PERIODS = { "seen.span": HOUR, "ranges.span": HOUR, "heard.span": 25 * HOUR, "hours.hour": HOUR, "days.day": 24 * HOUR };
const isMoment = (name) => /_(at|until)$/.test(name) || name === "arrived" || name === "expiration";
const moveTable = (database, table) => {
  const add = (column, what, where = "1") =>
    database.exec(`UPDATE ${table} SET ${column} = ${column} + ${what} WHERE ${where}`);
  if (table === "_cf_ALARM") return add("scheduled_time", BigInt(by) * 1000000n);
  if (table === "_cf_METADATA") return add("value", BigInt(by) * 1000000n, "key = 1");
  if (table.startsWith("_cf_")) return;
  for (const { name } of database.prepare(`PRAGMA table_info(${table})`).all()) {
    const period = PERIODS[`${table}.${name}`];
    if (isMoment(name)) add(name, by);
    else if (period) {
      // In two steps, because a step may meet a row that has not moved yet.
      add(name, 1_000_000_000 + Math.floor(to / period) - Math.floor(from / period));
      add(name, -1_000_000_000);
    }
  }
};
const files = readdirSync(root, { recursive: true }).map(String);
for (const file of files.filter((name) => name.endsWith(".sqlite"))) {
  const database = new DatabaseSync(`${root}/${file}`);
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  for (const { name } of tables.all()) moveTable(database, name);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}
for (const file of files.filter((name) => /^kv\/.*\/blobs\/\w+$/.test(name))) {
  const entry = readFileSync(`${root}/${file}`, "utf8");
  writeFileSync(`${root}/${file}`, entry.replace(/\b\d{13}\b/g, (moment) => String(Number(moment) + by)));
}
"#;

/// Runs a script on the files of a Worker that does not run.
pub fn edit(folder: &Path, script: &str, arguments: &[String]) -> String {
    let mut change = Command::new(node());
    change.args(["--no-warnings", "-e", script]).arg(folder);
    let done = change.args(arguments).output().unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).unwrap()
}

/// Moves a state in time: what was at the moment `from` is then at the moment `to`, both in milliseconds.
pub fn move_in_time(folder: &Path, from: i64, to: i64) {
    edit(folder, MOVE, &[from.to_string(), to.to_string()]);
}

/// Packs the state in a folder into one file.
pub fn pack(folder: &Path, file: &Path) {
    let parts = ["do", "kv"];
    tar(&["-czf"], file, folder, &parts);
}

/// Unpacks a state into a folder.
pub fn unpack(file: &Path, folder: &Path) {
    tar(&["-xzf"], file, folder, &[]);
}

fn tar(what: &[&str], file: &Path, folder: &Path, parts: &[&str]) {
    let mut tar = Command::new("tar");
    tar.args(what).arg(file).arg("-C").arg(folder).args(parts);
    assert!(tar.status().unwrap().success());
}
