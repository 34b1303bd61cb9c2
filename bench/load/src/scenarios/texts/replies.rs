//! Replies to the texts.

use standins::Reply;
use tokio::time::{Duration, Instant, sleep};

use super::{
    super::{bench::empty, settings::NUMBERS},
    installation::{Installation, TIMEOUT, phone, user},
};
use crate::{
    Failure,
    bodies::row,
    client,
    job::Job,
    plan::{Load, Plan},
    process::Worker,
    report::{Report, Row, Target},
    rounds::{Round, Series, Side},
    sample::Sample,
};

/// What one round of replies took.
struct Taken {
    accepted: Sample,
    posted: Sample,
}

/// Measures how fast replies are accepted, beside the floor, and how fast they are posted to Layer.
pub async fn measure(
    installation: &Installation,
    plan: Plan,
    report: &mut Report,
    floor: &Worker,
) -> Result<(), Failure> {
    for load in Load::both(plan.known) {
        measure_under(load, installation, plan.rounds, report, floor).await?;
    }
    Ok(())
}

async fn measure_under(
    load: Load,
    installation: &Installation,
    rounds: usize,
    report: &mut Report,
    floor: &Worker,
) -> Result<(), Failure> {
    let Load {
        connections,
        requests,
    } = load;
    let stored_row = |index: usize| row(&user(index % installation.users));
    let mut row_side = Side::new(floor, || Round::of((0..requests).map(stored_row)));
    let mut empty_side = Side::new(floor, || empty(requests));
    let [mut accepted, mut posted] = [Vec::new(), Vec::new()];
    let [mut rows, mut nothing] = [Series::default(), Series::default()];
    for round in 0..=rounds {
        let taken = replies(installation, load).await?;
        let row_turn = row_side.play(connections).await?;
        let empty_turn = empty_side.play(connections).await?;
        // The first round only warms up.
        if round > 0 {
            accepted.push(taken.accepted);
            posted.push(taken.posted);
            rows.push(row_turn);
            nothing.push(empty_turn);
        }
    }
    let row = Row::new("reply, accepted", connections, &accepted.into());
    let row = row.beside("row, known object", &rows, Target::NONE);
    report.add(row.empty(&nothing));
    let row = Row::new("reply, posted to Layer", connections, &posted.into());
    report.add(row);
    Ok(())
}

/// Sends one round of replies, and waits until the last of them is posted.
async fn replies(installation: &Installation, load: Load) -> Result<Taken, Failure> {
    let Installation { layer, worker, .. } = installation;
    let jobs = reply_jobs(installation, load.requests)?;
    layer.traffic().forget_requests();
    let (start, cpu_before) = (Instant::now(), worker.cpu());
    let accepted = client::run(worker.address, load.connections, jobs).await?;
    while layer.traffic().count("/messages") < load.requests {
        if start.elapsed() > TIMEOUT {
            return Err("some replies were not posted".into());
        }
        sleep(Duration::from_millis(5)).await;
    }
    let seconds = start.elapsed().as_secs_f64();
    let count = f64::from(u32::try_from(load.requests)?);
    let posted = Sample {
        rate: count / seconds,
        worst: seconds * 1_000.0,
        cpu: (worker.cpu() - cpu_before) / count,
        ..Sample::default()
    };
    Ok(Taken { accepted, posted })
}

/// Nexmo's webhooks of replies by the users in turn.
fn reply_jobs(installation: &Installation, count: usize) -> Result<Vec<Vec<Job>>, Failure> {
    let numbers = installation.nexmo.numbers();
    let url = numbers.iter().find_map(|number| number.mo_http_url.clone());
    let url = url.ok_or("no number has a webhook")?;
    let users = (0..count).map(|index| index % installation.users);
    Ok(users
        .map(|index| reply(installation, index, &url))
        .collect())
}

fn reply(installation: &Installation, index: usize, url: &str) -> Vec<Job> {
    let number = NUMBERS.first().copied().unwrap_or_default();
    let reply = Reply::new(&phone(index), number, "On my way, five minutes.");
    let pushes = installation.nexmo.inbound(&reply);
    let jobs = pushes.iter().map(|push| {
        let url = push.request(url).url;
        let path = url.splitn(4, '/').last().unwrap_or_default();
        Job::get(&format!("/{path}"))
    });
    jobs.collect()
}
