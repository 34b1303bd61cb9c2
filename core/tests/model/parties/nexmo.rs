//! Nexmo: accepts texts or refuses them, with responses that may not say which.

use texting::{
    http::HttpResponse,
    phone::{Number, Phone},
    sms::receipt::DeliveryReceipt,
    time::Timestamp,
};

use super::{Luck, Mood, answer, receipts::receipts, reset};
use crate::random::Random;

/// A text on its way to a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub number: Number,
    pub phone: Phone,
    pub body: String,
    pub reference: String,
    /// Whether it names a URL for its delivery receipts.
    pub asks_for_receipts: bool,
}

pub struct Nexmo {
    pub mood: Mood,
    /// Whether it refuses every text for good.
    pub barring: bool,
    /// The numbers from which it sends no text to anybody.
    pub refused_numbers: Vec<Number>,
    /// Every text that it accepted, and when.
    pub accepted: Vec<(Text, Timestamp)>,
    /// The delivery receipts that it still has to push.
    pub receipts: Vec<DeliveryReceipt>,
}

/// What Nexmo did with a text, and its response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub accepted: bool,
    /// Whether the response says clearly if it accepted the text.
    pub clear: bool,
    /// Whether the response refuses the text for good.
    pub refused: bool,
    /// Whether the response refuses the text's number.
    pub number_refused: bool,
    pub reply: HttpResponse,
}

impl Nexmo {
    pub fn new() -> Self {
        Self {
            mood: Mood::Fine,
            barring: false,
            refused_numbers: Vec::new(),
            accepted: Vec::new(),
            receipts: Vec::new(),
        }
    }

    /// `part`: the id that it gives the text.
    pub fn take(&mut self, text: &Text, part: &str, now: Timestamp, random: &Random) -> Verdict {
        let luck = Luck::of(self.mood, random);
        let number_refused = self.refused_numbers.contains(&text.number);
        let refused = self.barring || number_refused;
        let accepted = luck.serves() && !refused;
        if accepted {
            self.accepted.push((text.clone(), now));
            self.receipts.extend(receipts(text, part, random));
        }
        let reply = match luck {
            Luck::Served if number_refused => status("15", "not from this number"),
            Luck::Served if refused => status(random.of(&["6", "7", "99"]), "barred"),
            Luck::Served => taken(part, random),
            Luck::ServedThenReset | Luck::Reset => reset(),
            Luck::ServedThenFault => unclear(random),
            Luck::Fault if random.percent(50) => unclear(random),
            Luck::Fault => fault(random),
            Luck::Busy => busy(random),
            Luck::OperatorsFault if random.percent(10) => answer(401, ""),
            Luck::OperatorsFault => status(random.of(&["4", "9", "29"]), "ask the operator"),
        };
        let is_told = luck == Luck::Served;
        Verdict {
            accepted,
            clear: !is_unclear(&reply),
            refused: is_told && refused && !number_refused,
            number_refused: is_told && number_refused,
            reply,
        }
    }

    /// The response to a question about the account's credit.
    pub fn balance(&self, random: &Random) -> HttpResponse {
        match Luck::of(self.mood, random) {
            Luck::ServedThenReset | Luck::Reset => reset(),
            Luck::Fault | Luck::ServedThenFault => answer(502, ""),
            Luck::Busy => answer(429, ""),
            Luck::OperatorsFault => answer(401, ""),
            Luck::Served => answer(200, r#"{"value":1.5,"autoReload":false}"#),
        }
    }
}

/// Whether a response leaves open if the text was taken.
fn is_unclear(reply: &HttpResponse) -> bool {
    match reply {
        HttpResponse::Missing(_) => true,
        HttpResponse::Received {
            status: 200..=299,
            body,
        } => !body.contains(r#""status":""#),
        HttpResponse::Received { status, .. } => matches!(status, 502 | 504 | 520 | 522 | 524),
    }
}

fn status(status: &str, words: &str) -> HttpResponse {
    let entry = format!(r#"{{"status":"{status}","error-text":"{words}"}}"#);
    answer(
        200,
        format!(r#"{{"message-count":"1","messages":[{entry}]}}"#),
    )
}

fn taken(part: &str, random: &Random) -> HttpResponse {
    let more = match random.percent(5) {
        true => r#",{"status":"1","error-text":"Throttled"}"#,
        false => "",
    };
    answer(
        200,
        format!(r#"{{"messages":[{{"status":"0","message-id":"{part}"}}{more}]}}"#),
    )
}

/// The response of a proxy, which says nothing about the text.
fn unclear(random: &Random) -> HttpResponse {
    match random.below(4) {
        0 => answer(200, "<html>sorry</html>"),
        1 => answer(200, r#"{"message-count":"1","messages":[{}]}"#),
        2 => answer(random.of(&[502, 504, 520, 522, 524]), ""),
        _ => answer(204, ""),
    }
}

/// The response of an overloaded server, which takes no text.
fn fault(random: &Random) -> HttpResponse {
    match random.below(3) {
        0 => answer(500, ""),
        1 => answer(503, r#"{"title":"unavailable"}"#),
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
