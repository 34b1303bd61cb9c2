//! Many users' notices due at once, and the replies to the texts.

mod due;
mod installation;
mod replies;

use self::installation::Installation;
use crate::{Failure, plan::Plan, process::Worker, report::Report};

/// Measures both in one installation: the replies need the links that the texts make.
pub async fn measure(plan: Plan, report: &mut Report, floor: &Worker) -> Result<(), Failure> {
    let installation = Installation::start(plan.due).await?;
    due::measure(&installation, report).await?;
    replies::measure(&installation, plan, report, floor).await
}
