//! The settings of one history.

use texting::{
    chat::status::ReportOn,
    phone::Number,
    settings::{self, Settings, Var},
    time::{DAY, HOUR, MINUTE, SECOND, Span},
};

use crate::{
    names::{NUMBERS, number},
    random::Random,
};

pub struct Setup {
    pub settings: Settings,
    /// Whether new conversations are introduced.
    pub introduces: bool,
    /// Whether parties fail and the object crashes.
    pub faults: bool,
    /// Whether the object and its requests may stand still for longer than a lease.
    pub stalls: bool,
    /// Whether webhooks mostly come in the wrong order.
    pub disorder: bool,
    /// Conversations of the user at a time.
    pub conversations: usize,
}

const SETTINGS: [(&str, &str); 11] = [
    ("LAYER_APP_ID", "24f43c32-4d95-11e4-b3a2-0fd00000020d"),
    ("LAYER_BEARER_TOKEN", "layer-token"),
    ("LAYER_WEBHOOK_SECRET", "webhook-secret"),
    ("NEXMO_KEY", "nexmo-key"),
    ("NEXMO_SECRET", "nexmo-secret"),
    ("NEXMO_NUMBERS", "12025550101"),
    ("SERVER_URL", "https://texts.example.com"),
    ("DELAY", "10 minutes"),
    ("STOP_REPLY", "You will get no more texts."),
    ("HELP_REPLY", "These are your unread messages."),
    ("INTRODUCE_CONVERSATION", "unused: the host introduces"),
];

thread_local! {
    static READ: Settings = settings::read(|name| {
        let (_, value) = SETTINGS.iter().find(|(known, _)| *known == name)?;
        Some(Var::from(*value))
    }).unwrap();
}

impl Setup {
    pub fn new(random: &Random) -> Self {
        let mut settings = READ.with(Settings::clone);
        settings.number_expiration = random.of(&[
            Span::from_millis(1),
            MINUTE,
            MINUTE.times(20),
            HOUR,
            DAY.times(7),
            DAY.times(7),
        ]);
        if random.percent(50) {
            settings.stop_reply = None;
            settings.help_reply = None;
        }
        let report_on = match random.below(8) {
            0 => ReportOn {
                sent: true,
                delivered: false,
            },
            1 => ReportOn {
                sent: false,
                delivered: true,
            },
            _ => ReportOn {
                sent: true,
                delivered: true,
            },
        };
        settings.report_on = report_on;
        settings.delay = random.of(&[
            Span::ZERO,
            SECOND,
            MINUTE,
            MINUTE.times(10),
            MINUTE.times(10),
        ]);
        settings.numbers = numbers(random);
        Self {
            settings,
            introduces: random.percent(70),
            faults: random.percent(85),
            stalls: random.percent(20),
            disorder: random.percent(30),
            conversations: 1 + random.below(random.of(&[5, 5, 9])),
        }
    }
}

/// One to four numbers in some order.
pub fn numbers(random: &Random) -> Vec<Number> {
    let mut pool: Vec<Number> = NUMBERS.map(number).to_vec();
    let size = 1 + random.below(NUMBERS.len());
    while pool.len() > size {
        pool.remove(random.below(pool.len()));
    }
    if pool.len() > 1 && random.percent(30) {
        pool.rotate_left(1);
    }
    pool
}
