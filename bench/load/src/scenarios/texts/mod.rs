//! Many users' notices due at once, and the replies to the texts.

mod due;
mod installation;
mod least;
mod replies;
mod texter;

use std::{path::Path, time::Duration};

use self::{
    installation::Installation,
    least::{Care, Least},
};
use crate::{
    Failure,
    arguments::Arguments,
    process::{PRODUCT, Worker},
    report::Report,
};

/// Measures texts beside the least that a text needs, and then replies: those need the links that the texts make.
pub async fn measure(
    arguments: &Arguments,
    report: &mut Report,
    floor: &Worker,
) -> Result<(), Failure> {
    let plan = arguments.plan;
    let installation = Installation::start(Path::new(PRODUCT), plan).await?;
    let other = match &arguments.against {
        Some(folder) => Some(Installation::start(folder, plan).await?),
        None => None,
    };
    let delay = Duration::from_secs(plan.delay);
    let sides = due::Sides {
        product: &installation,
        other: other.as_ref(),
        least: &Least::start(Care::None, delay).await?,
        careful: &Least::start(Care::Full, delay).await?,
        delay,
    };
    due::measure(plan, report, &sides).await?;
    drop(other);
    replies::measure(&installation, plan, report, floor).await
}
