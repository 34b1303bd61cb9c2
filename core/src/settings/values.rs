//! The values of single settings: read here, each with the words for what is wrong with it.

use uuid::Uuid;

use super::{
    duration::{self, DurationError},
    reader::quote,
};
use crate::{
    chat::status::{ReportOn, Status},
    layer::api::ApiVersion,
    nexmo::signature::SignatureMethod,
    phone::{self, Number},
    secret::Secret,
    template::{Context, Kind, Template, TemplateError},
    time::{DAY, Span},
};

/// Before the uuid in the long form of an application's id.
const APPS: &str = "layer:///apps/";
/// The webhook secret in the examples of the original service: published, so no secret.
const PUBLISHED: &str = "Lord of the Mog has jammed your radar";
/// The longest `DELAY`.
const LONGEST_DELAY: Span = DAY.times(30);
/// The longest `NUMBER_EXPIRATION_TIME`, a hundred years.
const LONGEST_EXPIRATION: Span = DAY.times(36_525);

/// Reads an application's id in either form; the result is the uuid in lower case.
pub(super) fn app_id(value: &str) -> Result<String, String> {
    let id = match value.strip_prefix(APPS) {
        Some(rest) => rest.rsplit('/').next().unwrap_or(rest),
        None => value,
    };
    // Without the length, `uuid` would also take braces, a urn and the form without hyphens.
    match Uuid::try_parse(id) {
        Ok(uuid) if id.len() == 36 => Ok(uuid.to_string()),
        _ => Err(format!("{} is not an application's id", quote(value))),
    }
}

pub(super) fn webhook_secret(value: &str) -> Result<Secret, String> {
    if value == PUBLISHED {
        return Err("is the published example, which everybody knows".to_owned());
    }
    Ok(Secret::new(value))
}

/// Reads a token that goes into a header of a request.
pub(super) fn token(value: &str) -> Result<Secret, String> {
    if value.bytes().all(|b| matches!(b, b' '..=b'~')) {
        Ok(Secret::new(value))
    } else {
        Err("has characters that a header cannot carry".to_owned())
    }
}

pub(super) fn version(value: &str) -> Result<ApiVersion, String> {
    ApiVersion::from_setting(value)
        .ok_or_else(|| format!("{} is not a version of the API", quote(value)))
}

pub(super) fn method(value: &str) -> Result<SignatureMethod, String> {
    value
        .parse()
        .map_err(|_| format!("{} is not a signature method", quote(value)))
}

/// Reads the pool: E.164 digits, in order of preference. All that is wrong with it is said at once.
pub(super) fn numbers(value: &str) -> Result<Vec<Number>, String> {
    let mut numbers: Vec<(usize, Number)> = Vec::new();
    let mut problems = Vec::new();
    let entries = (1..).zip(value.split(',').map(str::trim));
    for (place, entry) in entries.filter(|(_, entry)| !entry.is_empty()) {
        let named = || format!("entry {place} ({})", quote(&phone::mask(entry)));
        let Some(number) = Number::parse(entry) else {
            problems.push(format!("{} is not a plausible phone number", named()));
            continue;
        };
        match numbers.iter().find(|(_, known)| *known == number) {
            Some((first, _)) => problems.push(format!("{} repeats entry {first}", named())),
            None => numbers.push((place, number)),
        }
    }
    if numbers.is_empty() && problems.is_empty() {
        problems.push("has no number in it".to_owned());
    }
    if problems.is_empty() {
        Ok(numbers.into_iter().map(|(_, number)| number).collect())
    } else {
        Err(problems.join("; "))
    }
}

pub(super) fn delay(value: &str) -> Result<Span, String> {
    match duration(value)? {
        delay if delay > LONGEST_DELAY => Err(format!("{} is over 30 days", quote(value))),
        delay => Ok(delay),
    }
}

pub(super) fn expiration(value: &str) -> Result<Span, String> {
    match above_zero(value)? {
        expiration if expiration > LONGEST_EXPIRATION => {
            Err(format!("{} is over 100 years", quote(value)))
        }
        expiration => Ok(expiration),
    }
}

pub(super) fn above_zero(value: &str) -> Result<Span, String> {
    match duration(value)? {
        Span::ZERO => Err(format!("{} is zero", quote(value))),
        span => Ok(span),
    }
}

fn duration(value: &str) -> Result<Span, String> {
    duration::read(value).map_err(|error| {
        let value = quote(value);
        match error {
            DurationError::Empty => "is empty".to_owned(),
            DurationError::Negative => format!("{value} is negative"),
            DurationError::TooLong => format!("{value} is too long to be counted"),
            DurationError::Unreadable(why) => format!("{value} is not a span of time: {why}"),
        }
    })
}

pub(super) fn report_on(value: &str) -> Result<ReportOn, String> {
    let mut report_on = ReportOn {
        sent: false,
        delivered: false,
    };
    for word in value
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
    {
        match Status::read(&word.to_ascii_lowercase()) {
            Some(Status::Sent) => report_on.sent = true,
            Some(Status::Delivered) => report_on.delivered = true,
            Some(Status::Read) => {
                return Err(format!(
                    "{} is among them, but who has read a message needs no text",
                    quote(word)
                ));
            }
            None => return Err(format!("{} is not a recipient status", quote(word))),
        }
    }
    if report_on.sent || report_on.delivered {
        Ok(report_on)
    } else {
        Err("has no status in it".to_owned())
    }
}

/// Compiles a template and tries it out.
pub(super) fn template(value: &str, kind: Kind) -> Result<Template, String> {
    let tried = || {
        let template = Template::compile(value, kind)?;
        template.render(&Context::sample())?;
        Ok(template)
    };
    tried().map_err(|error: TemplateError| error.fault.to_string())
}
