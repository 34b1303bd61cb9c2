use proptest::prelude::*;

use super::*;

fn parsed(written: &str) -> Option<String> {
    Phone::parse(written).map(|phone| phone.to_string())
}

fn is_read_as(written: &str, digits: &str) {
    assert_eq!(parsed(written).as_deref(), Some(digits), "{written:?}");
}

fn are_none(written: &[&str]) {
    for written in written {
        assert_eq!(parsed(written), None, "{written:?}");
    }
}

#[test]
fn blanks_brackets_dashes_and_dots_are_removed() {
    is_read_as("+1 (555) 010-2030", "15550102030");
    is_read_as("+1(555)010-2030", "15550102030");
    is_read_as("1.555.010.2030", "15550102030");
    is_read_as("+49 30 - 123456", "4930123456");
    is_read_as("(+49) 30 123456", "4930123456");
    is_read_as("\t15550102030\n", "15550102030");
    is_read_as("+1  555  0102030", "15550102030");
    is_read_as("44 7911 123456", "447911123456");
}

#[test]
fn their_unicode_kin_and_digits_of_any_script_count() {
    is_read_as(
        "\u{202a}+1\u{a0}555\u{2011}010\u{2013}2030\u{202c}",
        "15550102030",
    );
    is_read_as("\u{ff0b}1\u{3000}555\u{2212}0102030\u{feff}", "15550102030");
    is_read_as("＋１５５５０１０２０３６", "15550102036");
    is_read_as("＋１（５５５）０１０－２０３６", "15550102036");
    is_read_as("+٩٧١ ٥٠ ١٢٣ ٤٥٦٧", "971501234567");
    is_read_as("+९१ ९८१२३ ४५६७८", "919812345678");
}

#[test]
fn a_leading_00_is_removed_unless_there_is_a_plus() {
    is_read_as("0044 20 7946 0000", "442079460000");
    is_read_as("(00)44 20 7946 0000", "442079460000");
    are_none(&["+0044 20 7946 0000", "+00 44 20 7946 0000", "000 1234567"]);
}

#[test]
fn a_bracketed_zero_after_the_countrys_code_is_removed_but_italys_is_kept() {
    is_read_as("+44 (0)20 7946 0000", "442079460000");
    is_read_as("0044(0)2079460000", "442079460000");
    is_read_as("+44 ( 0 ) 20 7946 0000", "442079460000");
    is_read_as("+39 (0)6 1234567", "39061234567");
    is_read_as("0039 (0)6 1234567", "39061234567");
    are_none(&[
        "(0)20 7946 0000",
        "+44 20 79 (0) 46 0000",
        "+44 20 79(0)46 0000",
        "+44 (0)20 (0)7946 000",
    ]);
}

#[test]
fn a_uri_and_a_spreadsheets_number_are_read() {
    is_read_as("tel:+1-555-010-2032", "15550102032");
    is_read_as("TEL: +15550102032", "15550102032");
    is_read_as("15550102032.0", "15550102032");
    is_read_as("+15550102032.0", "15550102032");
    is_read_as("15550102032.00", "15550102032");
    is_read_as("＋４９３０１２３４５６．０", "4930123456");
    is_read_as("4930123456．0", "4930123456");
    is_read_as("٤٩٣٠١٢٣٤٥٦.٠", "4930123456");
    is_read_as("+49 30 123456.0", "4930123456");
    is_read_as("1555010.2030", "15550102030");
    is_read_as("+3361234.5678", "33612345678");
    are_none(&["tel:5550102;phone-context=+1", "tel:", "15550102032.5"]);
}

#[test]
fn seven_to_fifteen_digits_are_plausible() {
    is_read_as("1234567", "1234567");
    is_read_as("123456789012345", "123456789012345");
    are_none(&["123456", "1234567890123456", "020 7946 0000"]);
}

#[test]
fn what_could_be_two_phones_is_none() {
    are_none(&[
        "5550102 / 5550103",
        "5550102/5550103",
        "5550102, 5550103",
        "5550102; 5550103",
        "5550102 or 5550103",
        "5550102 5550103",
        "5550102-5550103",
        "5550102\n5550103",
        "5550102 | 5550103",
        "5550102 & 5550103",
        "5550102\u{200b}5550103",
        "5550102\u{ad}5550103",
        "5550102\u{feff}5550103",
        "555010 555011",
        "+49 30 1234567 (12)",
        "+15550102+15550103",
        "+1 5550102 +1 5550103",
        "15550102030,15550102031",
        "15550102030+4",
    ]);
}

#[test]
fn extensions_letters_and_odd_marks_are_no_phone() {
    are_none(&[
        "",
        " ",
        "+",
        "()",
        "MTN",
        "1555010203x",
        "15550102030 ext. 4",
        "15550102030 x12",
        "15550102030#12",
        "15550102030;ext=12",
        "15550102030*12",
        "1-800-FLOWERS",
        "++15550102030",
        "1+5550102030",
        "15550--102030",
        "15550..102030",
        "15550.-102030",
        "-15550102030",
        "15550102030-",
        "15550102030.",
        "15550102030 -",
        "①5550102030",
        "1_555_0102030",
        "[1] 5550102030",
    ]);
}

#[test]
fn a_national_phone_is_read_in_its_country_and_others_need_a_plus() {
    let us = Country::of_iso("US");
    let read = |written: &str| Phone::of_identity(written, us).map(|phone| phone.to_string());
    for written in [
        "(555) 010-2038",
        "555.010.2038",
        "1 555 010 2038",
        "+1 555 010 2038",
    ] {
        assert_eq!(read(written).as_deref(), Some("15550102038"), "{written}");
    }
    assert_eq!(read("+44 7911 123456").as_deref(), Some("447911123456"));
    assert_eq!(read("0044 7911 123456").as_deref(), Some("447911123456"));
    assert_eq!(read("447911123456"), None);
    let none = Phone::of_identity("(555) 010-2038", None);
    assert_eq!(none, Phone::parse("5550102038"));
}

#[test]
fn the_last_two_characters_stay_readable() {
    assert_eq!(mask("15550102030"), "*********30");
    assert_eq!(mask("MTN"), "*TN");
    assert_eq!(mask("12"), "**");
    assert_eq!(mask(""), "");
    assert_eq!(mask("é1\n"), "*1*");
    assert_eq!(mask(&"7".repeat(1000)), format!("{}77", "*".repeat(13)));
}

proptest! {
    #[test]
    fn reading_twice_changes_nothing(written in "(tel:)?\\+?[0-9() .-]{0,24}") {
        if let Some(phone) = parsed(&written) {
            prop_assert_eq!(parsed(&phone), Some(phone.clone()));
            prop_assert!((7..=15).contains(&phone.len()));
        }
    }

    /// No separator of an accepted field divides it into two phones.
    #[test]
    fn no_accepted_field_has_two_readings(
        written in "\\+?[0-9０-９٠-٩]{1,9}([ ()．.\u{ad}\u{200b}\u{a0}－-]{1,2}[0-9０-９٠-٩]{1,9}){0,3}"
    ) {
        if let Some(phone) = parsed(&written) {
            let is_mark = |c: &char| !c.is_numeric() && *c != '+';
            let digits = |part: &str| part.chars().filter(|c| c.is_numeric()).count();
            // `00` in front, a trunk zero and a fraction are no part of a phone.
            let shortest = 7 + digits(&written) - phone.len();
            for (at, _) in written.char_indices().filter(|(_, c)| is_mark(c)) {
                let (one, other) = written.split_at(at);
                prop_assert!(digits(one) < shortest || digits(other) < shortest, "{} {}", written, phone);
            }
        }
    }

    #[test]
    fn two_phones_in_one_field_are_none(
        (one, other) in ("\\+?[1-9][0-9]{6,11}", "\\+?[1-9][0-9]{6,11}"),
        between in "( ?[/,;|&] ?| or | and |\n| - |-|  ?|\\.|\u{200b}|\u{2060})",
    ) {
        prop_assert_eq!(parsed(&format!("{one}{between}{other}")), None);
    }

    #[test]
    fn any_string_can_be_read_and_masked(written in any::<String>()) {
        let phone = Phone::parse(&written);
        prop_assert!(phone.is_none_or(|phone| phone.bytes().all(|byte| byte.is_ascii_digit())));
        let _ = Phone::of_identity(&written, Country::of_iso("GB"));
        prop_assert!(mask(&written).chars().count() <= 15);
    }
}
