//! A phone as an identity has it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use texting::phone::{Country, Phone};

fuzz_target!(|written: &str| {
    let plain = Phone::parse(written);
    for phone in plain.iter().chain(in_every_country(written).iter()) {
        assert!((7..=15).contains(&phone.len()) && !phone.starts_with('0'));
        assert!(phone.bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(Phone::parse(phone).as_ref(), Some(phone));
        assert!(phone.guises().iter().all(|guise| guise.is_same(phone)));
    }
});

fn in_every_country(written: &str) -> Vec<Phone> {
    let countries = Country::all().map(Country::of_iso);
    countries
        .filter_map(|country| Phone::of_identity(written, country))
        .collect()
}
