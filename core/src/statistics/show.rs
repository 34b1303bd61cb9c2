//! The statistics as the operator sees them.

use serde_json::{Map, Value as Json, json};

use super::{
    HOURS_KEPT, Statistics, advice,
    tables::{Bar, Histogram, SpanCount},
};
use crate::{
    storage::StoreError,
    time::{DAY, HOUR, Span},
};

/// User records report an hour this many hours after it ended.
const UNREPORTED: i64 = 2;
/// The word for notices that were dropped because no number was free.
const WITHOUT_NUMBER: &str = "no_number";
/// Notices without a number are counted over this many days.
const MONTH: i64 = 30;

impl Statistics<'_> {
    /// All statistics: counts by hour and by day, histograms, advice.
    ///
    /// # Errors
    /// [`StoreError`] when storage fails.
    pub fn show(&self) -> Result<Json, StoreError> {
        let links = self.tables.bars(Histogram::Links)?;
        let demand = self.tables.bars(Histogram::Demand)?;
        let hours = self.tables.hours_after(self.hour() - HOURS_KEPT)?;
        let month = self.day() - MONTH;
        let without_number = self.tables.total_after(month, WITHOUT_NUMBER)?;
        Ok(json!({
            "now": self.now,
            "complete_to": HOUR.times(self.hour() - UNREPORTED),
            "hours": shown_spans(hours, HOUR),
            "days": shown_spans(self.tables.days()?, DAY),
            "users": advice::total(&links),
            "links_per_user": shown_bars(&links),
            "demand_per_user": shown_bars(&demand),
            "without_number": without_number,
            "advice": advice::advise(&links, &demand),
        }))
    }
}

fn shown_bars(bars: &[Bar]) -> Vec<Json> {
    let shown = |bar: &Bar| json!({ "numbers": bar.numbers, "users": bar.users });
    bars.iter().map(shown).collect()
}

/// One object for each hour or day, with its counts.
fn shown_spans(counts: Vec<SpanCount>, length: Span) -> Vec<Json> {
    let mut spans: Vec<(i64, Map<String, Json>)> = Vec::new();
    for SpanCount { span, what, count } in counts {
        match spans.last_mut().filter(|(last, _)| *last == span) {
            Some((_, counts)) => {
                counts.insert(what, count.into());
            }
            None => spans.push((span, Map::from_iter([(what, count.into())]))),
        }
    }
    let shown =
        |(span, counts)| json!({ "from": length.times(span), "counts": Json::Object(counts) });
    spans.into_iter().map(shown).collect()
}
