//! What a run of requests took.

use std::time::Duration;

use crate::statistics::percentile;

/// Rate, response times and CPU time of one run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    /// Responses per second.
    pub rate: f64,
    /// Median response time in milliseconds.
    pub p50: f64,
    /// 95th percentile of the response times in milliseconds.
    pub p95: f64,
    /// 99th percentile of the response times in milliseconds.
    pub p99: f64,
    /// Longest response time in milliseconds.
    pub worst: f64,
    /// CPU time of workerd per request in milliseconds; 0 when unknown.
    pub cpu: f64,
}

impl Sample {
    /// From the response times and the duration of the run; without CPU time.
    pub fn of(times: &[Duration], whole: Duration) -> Self {
        let mut times: Vec<_> = times.iter().copied().map(milliseconds).collect();
        times.sort_by(f64::total_cmp);
        let count = u32::try_from(times.len()).unwrap_or(u32::MAX);
        Self {
            rate: f64::from(count) / whole.as_secs_f64(),
            p50: percentile(&times, 50),
            p95: percentile(&times, 95),
            p99: percentile(&times, 99),
            worst: percentile(&times, 100),
            cpu: 0.0,
        }
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_made_of_response_times_in_any_order() {
        let times = [30, 10, 20].map(Duration::from_millis);
        let sample = Sample::of(&times, Duration::from_secs(2));
        assert_eq!(sample.rate, 1.5);
        assert_eq!([sample.p50, sample.worst], [20.0, 30.0]);
    }
}
