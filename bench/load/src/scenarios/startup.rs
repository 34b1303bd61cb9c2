//! CPU time until a Worker could answer its first request, as `wrangler check startup` samples it.

use std::{fs, path::Path, process::Command};

use serde::Deserialize;
use tempfile::tempdir;

use crate::{
    Failure,
    client::Sample,
    plan::Plan,
    process::root,
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

/// Both Workers in turns.
pub fn measure(plan: Plan, report: &mut Report) -> Result<(), Failure> {
    let folder = tempdir()?;
    let places = [
        (root(), folder.path().join("product")),
        (root().join("bench/floor"), folder.path().join("floor")),
    ];
    for (project, bundle) in &places {
        let bundle = bundle.as_os_str();
        wrangler(
            project,
            &[
                "deploy".as_ref(),
                "--dry-run".as_ref(),
                "--outfile".as_ref(),
                bundle,
            ],
        )?;
    }
    let [mut product, mut floor] = [Vec::new(), Vec::new()];
    for _ in 0..plan.starts {
        for ((project, bundle), samples) in places.iter().zip([&mut product, &mut floor]) {
            samples.push(once(project, bundle)?);
        }
    }
    let row = Row::new("start-up, active ms (not /s)", 0, &product);
    let target = Target {
        p50: Some(1.5),
        ..Target::NONE
    };
    report.add(row.beside(("start-up, floor", &product, &floor), target));
    Ok(())
}

fn once(project: &Path, bundle: &Path) -> Result<Sample, Failure> {
    let file = bundle.with_extension("cpuprofile");
    let arguments = ["check", "startup", "--worker"].map(AsRef::as_ref);
    let [check, startup, worker] = arguments;
    wrangler(
        project,
        &[
            check,
            startup,
            worker,
            bundle.as_os_str(),
            "--outfile".as_ref(),
            file.as_os_str(),
        ],
    )?;
    let profile: Profile = serde_json::from_slice(&fs::read(&file)?)?;
    let active = profile.active();
    Ok(Sample {
        rate: 1_000.0 / active,
        p50: active,
        p95: active,
        p99: active,
        worst: active,
    })
}

fn wrangler(project: &Path, arguments: &[&std::ffi::OsStr]) -> Result<(), Failure> {
    let mut command = Command::new(root().join("node_modules/.bin/wrangler"));
    let done = command.args(arguments).current_dir(project).output()?;
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
