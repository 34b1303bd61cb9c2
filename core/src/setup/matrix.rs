//! The test of the connection with a Matrix homeserver, in both directions.

use super::{MatrixReport, SetupEffects};
use crate::matrix::{
    account::Homeserver,
    ping::{ping, read_ping, read_who_am_i, who_am_i},
};

/// Asks the homeserver who the service is there, then to send it a request.
pub async fn run(effects: &dyn SetupEffects, homeserver: &Homeserver) -> MatrixReport {
    let known = effects.send(who_am_i(homeserver)).await;
    let pinged = match read_who_am_i(&known, homeserver) {
        Ok(()) => read_ping(&effects.send(ping(homeserver)).await),
        Err(problem) => Err(problem),
    };
    MatrixReport {
        ok: pinged.is_ok(),
        url: homeserver.url.clone(),
        duration_ms: pinged.as_ref().ok().copied(),
        problem: pinged.err(),
    }
}
