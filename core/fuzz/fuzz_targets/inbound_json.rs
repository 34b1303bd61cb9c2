//! An inbound text as JSON. The input is the body.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use texting::nexmo::{inbound::read, params::params};
use texting_fuzz::{
    as_form, check_inbound,
    mutator::{mutate, read_json, write_json},
};

const JSON: Option<&str> = Some("application/json; charset=utf-8");

fuzz_target!(|body: &[u8]| {
    let Ok(from_json) = params("", JSON, body) else {
        assert!(serde_json::from_slice::<serde_json::Map<_, _>>(body).is_err());
        return;
    };
    assert!(from_json.is_sorted_by(|(a, _), (b, _)| a < b));
    if body.trim_ascii_start().starts_with(b"{") {
        assert_eq!(params("", None, body).as_ref(), Ok(&from_json));
    }
    let from_query = params(&as_form(&from_json), None, b"");
    assert_eq!(from_query.as_ref(), Ok(&from_json));
    assert_eq!(from_query.map(|params| read(&params)), Ok(read(&from_json)));
    check_inbound(&from_json);
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate((data, size, most), seed, read_json, write_json)
});
