//! Nexmo: accepts texts or refuses them, with responses that may not say which.

use texting::{
    http::HttpResponse,
    phone::{Number, Phone},
    time::Timestamp,
};

use super::{Luck, Mood, answer, reset};
use crate::random::Random;

/// A text on its way to a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub number: Number,
    pub phone: Phone,
    pub body: String,
    pub reference: String,
}

pub struct Nexmo {
    pub mood: Mood,
    /// Whether it refuses every text for good.
    pub barring: bool,
    /// Every text that it accepted, and when.
    pub accepted: Vec<(Text, Timestamp)>,
}

/// What Nexmo did with a text, and its response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub accepted: bool,
    /// Whether the response says clearly if it accepted the text.
    pub clear: bool,
    /// Whether the response refuses the text for good.
    pub refused: bool,
    pub reply: HttpResponse,
}

impl Nexmo {
    pub fn new() -> Self {
        Self {
            mood: Mood::Fine,
            barring: false,
            accepted: Vec::new(),
        }
    }

    pub fn take(&mut self, text: &Text, now: Timestamp, random: &Random) -> Verdict {
        let luck = Luck::of(self.mood, random);
        let refused = self.barring && luck.serves();
        let accepted = luck.serves() && !refused;
        if accepted {
            self.accepted.push((text.clone(), now));
        }
        let reply = match luck {
            Luck::Served if refused => status(random.of(&["6", "7", "15", "99"]), "barred"),
            Luck::Served => taken(random),
            Luck::ServedThenReset | Luck::Reset => reset(),
            Luck::ServedThenFault | Luck::Fault => fault(random),
            Luck::Busy => busy(random),
            Luck::OperatorsFault if random.percent(10) => answer(401, ""),
            Luck::OperatorsFault => status(random.of(&["4", "9", "29"]), "ask the operator"),
        };
        let clear = !matches!(luck, Luck::ServedThenReset | Luck::ServedThenFault);
        Verdict {
            accepted,
            clear,
            refused: refused && luck == Luck::Served,
            reply,
        }
    }
}

fn status(status: &str, words: &str) -> HttpResponse {
    let entry = format!(r#"{{"status":"{status}","error-text":"{words}"}}"#);
    answer(
        200,
        format!(r#"{{"message-count":"1","messages":[{entry}]}}"#),
    )
}

fn taken(random: &Random) -> HttpResponse {
    let more = match random.percent(5) {
        true => r#",{"status":"1","error-text":"Throttled"}"#,
        false => "",
    };
    answer(
        200,
        format!(r#"{{"messages":[{{"status":"0","message-id":"0A"}}{more}]}}"#),
    )
}

/// The response of a proxy or an overloaded server, which says nothing about the text.
fn fault(random: &Random) -> HttpResponse {
    match random.below(4) {
        0 => answer(200, "<html>sorry</html>"),
        1 => answer(502, ""),
        2 => answer(503, r#"{"title":"unavailable"}"#),
        _ => status("5", "internal error"),
    }
}

fn busy(random: &Random) -> HttpResponse {
    match random.below(3) {
        0 => answer(429, "too many requests"),
        1 => status(
            "1",
            "Throughput Rate Exceeded - please wait [ 702 ] and retry",
        ),
        _ => status("10", "too many binds"),
    }
}
