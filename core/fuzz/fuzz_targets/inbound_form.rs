//! An inbound text in the query and a form. The input is the query, up to the first line break, and
//! then the body.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use texting::nexmo::params::params;
use texting_fuzz::{
    as_form, check_inbound,
    mutator::{mutate, read_form, write_form},
};

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n');
    let (query, body) = input.split_at(end.unwrap_or(input.len()));
    let Ok(query) = str::from_utf8(query) else {
        return;
    };
    let body = body.strip_prefix(b"\n").unwrap_or_default();
    let Ok(read) = params(query, FORM, body) else {
        return;
    };
    let form = as_form(&read);
    assert_eq!(params(&form, None, b"").as_ref(), Ok(&read));
    assert_eq!(params("", FORM, form.as_bytes()).as_ref(), Ok(&read));
    check_inbound(&read);
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate((data, size, most), seed, read_form, write_form)
});
