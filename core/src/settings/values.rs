//! Reads the values of single settings. Errors complete a sentence that begins with the setting.

use std::str::FromStr;

use uuid::Uuid;

use super::{
    NumberOrder,
    duration::{self, DurationError},
    reader::quote,
    setting::ChatKind,
};
use crate::{
    chat::status::{ReportOn, Status},
    identity::FieldPath,
    layer::version::ApiVersion,
    nexmo::signature::SignatureMethod,
    phone::{self, Country, Number},
    secret::Secret,
    sms::control::is_blank,
    template::{Context, Template, TemplateError, TemplateKind},
    time::{DAY, SECOND, Span},
    words::Attachments,
};

/// The prefix of the long form of an application's id.
const APPS: &str = "layer:///apps/";
/// The webhook secret in the original service's examples, which were published.
const PUBLISHED_SECRET: &str = "Lord of the Mog has jammed your radar";
/// The longest `DELAY`.
const LONGEST_DELAY: Span = DAY.times(30);
/// The shortest `TEXT_TTL` (`ttl` in Nexmo's SMS API reference).
const SHORTEST_TTL: Span = SECOND.times(20);
/// The longest `TEXT_TTL`.
const LONGEST_TTL: Span = DAY.times(7);
/// The longest `NUMBER_EXPIRATION_TIME`, a hundred years.
const LONGEST_EXPIRATION: Span = DAY.times(36_525);

/// Reads an application's id in either form. Returns the UUID in lower case.
pub(super) fn app_id(value: &str) -> Result<String, String> {
    let id = match value.strip_prefix(APPS) {
        Some(rest) => rest.rsplit('/').next().unwrap_or(rest),
        None => value,
    };
    // The length excludes braces, URNs and the form without hyphens, which `uuid` accepts.
    match Uuid::try_parse(id) {
        Ok(uuid) if id.len() == 36 => Ok(uuid.to_string()),
        _ => Err(format!("{} is not an application's id", quote(value))),
    }
}

pub(super) fn webhook_secret(value: &str) -> Result<Secret, String> {
    if value == PUBLISHED_SECRET {
        return Err("is the published example, which everybody knows".to_owned());
    }
    Ok(Secret::new(value))
}

/// Reads a token that is sent in a header.
pub(super) fn token(value: &str) -> Result<Secret, String> {
    if value.bytes().all(|b| matches!(b, b' '..=b'~')) {
        Ok(Secret::new(value))
    } else {
        Err("has characters that a header cannot carry".to_owned())
    }
}

pub(super) fn version(value: &str) -> Result<ApiVersion, String> {
    let is_whole = value.bytes().all(|byte| byte.is_ascii_digit());
    let hint = if is_whole {
        ": write it with its fraction and in quotes, such as `\"1.0\"`"
    } else {
        ""
    };
    value
        .parse()
        .map_err(|_| format!("{} is not a version of the API{hint}", quote(value)))
}

pub(super) fn chat_kind(value: &str) -> Result<ChatKind, String> {
    one_of(value, "layer or matrix")
}

pub(super) fn method(value: &str) -> Result<SignatureMethod, String> {
    value
        .parse()
        .map_err(|_| format!("{} is not a signature method", quote(value)))
}

pub(super) fn switch(value: &str) -> Result<bool, String> {
    match value.to_ascii_lowercase().as_str() {
        "on" | "true" => Ok(true),
        "off" | "false" => Ok(false),
        _ => Err(format!("{} is not on or off", quote(value))),
    }
}

/// Reads a number that is not zero.
pub(super) fn count(value: &str) -> Result<usize, String> {
    limit(value)?.ok_or_else(|| format!("{} is below 1", quote(value)))
}

/// Reads a number of which zero means that there is no limit.
pub(super) fn limit(value: &str) -> Result<Option<usize>, String> {
    let is_digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse() {
        _ if !is_digits => Err(format!("{} is not a whole number", quote(value))),
        Ok(count) => Ok((count > 0).then_some(count)),
        Err(_) => Err(format!("{} is too large", quote(value))),
    }
}

/// Reads how long Nexmo may try to deliver a text.
pub(super) fn ttl(value: &str) -> Result<Span, String> {
    match duration(value)? {
        ttl if ttl < SHORTEST_TTL => Err(format!("{} is under 20 seconds", quote(value))),
        ttl if ttl > LONGEST_TTL => Err(format!("{} is over 7 days", quote(value))),
        ttl => Ok(ttl),
    }
}

/// Reads a path of fields with points between them.
pub(super) fn field_path(value: &str) -> Result<FieldPath, String> {
    FieldPath::read(value).ok_or_else(|| {
        format!(
            "{} is not a path of names with points between",
            quote(value)
        )
    })
}

pub(super) fn number_order(value: &str) -> Result<NumberOrder, String> {
    one_of(value, "listed or spread")
}

pub(super) fn attachments(value: &str) -> Result<Attachments, String> {
    one_of(value, "describe or ignore")
}

/// Reads one of a few words, in any case.
fn one_of<T: FromStr>(value: &str, words: &str) -> Result<T, String> {
    value
        .to_ascii_lowercase()
        .parse()
        .map_err(|_| format!("{} is not {words}", quote(value)))
}

/// Reads the pool, in order of preference. The error lists every problem.
pub(super) fn numbers(value: &str) -> Result<Vec<Number>, String> {
    let mut read: Vec<NumberEntry> = Vec::new();
    let mut problems = Vec::new();
    let entries = (1..).zip(value.split(',').map(str::trim));
    for (index, entry) in entries.filter(|(_, entry)| !entry.is_empty()) {
        let named = || format!("entry {index} ({})", quote(&phone::mask(entry)));
        let Some(number) = Number::parse(entry) else {
            problems.push(format!("{} is not a plausible phone number", named()));
            continue;
        };
        match read.iter().find(|known| known.number == number) {
            Some(first) => problems.push(format!("{} repeats entry {}", named(), first.index)),
            None => read.push(NumberEntry { index, number }),
        }
    }
    if read.is_empty() && problems.is_empty() {
        problems.push("has no number in it".to_owned());
    }
    if problems.is_empty() {
        Ok(read.into_iter().map(|entry| entry.number).collect())
    } else {
        Err(problems.join("; "))
    }
}

/// Reads the country of national phones.
pub(super) fn country(value: &str) -> Result<Country, String> {
    Country::of_iso(value).ok_or_else(|| {
        let known: Vec<&str> = Country::all().collect();
        format!(
            "{} is not a country whose phones can be read without a country's code; these are {}",
            quote(value),
            known.join(", ")
        )
    })
}

/// An entry of the pool, with its index from 1.
struct NumberEntry {
    index: usize,
    number: Number,
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
                    "{} is not allowed: a message that was read needs no text",
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

/// Compiles a template and renders it on the sample message, where it must not be blank.
pub(super) fn template(value: &str, kind: TemplateKind) -> Result<Template, String> {
    let checked = || {
        let template = Template::compile(value, kind)?;
        let rendered = template.render(&Context::sample(kind))?;
        Ok((template, rendered))
    };
    match checked() {
        Ok((_, rendered)) if is_blank(&rendered) => Err(format!(
            "{} renders blank on a sample message",
            quote(value)
        )),
        Ok((template, _)) => Ok(template),
        Err(TemplateError { fault, .. }) => Err(fault.to_string()),
    }
}
