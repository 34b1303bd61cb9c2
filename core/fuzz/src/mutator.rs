//! Changes to parameters as a whole, which flipping bytes hardly ever brings about: a name that Nexmo
//! knows with a value that is valid somewhere.

use fastrand::Rng;
use libfuzzer_sys::fuzzer_mutate;
use serde_json::Value;
use texting::nexmo::params::params;

use crate::{Params, as_form};

const NAMES: [&str; 21] = [
    "msisdn",
    "to",
    "messageId",
    "text",
    "type",
    "concat",
    "concat-ref",
    "concat-total",
    "concat-part",
    "message-timestamp",
    "timestamp",
    "sig",
    "status",
    "err-code",
    "keyword",
    "nonce",
    "api-key",
    "message_uuid",
    "channel",
    "data",
    "udh",
];
const VALUES: [&str; 30] = [
    "",
    " ",
    "0",
    "1",
    "2",
    "4",
    "255",
    "256",
    "-1",
    "9223372036854775807",
    "1464088321",
    "14845550101",
    "148455501011234",
    "1234567",
    "+44 (0)20 7946 0018",
    "0016105550102",
    "ACME",
    "é😀",
    "true",
    "false",
    "text",
    "unicode",
    "Binary",
    "delivered",
    "2016-05-24 11:12:01",
    "2020-01-01T12:00:00.000+00:00",
    "\u{0}\n\"\\",
    "\u{feff}\u{2003}\u{ff0b}",
    "&=%",
    "null",
];

fn change(params: &mut Params, random: &mut Rng) {
    let at = random.usize(..=params.len());
    let value = random.choice(VALUES).unwrap_or_default();
    match (random.u8(..6), params.get_mut(at)) {
        (0, Some(_)) => drop(params.remove(at)),
        (1, Some(param)) => param.1.push_str(value),
        (2, Some(param)) => param.1.insert_str(0, value),
        (3 | 4, Some(param)) => param.1 = value.to_owned(),
        _ => {
            let name = random.choice(NAMES).unwrap_or_default();
            params.insert(at, (name.to_owned(), value.to_owned()));
        }
    }
}

/// Changes the `size` bytes at the start of `data`, which `read` and `write` understand: their
/// parameters, or at times just bytes. Returns how many they are then.
pub fn mutate(
    (data, size, most): (&mut [u8], usize, usize),
    seed: u32,
    read: impl Fn(&[u8]) -> Option<Params>,
    write: impl Fn(&Params) -> Vec<u8>,
) -> usize {
    let mut random = Rng::with_seed(seed.into());
    let is_for_bytes = random.bool();
    let Some(mut params) = read(&data[..size]).filter(|_| !is_for_bytes) else {
        return fuzzer_mutate(data, size, most);
    };
    for _ in 0..random.u8(1..=3) {
        change(&mut params, &mut random);
    }
    let written = write(&params);
    match data.get_mut(..written.len()) {
        Some(place) if written.len() <= most => {
            place.copy_from_slice(&written);
            written.len()
        }
        _ => fuzzer_mutate(data, size, most),
    }
}

/// Parameters from a query and a form, with a line break between.
pub fn read_form(input: &[u8]) -> Option<Params> {
    let mut lines = input.splitn(2, |byte| *byte == b'\n');
    let query = str::from_utf8(lines.next()?).ok()?;
    params(query, None, lines.next().unwrap_or_default()).ok()
}

/// Parameters as a query.
pub fn write_form(params: &Params) -> Vec<u8> {
    as_form(params).into_bytes()
}

/// Parameters from a JSON object.
pub fn read_json(input: &[u8]) -> Option<Params> {
    params("", Some("application/json"), input).ok()
}

/// Parameters as a JSON object, numbers and the like without quotes.
pub fn write_json(params: &Params) -> Vec<u8> {
    let member = |(name, value): &(String, String)| {
        let text = |text: &str| Value::from(text).to_string();
        let is_json = serde_json::from_str::<Value>(value).is_ok();
        let value = if is_json { value.clone() } else { text(value) };
        format!("{}:{value}", text(name))
    };
    let members: Vec<String> = params.iter().map(member).collect();
    format!("{{{}}}", members.join(",")).into_bytes()
}
