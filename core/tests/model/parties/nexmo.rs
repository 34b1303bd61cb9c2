//! Nexmo: takes texts, or does not, or takes them without our knowing.

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
    /// Everything that it took, with when.
    pub accepted: Vec<(Text, Timestamp)>,
}

/// What Nexmo did, and what it says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub accepted: bool,
    /// Whether the reply leaves no doubt about that.
    pub clear: bool,
    /// Whether the reply refuses the text for good.
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

/// What a proxy or an overloaded server says; of the text nothing.
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
