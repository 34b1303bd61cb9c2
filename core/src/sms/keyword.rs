//! Keywords: STOP, START, HELP and their synonyms.
//!
//! The list follows 47 CFR 64.1200(a)(10), CTIA's guidelines and the usual lists of carriers. A text has to
//! consist of the keyword alone: a text that merely contains it is a message.

use strum::{EnumString, IntoStaticStr};

/// What a keyword asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Keyword {
    /// No more texts from any number.
    Stop,
    /// Texts again.
    Start,
    /// Information about the sender.
    Help,
}

impl Keyword {
    /// Its word in storage and logs.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// No keyword is longer, in bytes.
const LONGEST: usize = 32;

/// The keyword that a text consists of, in any case, with or without quotes and punctuation.
///
/// Nexmo's `keyword` parameter is no substitute: it is the first word of any text.
pub fn keyword(text: &str) -> Option<Keyword> {
    let bare = text.trim_matches(is_wrapping);
    if bare.len() > LONGEST {
        return None;
    }
    let words: Vec<&str> = bare.split_whitespace().collect();
    let lower: String = words.join(" ").chars().map(lower).collect();
    match lower.as_str() {
        "stop" | "stopall" | "stop all" | "unsubscribe" | "cancel" | "end" | "quit" | "revoke"
        | "optout" | "opt out" | "opt-out" | "remove" | "arret" | "arrêt" | "arre\u{302}t" => {
            Some(Keyword::Stop)
        }
        "start" | "unstop" => Some(Keyword::Start),
        "help" | "info" | "aide" => Some(Keyword::Help),
        _ => None,
    }
}

/// Lower-cases the characters that occur in keywords.
fn lower(c: char) -> char {
    if c == 'Ê' {
        'ê'
    } else {
        c.to_ascii_lowercase()
    }
}

/// Whether a character may surround a keyword: blanks, quotes and punctuation. An emoji may not: a text with
/// one is a message.
fn is_wrapping(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_punctuation()
        || c.is_control()
        || matches!(
            c,
            '\u{2010}'..='\u{2027}' | '\u{2039}' | '\u{203a}' | '«' | '»' | '¡' | '¿' | '´' | '·'
        )
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
        || matches!(c, '。' | '、' | '「' | '」' | '！' | '？')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_keyword_is_read_in_any_case() {
        let stop = "STOP,STOPALL,STOP ALL,UNSUBSCRIBE,CANCEL,END,QUIT,REVOKE,OPTOUT,OPT OUT,\
            OPT-OUT,REMOVE,ARRET,ARRÊT";
        for (words, expected) in [
            (stop, Keyword::Stop),
            ("START,UNSTOP", Keyword::Start),
            ("HELP,INFO,AIDE", Keyword::Help),
        ] {
            for word in words.split(',') {
                assert_eq!(keyword(word), Some(expected), "{word}");
                assert_eq!(keyword(&word.to_lowercase()), Some(expected), "{word}");
            }
        }
    }

    #[test]
    fn blanks_quotes_and_punctuation_around_it_do_not_matter() {
        for text in [
            " Stop ",
            "stop.",
            "STOP!!!",
            "\"stop\"",
            "“Stop”",
            "'stop'",
            "«stop»",
            "(stop)\n",
            "stop\u{200b}",
            "Stop   all",
            "opt\u{a0}out",
            "arre\u{302}t",
        ] {
            assert_eq!(keyword(text), Some(Keyword::Stop), "{text:?}");
        }
    }

    #[test]
    fn a_sentence_that_contains_one_is_a_message() {
        for text in [
            "Stop by at 5?",
            "please stop",
            "don't stop",
            "stop stop",
            "the end",
            "s t o p",
            "stop 👍",
            "infos",
            "help me",
            "yes",
            "",
            "...",
            "st-op",
        ] {
            assert_eq!(keyword(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_string_can_be_read(text in any::<String>()) {
            let _ = keyword(&text);
        }
    }
}
