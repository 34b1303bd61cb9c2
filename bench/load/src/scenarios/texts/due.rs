//! All users' notices due at the same moment.

use standins::{NewConversation, Version, layer_signature};
use tokio::time::{Duration, Instant, sleep_until};

use super::installation::{DELAY, Installation, TIMEOUT, user};
use crate::{
    Failure,
    bodies::{SECRET, SENDER},
    client,
    job::Job,
    report::{Report, Row},
    sample::Sample,
};

/// Measures the times until each text reaches Nexmo.
pub async fn measure(installation: &Installation, report: &mut Report) -> Result<(), Failure> {
    store_notices(installation).await?;
    let sample = texts(installation).await?;
    let users = installation.users;
    let what = format!("{users} notices due at once, until each text");
    report.add(Row::new(&what, 0, &vec![sample].into()));
    Ok(())
}

/// Sends a message to each user, then pauses the Worker until all notices are due.
async fn store_notices(installation: &Installation) -> Result<(), Failure> {
    let jobs = (0..installation.users).map(|index| Ok(vec![message(installation, index)?]));
    let jobs = jobs.collect::<Result<Vec<_>, Failure>>()?;
    let start = Instant::now();
    client::run(installation.worker.address, 32, jobs).await?;
    let stored = Instant::now();
    if stored - start >= DELAY {
        return Err("some notices were due before all were stored".into());
    }
    installation.worker.pause()?;
    sleep_until(stored + DELAY + Duration::from_millis(100)).await;
    Ok(())
}

/// The webhook of a message to a user.
fn message(installation: &Installation, index: usize) -> Result<Job, Failure> {
    let layer = &installation.layer;
    let members = NewConversation::of(&[SENDER, &user(index)]);
    let conversation = layer.create_conversation(members)?;
    let sent = layer.say(&conversation, SENDER, "Are you there?")?;
    let body = sent.event.body(Version::V1_0, None);
    let signature = layer_signature(SECRET, &body);
    Ok(Job::post("/nexmo-new-message", body).with("layer-webhook-signature", signature))
}

/// Resumes the Worker and waits for all texts.
async fn texts(installation: &Installation) -> Result<Sample, Failure> {
    let Installation {
        nexmo,
        worker,
        users,
        ..
    } = installation;
    worker.resume()?;
    let (start, cpu_before) = (Instant::now(), worker.cpu());
    let texts = nexmo.wait_for(TIMEOUT, |texts| texts.len() >= *users);
    let texts = texts.await?;
    let whole = start.elapsed();
    let cpu = (worker.cpu() - cpu_before) / f64::from(u32::try_from(*users)?);
    let times: Vec<_> = texts.iter().map(|text| text.at - start).collect();
    Ok(Sample {
        cpu,
        ..Sample::of(&times, whole)
    })
}
