//! Quiet hours by the clock of the page. The Worker goes by real UTC: its quiet hours are those of the page, moved by
//! the clock's offset, and the times that it names are moved back.

use crate::clock::TimeOfDay;

/// When it becomes quiet, by the clock of the page.
const FROM: TimeOfDay = TimeOfDay::hour(21);
/// When it is no longer quiet.
const UNTIL: TimeOfDay = TimeOfDay::hour(8);

/// The Worker's `TIME_ZONE`.
pub(crate) const TIME_ZONE: &str = "UTC";

/// The Worker's `QUIET_HOURS`, while the clock of the page is so many minutes ahead of UTC.
pub(crate) fn setting(offset: i64) -> String {
    format!("{}-{}", FROM.plus(-offset), UNTIL.plus(-offset))
}

/// For the page: `21:00–08:00`.
pub(crate) fn hours() -> String {
    format!("{FROM}–{UNTIL}")
}

/// What the Worker says a text waits for. If that is a time, it is the one that the page's clock will show.
pub(crate) fn shown(words: &str, offset: i64) -> String {
    let time = words.strip_prefix("quiet until ");
    let time = time.and_then(|rest| rest.strip_suffix(TIME_ZONE)?.strip_suffix(' '));
    match time.and_then(TimeOfDay::read) {
        Some(time) => format!("quiet until {}", time.plus(offset)),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workers_quiet_hours_are_moved_against_the_clock() {
        assert_eq!(setting(0), "21:00-08:00");
        assert_eq!(setting(120), "19:00-06:00");
        assert_eq!(setting(-583), "06:43-17:43");
    }

    #[test]
    fn the_time_that_the_worker_names_is_moved_back() {
        for offset in [0, 120, -583, 1439] {
            let (_, end) = setting(offset)
                .split_once('-')
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .unwrap();
            let words = format!("quiet until {end} UTC");
            assert_eq!(shown(&words, offset), "quiet until 08:00", "{offset}");
        }
    }

    #[test]
    fn other_words_stay_as_they_are() {
        for words in [
            "MAX_TEXTS_PER_DAY: 3 in 24 hours",
            "quiet until 08:00 Europe/Berlin",
            "quiet until UTC",
        ] {
            assert_eq!(shown(words, 60), words);
        }
    }
}
