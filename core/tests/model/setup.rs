//! The settings of one history.

use std::rc::Rc;

use texting::{
    chat::{port::Chat, status::ReportOn},
    identity::FieldPath,
    matrix::{account::Homeserver, chat::MatrixChat},
    phone::Number,
    quiet::{QuietHours, ZoneName},
    secret::Secret,
    settings::{self, Digest, Kept, Settings, Var},
    time::{DAY, HOUR, MINUTE, SECOND, Span},
};

use crate::{
    names::{NUMBERS, number},
    random::Random,
    spec::quiet::Quiet,
};

/// The field of identities that can say no to texts.
pub const PREFERENCE: &str = "metadata.texts";

pub struct Setup {
    pub settings: Settings,
    /// Whether the chat is a Matrix homeserver.
    pub is_matrix: bool,
    /// Whether new conversations are introduced.
    pub introduces: bool,
    /// The quiet hours, as the specification reads them.
    pub quiet: Option<Quiet>,
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
    static READ: Settings = settings::read(&|name| {
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
            _ => ALL,
        };
        settings.report_on = report_on;
        settings.same_reply_limit = None;
        receipts(random, &mut settings);
        let is_matrix = random.percent(35);
        if is_matrix {
            settings.chat = Chat::Matrix(homeserver());
            settings.report_on = ALL;
            settings.mark_read = random.percent(70);
        }
        settings.delay = random.of(&[
            Span::ZERO,
            SECOND,
            MINUTE,
            MINUTE.times(10),
            MINUTE.times(10),
        ]);
        settings.numbers = numbers(random);
        digests(random, &mut settings);
        let quiet = restraint(random, &mut settings);
        Self {
            settings,
            is_matrix,
            quiet,
            introduces: random.percent(70),
            faults: random.percent(85),
            stalls: random.percent(20),
            disorder: random.percent(30),
            conversations: 1 + random.below(random.of(&[5, 5, 9])),
        }
    }
}

const ALL: ReportOn = ReportOn {
    sent: true,
    delivered: true,
};

fn homeserver() -> MatrixChat {
    MatrixChat {
        homeserver: Homeserver {
            url: "https://matrix.example.com".to_owned(),
            server_name: "example.com".to_owned(),
            as_token: Secret::new("as-token"),
            hs_token: Secret::new("hs-token"),
            ignored: Vec::new(),
        },
        largest: 50,
        members: Rc::default(),
    }
}

/// Mostly failures are kept.
fn receipts(random: &Random, settings: &mut Settings) {
    match random.below(5) {
        0 => settings.receipts = None,
        1 => {
            if let Some(receipts) = &mut settings.receipts {
                receipts.kept = Kept::All;
            }
        }
        _ => {}
    }
}

/// Digests in every other history, often with a least time between two texts of a conversation.
fn digests(random: &Random, settings: &mut Settings) {
    if random.percent(50) {
        return;
    }
    let longest = settings.number_expiration;
    let mut interval = random.of(&[Span::ZERO, SECOND * 20, MINUTE * 5, MINUTE * 30, HOUR * 3]);
    // A longer one is a problem of the settings.
    if interval > longest {
        interval = Span::ZERO;
    }
    settings.digest = Some(Digest {
        template: None,
        interval,
    });
}

/// What holds texts back, each in some histories. Returns the quiet hours.
fn restraint(random: &Random, settings: &mut Settings) -> Option<Quiet> {
    if random.percent(30) {
        settings.max_texts_per_day = Some(1 + random.below(4));
    }
    if random.percent(25) {
        settings.preference_field = FieldPath::read(PREFERENCE);
    }
    if random.percent(80) {
        return None;
    }
    let (hours, quiet) = random.of(&[
        ("21:00-08:00", Quiet::new((21, 0), (8, 0))),
        // Every history begins at 22:13:20.
        ("22:14-22:40", Quiet::new((22, 14), (22, 40))),
        ("22:24-01:00", Quiet::new((22, 24), (1, 0))),
        ("00:00-12:00", Quiet::new((0, 0), (12, 0))),
        ("13:00-12:00", Quiet::new((13, 0), (12, 0))),
    ]);
    settings.quiet_hours = Some(QuietHours {
        hours: hours.parse().unwrap(),
        zone: ZoneName::read("UTC").unwrap(),
    });
    Some(quiet)
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
