//! Phones as they are written within their country (`PHONE_COUNTRY`). A table of countries whose plans are simple:
//! a library that knows all plans is larger than the whole Worker.

use std::ops::RangeInclusive;

/// A country whose national phones can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country(&'static Plan);

/// How a country's phones are written.
#[derive(Debug, PartialEq, Eq)]
struct Plan {
    /// The country, ISO 3166.
    iso: &'static str,
    /// Its calling code.
    code: &'static str,
    /// What stands before a phone within the country, and goes from abroad.
    trunk: &'static str,
    /// How many digits a phone has after the calling code.
    lengths: RangeInclusive<usize>,
    /// The digits that a phone may begin with after the calling code.
    begins_with: &'static str,
}

impl Country {
    /// The country with this ISO code, in any case; `None` if its plan is not in the table.
    pub fn of_iso(iso: &str) -> Option<Self> {
        PLANS
            .iter()
            .find(|plan| plan.iso.eq_ignore_ascii_case(iso))
            .map(Self)
    }

    /// The ISO codes of all countries in the table.
    pub fn all() -> impl Iterator<Item = &'static str> {
        PLANS.iter().map(|plan| plan.iso)
    }

    /// The phone with its calling code, given the digits that are written. Digits that begin with the calling code and
    /// are as long as a phone with it stay as they are. `None` when they are no valid phone of the country.
    pub(super) fn complete(self, digits: &str) -> Option<String> {
        let Plan { code, trunk, .. } = self.0;
        let after = |prefix: &str| digits.strip_prefix(prefix).filter(|rest| self.has(rest));
        let without_trunk = || after(trunk).filter(|_| !trunk.is_empty());
        let national = after(code).or_else(without_trunk).or_else(|| after(""))?;
        Some(format!("{code}{national}"))
    }

    /// Whether these are the digits of a phone after the calling code.
    fn has(self, national: &str) -> bool {
        self.0.lengths.contains(&national.len())
            && national.starts_with(|c| self.0.begins_with.contains(c))
    }
}

const fn plan(
    iso: &'static str,
    code: &'static str,
    trunk: &'static str,
    lengths: RangeInclusive<usize>,
    begins_with: &'static str,
) -> Plan {
    Plan {
        iso,
        code,
        trunk,
        lengths,
        begins_with,
    }
}

/// Countries whose phones have one length, or few, and at most a simple trunk prefix.
const PLANS: [Plan; 85] = [
    plan("AE", "971", "0", 8..=9, "2345679"),
    plan("AU", "61", "0", 9..=9, "23478"),
    plan("BD", "880", "0", 10..=10, "123456789"),
    plan("BE", "32", "0", 8..=9, "123456789"),
    plan("BG", "359", "0", 8..=9, "23456789"),
    plan("BO", "591", "", 8..=8, "234678"),
    plan("BR", "55", "0", 10..=11, "123456789"),
    plan("CA", "1", "1", 10..=10, "23456789"),
    plan("CH", "41", "0", 9..=9, "23456789"),
    plan("CL", "56", "", 9..=9, "23456789"),
    plan("CN", "86", "0", 9..=11, "123456789"),
    plan("CO", "57", "", 10..=10, "36"),
    plan("CR", "506", "", 8..=8, "24578"),
    plan("CY", "357", "", 8..=8, "29"),
    plan("CZ", "420", "", 9..=9, "234567"),
    plan("DE", "49", "0", 6..=11, "123456789"),
    plan("DK", "45", "", 8..=8, "23456789"),
    plan("DO", "1", "1", 10..=10, "8"),
    plan("EC", "593", "0", 8..=9, "23456789"),
    plan("EE", "372", "", 7..=8, "3456789"),
    plan("EG", "20", "0", 8..=10, "123456789"),
    plan("ES", "34", "", 9..=9, "6789"),
    plan("FI", "358", "0", 6..=10, "123456789"),
    plan("FR", "33", "0", 9..=9, "12345679"),
    plan("GB", "44", "0", 9..=10, "12378"),
    plan("GH", "233", "0", 9..=9, "235"),
    plan("GR", "30", "", 10..=10, "26"),
    plan("GT", "502", "", 8..=8, "234567"),
    plan("HK", "852", "", 8..=8, "235679"),
    plan("HR", "385", "0", 8..=9, "123456789"),
    plan("HU", "36", "06", 8..=9, "123456789"),
    plan("ID", "62", "0", 9..=12, "123456789"),
    plan("IE", "353", "0", 7..=9, "12456789"),
    plan("IL", "972", "0", 8..=9, "234578"),
    plan("IN", "91", "0", 10..=10, "123456789"),
    plan("IS", "354", "", 7..=7, "4678"),
    plan("IT", "39", "", 9..=10, "03"),
    plan("JM", "1", "1", 10..=10, "68"),
    plan("JO", "962", "0", 8..=9, "235678"),
    plan("JP", "81", "0", 9..=10, "123456789"),
    plan("KE", "254", "0", 9..=9, "1247"),
    plan("KR", "82", "0", 8..=10, "1234567"),
    plan("KW", "965", "", 8..=8, "24569"),
    plan("KZ", "7", "8", 10..=10, "7"),
    plan("LK", "94", "0", 9..=9, "123456789"),
    plan("LT", "370", "0", 8..=8, "34567"),
    plan("LU", "352", "", 9..=9, "6"),
    plan("LV", "371", "", 8..=8, "26"),
    plan("MA", "212", "0", 9..=9, "5678"),
    plan("MT", "356", "", 8..=8, "279"),
    plan("MX", "52", "", 10..=11, "123456789"),
    plan("MY", "60", "0", 8..=10, "13456789"),
    plan("NG", "234", "0", 8..=10, "123456789"),
    plan("NL", "31", "0", 9..=9, "1234567"),
    plan("NO", "47", "", 8..=8, "2345679"),
    plan("NZ", "64", "0", 8..=10, "2346789"),
    plan("PA", "507", "", 7..=8, "23456789"),
    plan("PE", "51", "0", 8..=9, "1456789"),
    plan("PH", "63", "0", 8..=10, "23456789"),
    plan("PK", "92", "0", 10..=10, "23456789"),
    plan("PL", "48", "", 9..=9, "12345678"),
    plan("PR", "1", "1", 10..=10, "79"),
    plan("PT", "351", "", 9..=9, "2379"),
    plan("PY", "595", "0", 9..=9, "23456789"),
    plan("QA", "974", "", 8..=8, "34567"),
    plan("RO", "40", "0", 9..=9, "237"),
    plan("RS", "381", "0", 8..=9, "123456"),
    plan("RU", "7", "8", 10..=10, "3489"),
    plan("SA", "966", "0", 8..=9, "15"),
    plan("SE", "46", "0", 7..=9, "123456789"),
    plan("SG", "65", "", 8..=8, "3689"),
    plan("SI", "386", "0", 8..=8, "1234567"),
    plan("SK", "421", "0", 9..=9, "2345679"),
    plan("TH", "66", "0", 8..=9, "23456789"),
    plan("TN", "216", "", 8..=8, "234579"),
    plan("TR", "90", "0", 10..=10, "2345"),
    plan("TW", "886", "0", 8..=9, "23456789"),
    plan("TZ", "255", "0", 9..=9, "267"),
    plan("UA", "380", "0", 9..=9, "3456789"),
    plan("UG", "256", "0", 9..=9, "2347"),
    plan("US", "1", "1", 10..=10, "23456789"),
    plan("UY", "598", "0", 8..=8, "2349"),
    plan("VE", "58", "0", 10..=10, "24"),
    plan("VN", "84", "0", 9..=10, "235789"),
    plan("ZA", "27", "0", 9..=9, "12345678"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn complete(iso: &str, digits: &str) -> Option<String> {
        Country::of_iso(iso).unwrap().complete(digits)
    }

    fn is_read_as(iso: &str, digits: &str, expected: &str) {
        assert_eq!(
            complete(iso, digits).as_deref(),
            Some(expected),
            "{digits} in {iso}"
        );
    }

    #[test]
    fn a_national_phone_gets_its_countrys_code() {
        is_read_as("US", "5550102038", "15550102038");
        is_read_as("us", "15550102038", "15550102038");
        is_read_as("GB", "07911123456", "447911123456");
        is_read_as("GB", "7911123456", "447911123456");
        is_read_as("GB", "447911123456", "447911123456");
        is_read_as("FR", "0612345678", "33612345678");
        is_read_as("ES", "612345678", "34612345678");
        is_read_as("NO", "91234567", "4791234567");
        is_read_as("MX", "5512345678", "525512345678");
        is_read_as("IN", "09812345678", "919812345678");
        is_read_as("DE", "015112345678", "4915112345678");
        is_read_as("DE", "4915112345678", "4915112345678");
        is_read_as("IT", "3931234567", "393931234567");
        is_read_as("HU", "06301234567", "36301234567");
        is_read_as("DE", "4930123456", "4930123456");
        is_read_as("ID", "628123456789", "628123456789");
        is_read_as("ID", "08123456789", "628123456789");
        is_read_as("MX", "5215512345678", "5215512345678");
        is_read_as("MY", "6012345678", "6012345678");
        is_read_as("RU", "89161234567", "79161234567");
    }

    #[test]
    fn what_is_no_phone_of_the_country_is_none() {
        for (iso, digits) in [
            ("US", "447911123456"),
            ("US", "555010203"),
            ("US", "0550102038"),
            ("GB", "0079111234"),
            ("FR", "00612345678"),
            ("NO", "912345678"),
        ] {
            assert_eq!(complete(iso, digits), None, "{digits} in {iso}");
        }
    }

    #[test]
    fn only_countries_in_the_table_are_known() {
        assert!(Country::of_iso("AR").is_none() && Country::of_iso("").is_none());
        assert!(Country::all().is_sorted());
    }

    proptest! {
        #[test]
        fn what_is_complete_stays(
            at in any::<prop::sample::Index>(),
            digits in "[0-9]{6,15}",
        ) {
            let country = Country(&PLANS[at.index(PLANS.len())]);
            if let Some(phone) = country.complete(&digits) {
                let national = phone.strip_prefix(country.0.code).unwrap();
                prop_assert!(country.has(national));
                let again = country.complete(&phone);
                prop_assert_eq!(again, Some(phone));
            }
        }
    }
}
