//! Faults on demand: which requests fail, and how.

use std::time::Duration;

use fastrand::Rng;

/// One rule. The first rule that applies to a request is used.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Which requests.
    pub when: When,
    /// How they fail.
    pub what: What,
    /// Applies to at most this many requests; `None`: to all.
    pub times: Option<u64>,
}

impl Fault {
    /// A rule for every request that matches `when`.
    #[must_use]
    pub fn new(when: When, what: What) -> Self {
        Self {
            when,
            what,
            times: None,
        }
    }

    /// The same for at most this many requests.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }
}

/// Which requests: all conditions that are set must match.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// `GET`, `POST` …
    pub method: Option<String>,
    /// The path (as sent, without query) contains this.
    pub path: Option<String>,
    /// Only the n-th request (from 1) of those that match the other conditions.
    pub nth: Option<u64>,
    /// A text to this phone (Nexmo).
    pub phone: Option<String>,
    /// A text from this number (Nexmo).
    pub number: Option<String>,
    /// From 0 to 1, drawn from the stand-in's seeded generator.
    pub probability: Option<f64>,
}

impl When {
    /// Every request.
    #[must_use]
    pub fn always() -> Self {
        Self::default()
    }

    /// Requests whose path contains this.
    #[must_use]
    pub fn path(part: &str) -> Self {
        Self {
            path: Some(part.to_owned()),
            ..Self::default()
        }
    }

    /// Texts to this phone.
    #[must_use]
    pub fn phone(phone: &str) -> Self {
        Self {
            phone: Some(phone.to_owned()),
            ..Self::default()
        }
    }

    /// Texts from this number.
    #[must_use]
    pub fn number(number: &str) -> Self {
        Self {
            number: Some(number.to_owned()),
            ..Self::default()
        }
    }

    /// Only those with this method.
    #[must_use]
    pub fn method(self, method: &str) -> Self {
        Self {
            method: Some(method.to_owned()),
            ..self
        }
    }

    /// Only the n-th of them, from 1.
    #[must_use]
    pub fn nth(self, nth: u64) -> Self {
        Self {
            nth: Some(nth),
            ..self
        }
    }

    /// Only this share of them, from 0 to 1.
    #[must_use]
    pub fn probability(self, probability: f64) -> Self {
        Self {
            probability: Some(probability),
            ..self
        }
    }

    fn matches(&self, facts: &Facts<'_>) -> bool {
        let is = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        is(&self.method, Some(facts.method))
            && is(&self.phone, facts.parties.phone.as_deref())
            && is(&self.number, facts.parties.number.as_deref())
            && self
                .path
                .as_deref()
                .is_none_or(|part| facts.path.contains(part))
    }
}

/// How a request fails.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// This status and body, without any effect.
    Status(u16, String),
    /// A TCP reset, without any effect.
    Reset,
    /// The request takes effect, then a TCP reset instead of a response.
    AcceptThenReset,
    /// The request takes effect, but the response is this status and body.
    AcceptThenStatus(u16, String),
    /// No response for this time, then a TCP reset; no effect.
    Hang(Duration),
    /// The request takes effect at once; the response is this late.
    Slow(Duration),
    /// Nexmo: 200 with one entry of this status and error text, without any effect.
    NexmoStatus(u16, String),
    /// Throttles this many requests in a row (Nexmo: status 1; Layer: 429 without a body).
    ThrottleFor(u64),
    /// Nexmo: the first part of a text is accepted, the others get status 1.
    Partial,
}

/// The phone and number in a request to send a text; both `None` for other requests.
#[derive(Default)]
pub(crate) struct Parties {
    pub(crate) phone: Option<String>,
    pub(crate) number: Option<String>,
}

/// The properties of a request that rules depend on.
pub(crate) struct Facts<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) parties: Parties,
}

struct Rule {
    fault: Fault,
    matched: u64,
    fired: u64,
}

impl Rule {
    fn new(fault: Fault) -> Self {
        Self {
            fault,
            matched: 0,
            fired: 0,
        }
    }

    /// Counts a request that matches, and returns whether the fault fires.
    fn fires(&mut self, random: &mut Rng) -> bool {
        self.matched += 1;
        let when = &self.fault.when;
        let fires = when.nth.is_none_or(|nth| nth == self.matched)
            && when.probability.is_none_or(|share| random.f64() < share);
        if fires {
            self.fired += 1;
        }
        fires
    }

    fn spent(&self) -> bool {
        let limit = match self.fault.what {
            What::ThrottleFor(times) => Some(times),
            _ => self.fault.times,
        };
        limit.is_some_and(|limit| self.fired >= limit)
    }
}

/// The current rules, and the random numbers for `probability`.
pub(crate) struct Rules {
    rules: Vec<Rule>,
    random: Rng,
    total: u64,
}

impl Rules {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rules: Vec::new(),
            random: Rng::with_seed(seed),
            total: 0,
        }
    }

    pub(crate) fn set(&mut self, faults: Vec<Fault>) {
        self.rules = faults.into_iter().map(Rule::new).collect();
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        self.rules.push(Rule::new(fault));
    }

    pub(crate) fn fired(&self) -> Vec<u64> {
        self.rules.iter().map(|rule| rule.fired).collect()
    }

    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// The fault for a request, if a rule applies to it.
    pub(crate) fn pick(&mut self, facts: &Facts<'_>) -> Option<What> {
        let random = &mut self.random;
        let rule = self.rules.iter_mut().find_map(|rule| {
            let applies = !rule.spent() && rule.fault.when.matches(facts);
            (applies && rule.fires(random)).then_some(rule)
        })?;
        self.total += 1;
        Some(rule.fault.what.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(path: &str) -> Facts<'_> {
        Facts {
            method: "POST",
            path,
            parties: Parties::default(),
        }
    }

    #[test]
    fn only_the_nth_matching_request_fails() {
        let mut rules = Rules::new(1);
        rules.add(Fault::new(When::path("sms").nth(2), What::Reset));
        let mut hits = |path| rules.pick(&facts(path)).is_some();
        assert_eq!(
            [hits("/sms"), hits("/x"), hits("/sms"), hits("/sms")],
            [false, false, true, false]
        );
        assert_eq!(rules.total(), 1);
    }

    #[test]
    fn throttling_ends_after_the_given_number_of_requests() {
        let mut rules = Rules::new(1);
        rules.add(Fault::new(When::always(), What::ThrottleFor(2)));
        let hits: Vec<_> = (0..3).map(|_| rules.pick(&facts("/")).is_some()).collect();
        assert_eq!(hits, [true, true, false]);
    }

    #[test]
    fn the_same_seed_draws_the_same_faults() {
        let run = || {
            let mut rules = Rules::new(42);
            rules.add(Fault::new(When::always().probability(0.5), What::Reset));
            (0..64)
                .map(|_| rules.pick(&facts("/")).is_some())
                .collect::<Vec<_>>()
        };
        assert_eq!(run(), run());
        assert!(run().contains(&true) && run().contains(&false));
    }
}
