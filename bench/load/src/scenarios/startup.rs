//! CPU time until a Worker could answer its first request: as the scheduler counts it (`startup.mjs`),
//! and as `wrangler check startup` samples it. The latter is the official figure, from few samples.

use std::{ffi::OsStr, fs, path::PathBuf, process::Command};

use serde::Deserialize;
use tempfile::tempdir;

use crate::{
    Failure,
    arguments::Arguments,
    process::{FLOOR, PRODUCT, node, root},
    report::{Report, Row, Target},
    rounds::Series,
    sample::Sample,
};

/// A CPU profile of V8.
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
    /// Time of all samples but the idle ones, in milliseconds.
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

/// The starts of each Worker.
struct Starts {
    product: Series,
    floor: Series,
}

/// Measures the Workers in turns, in both ways. The other build is only measured by the scheduler.
pub fn measure(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let starts = counted_by_scheduler(arguments)?;
    add(report, "start-up", &starts, Target::START);
    let starts = sampled_by_wrangler(arguments.plan.starts)?;
    add(report, "start-up, by wrangler", &starts, Target::NONE);
    Ok(())
}

fn add(report: &mut Report, what: &str, starts: &Starts, target: Target) {
    let row = Row::new(what, 0, &starts.product);
    report.add(row.beside("start-up, floor", &starts.floor, target));
}

fn counted_by_scheduler(arguments: &Arguments) -> Result<Starts, Failure> {
    let mut command = Command::new(node());
    command
        .arg(root().join("bench/load/startup.mjs"))
        .arg(arguments.plan.starts.to_string())
        .args([PRODUCT, FLOOR])
        .args(&arguments.against)
        .current_dir(root());
    let times: Vec<Vec<f64>> = serde_json::from_slice(&output_of(command)?)?;
    let mut builds = times
        .into_iter()
        .map(|times| times.into_iter().map(sample).collect::<Vec<_>>());
    let mut next = || builds.next().unwrap_or_default();
    let (product, floor, other) = (next(), next(), next());
    Ok(Starts {
        product: Series {
            samples: product,
            other,
        },
        floor: floor.into(),
    })
}

/// A start has a CPU time and no rate.
fn sample(cpu: f64) -> Sample {
    Sample {
        cpu,
        ..Sample::default()
    }
}

/// A folder with a `wrangler.toml`, and the file that wrangler bundles its Worker into.
struct Project {
    folder: PathBuf,
    bundle: PathBuf,
}

fn sampled_by_wrangler(starts: usize) -> Result<Starts, Failure> {
    let bundles = tempdir()?;
    let product = Project {
        folder: root(),
        bundle: bundles.path().join("product"),
    };
    let floor = Project {
        folder: root().join("bench/floor"),
        bundle: bundles.path().join("floor"),
    };
    product.make_bundle()?;
    floor.make_bundle()?;
    let [mut of_product, mut of_floor] = [Vec::new(), Vec::new()];
    for _ in 0..starts {
        of_product.push(product.start()?);
        of_floor.push(floor.start()?);
    }
    Ok(Starts {
        product: of_product.into(),
        floor: of_floor.into(),
    })
}

impl Project {
    fn make_bundle(&self) -> Result<(), Failure> {
        let mut arguments = ["deploy", "--dry-run", "--outfile"]
            .map(OsStr::new)
            .to_vec();
        arguments.push(self.bundle.as_os_str());
        self.wrangler(&arguments)
    }

    fn start(&self) -> Result<Sample, Failure> {
        let file = self.bundle.with_extension("cpuprofile");
        let mut arguments = ["check", "startup", "--worker"].map(OsStr::new).to_vec();
        arguments.extend([
            self.bundle.as_os_str(),
            OsStr::new("--outfile"),
            file.as_os_str(),
        ]);
        self.wrangler(&arguments)?;
        let profile: Profile = serde_json::from_slice(&fs::read(&file)?)?;
        Ok(sample(profile.active()))
    }

    fn wrangler(&self, arguments: &[&OsStr]) -> Result<(), Failure> {
        let mut command = Command::new(node());
        command
            .arg(root().join("node_modules/wrangler/bin/wrangler.js"))
            .args(arguments)
            .env("WRANGLER_SEND_METRICS", "false")
            .current_dir(&self.folder);
        output_of(command).map(drop)
    }
}

/// Runs a command; its standard output, or an error with its standard error.
fn output_of(mut command: Command) -> Result<Vec<u8>, Failure> {
    let done = command.output()?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&done.stderr)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_samples_do_not_count() {
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
