//! CPU time until a Worker could answer its first request: what the scheduler counts (`startup.mjs`),
//! and what `wrangler check startup` samples, which is the official figure but rests on few samples.

use std::{ffi::OsStr, fs, path::Path, process::Command};

use serde::Deserialize;
use tempfile::tempdir;

use crate::{
    Failure,
    client::Sample,
    plan::Plan,
    process::{node, root},
    report::{Report, Row, Target},
};

/// A profile of V8's.
#[derive(Deserialize)]
struct Profile {
    nodes: Vec<Node>,
    samples: Vec<u64>,
    #[serde(rename = "timeDeltas")]
    deltas: Vec<f64>,
}

#[derive(Deserialize)]
struct Node {
    id: u64,
    #[serde(rename = "callFrame")]
    frame: Frame,
}

#[derive(Deserialize)]
struct Frame {
    #[serde(rename = "functionName")]
    function: String,
}

impl Profile {
    /// Milliseconds of all samples but the idle ones.
    fn active(&self) -> f64 {
        let idle = self
            .nodes
            .iter()
            .find(|node| node.frame.function == "(idle)");
        let idle = idle.map(|node| node.id);
        let samples = self.samples.iter().zip(&self.deltas);
        let busy = samples.filter(|(node, _)| Some(**node) != idle);
        busy.map(|(_, delta)| delta.max(0.0)).sum::<f64>() / 1_000.0
    }
}

/// Both Workers in turns, in both ways.
pub fn measure(plan: Plan, report: &mut Report) -> Result<(), Failure> {
    let [product, floor] = measured(plan.starts)?;
    let row = Row::new("start-up", 0, &product);
    report.add(row.beside(("start-up, floor", &product, &floor), Target::START));
    let [product, floor] = sampled_by_wrangler(plan.starts)?;
    let row = Row::new("start-up, by wrangler", 0, &product);
    report.add(row.beside(("start-up, floor", &product, &floor), Target::NONE));
    Ok(())
}

fn measured(starts: usize) -> Result<[Vec<Sample>; 2], Failure> {
    let mut command = Command::new(node());
    command
        .arg(root().join("bench/load/startup.mjs"))
        .arg(starts.to_string());
    let done = command
        .args(["build", "bench/floor/build"])
        .current_dir(root())
        .output()?;
    if !done.status.success() {
        return Err(format!("startup.mjs: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    let times: [Vec<f64>; 2] = serde_json::from_slice(&done.stdout)?;
    Ok(times.map(|times| times.into_iter().map(sample).collect()))
}

/// A start has no rate.
fn sample(time: f64) -> Sample {
    Sample {
        cpu: time,
        ..Sample::default()
    }
}

fn sampled_by_wrangler(starts: usize) -> Result<[Vec<Sample>; 2], Failure> {
    let folder = tempdir()?;
    let product = (root(), folder.path().join("product"));
    let floor = (root().join("bench/floor"), folder.path().join("floor"));
    let places = [product, floor];
    for (project, bundle) in &places {
        let mut arguments = ["deploy", "--dry-run", "--outfile"]
            .map(OsStr::new)
            .to_vec();
        arguments.push(bundle.as_os_str());
        wrangler(project, &arguments)?;
    }
    let [mut product, mut floor] = [Vec::new(), Vec::new()];
    for _ in 0..starts {
        for ((project, bundle), samples) in places.iter().zip([&mut product, &mut floor]) {
            samples.push(once(project, bundle)?);
        }
    }
    Ok([product, floor])
}

fn once(project: &Path, bundle: &Path) -> Result<Sample, Failure> {
    let file = bundle.with_extension("cpuprofile");
    let mut arguments = ["check", "startup", "--worker"].map(OsStr::new).to_vec();
    arguments.extend([
        bundle.as_os_str(),
        OsStr::new("--outfile"),
        file.as_os_str(),
    ]);
    wrangler(project, &arguments)?;
    let profile: Profile = serde_json::from_slice(&fs::read(&file)?)?;
    Ok(sample(profile.active()))
}

fn wrangler(project: &Path, arguments: &[&OsStr]) -> Result<(), Failure> {
    let mut command = Command::new(node());
    command
        .arg(root().join("node_modules/wrangler/bin/wrangler.js"))
        .args(arguments);
    let done = command
        .env("WRANGLER_SEND_METRICS", "false")
        .current_dir(project)
        .output()?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("wrangler: {}", String::from_utf8_lossy(&done.stderr)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_samples_are_no_cpu_time() {
        let profile = r#"{
            "nodes": [{"id": 1, "callFrame": {"functionName": "(root)"}},
                {"id": 2, "callFrame": {"functionName": "(idle)"}},
                {"id": 3, "callFrame": {"functionName": "(program)"}}],
            "samples": [3, 2, 1], "timeDeltas": [1500, 90000, 500]
        }"#;
        let profile: Profile = serde_json::from_str(profile).unwrap();
        assert!((profile.active() - 2.0).abs() < 1e-9);
    }
}
