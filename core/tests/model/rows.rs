//! What the core has stored, looked at from outside.

use texting::{
    record::{link::Link, store::Row},
    time::Millis,
};

use crate::{names::number_of, storage::Storage};

#[derive(Default)]
pub struct Rows {
    pub notices: Vec<NoticeRow>,
    pub links: Vec<Link>,
    pub replies: Vec<ReplyRow>,
    /// When the first part of a long text is given up.
    pub parts: Option<Millis>,
    pub opted_out: Option<String>,
}

#[derive(Debug)]
pub struct NoticeRow {
    pub message: u32,
    pub conversation: u32,
    pub status: String,
    pub due: Millis,
    pub lease: Option<Millis>,
}

#[derive(Debug)]
pub struct ReplyRow {
    pub id: String,
    pub lane: String,
    pub due: Millis,
    pub lease: Option<Millis>,
}

/// Something that was given up.
#[derive(Clone, Debug)]
pub struct FailureRow {
    pub seq: i64,
    pub is_text: bool,
    pub id: String,
    pub lane: String,
}

impl FailureRow {
    pub fn all(storage: &Storage) -> Vec<Self> {
        let read = |row: &Row| Self {
            seq: row.integer(0).unwrap(),
            is_text: row.text(1).unwrap() == "text",
            id: row.text(2).unwrap(),
            lane: row.text(3).unwrap(),
        };
        let rows = storage.all("SELECT seq, kind, message_id, conversation_id FROM failures");
        rows.iter().map(read).collect()
    }
}

impl Rows {
    pub fn read(storage: &Storage) -> Self {
        let parts = storage.all("SELECT min(give_up_at) FROM parts");
        let profile = storage.all("SELECT opted_out_phone FROM profile");
        Self {
            notices: notices(storage),
            links: links(storage),
            replies: replies(storage),
            parts: parts[0].maybe_integer(0).unwrap(),
            opted_out: profile.first().and_then(|row| row.maybe_text(0).unwrap()),
        }
    }
}

fn notices(storage: &Storage) -> Vec<NoticeRow> {
    let read = |row: &Row| NoticeRow {
        message: number_of(&row.text(0).unwrap()),
        conversation: number_of(&row.text(1).unwrap()),
        status: row.text(2).unwrap(),
        due: row.integer(3).unwrap(),
        lease: row.maybe_integer(4).unwrap(),
    };
    let rows = storage.all(
        "SELECT message_id, conversation_id, status, due_at, lease_until FROM notices ORDER BY 1",
    );
    rows.iter().map(read).collect()
}

fn links(storage: &Storage) -> Vec<Link> {
    let read = |row: &Row| Link {
        number: row.text(0).unwrap(),
        conversation_id: row.text(1).unwrap(),
        expires_at: row.integer(2).unwrap(),
        introduced: row.flag(3).unwrap(),
        phone: row.maybe_text(4).unwrap(),
        phone_pending: row.maybe_text(5).unwrap(),
        claimed_until: row.maybe_integer(6).unwrap(),
    };
    let rows = storage.all(
        "SELECT number, conversation_id, expires_at, introduced, phone, phone_pending,
            claimed_until FROM links",
    );
    rows.iter().map(read).collect()
}

fn replies(storage: &Storage) -> Vec<ReplyRow> {
    let read = |row: &Row| ReplyRow {
        id: row.text(0).unwrap(),
        lane: row.text(1).unwrap(),
        due: row.integer(2).unwrap(),
        lease: row.maybe_integer(3).unwrap(),
    };
    let rows =
        storage.all("SELECT message_id, lane, due_at, lease_until FROM replies ORDER BY seq");
    rows.iter().map(read).collect()
}
