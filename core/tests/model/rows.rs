//! The rows that the core has stored, read for comparison.

use texting::{phone::Phone, record::tables::links::Link, storage::Row, time::Timestamp};

use crate::{names::number_of, storage::Storage};

#[derive(Debug, Default)]
pub struct Rows {
    pub notices: Vec<NoticeRow>,
    pub links: Vec<Link>,
    pub replies: Vec<ReplyRow>,
    /// When the first part of a long text is given up.
    pub parts: Option<Timestamp>,
    pub opted_out: Option<Phone>,
    /// The phone that no text reaches, and since when.
    pub unreachable: Option<(Phone, Timestamp)>,
}

#[derive(Debug)]
pub struct NoticeRow {
    pub message: u32,
    pub conversation: u32,
    pub status: String,
    pub lease: Option<Timestamp>,
    /// When the record looks at it, if it is its conversation's active one.
    pub wake: Option<Timestamp>,
}

#[derive(Debug)]
pub struct ReplyRow {
    pub kind: String,
    pub id: String,
    pub lane: String,
    pub due: Timestamp,
    pub lease: Option<Timestamp>,
}

/// A failed text or reply.
#[derive(Clone, Debug)]
pub struct FailureRow {
    pub seq: i64,
    pub is_text: bool,
    pub id: String,
    pub lane: String,
}

impl FailureRow {
    pub fn all(storage: &Storage) -> Vec<Self> {
        let read = |row: &Row| {
            let mut columns = row.columns();
            Self {
                seq: columns.next().unwrap(),
                is_text: columns.next::<String>().unwrap() == "text",
                id: columns.next().unwrap(),
                lane: columns.next().unwrap(),
            }
        };
        let rows = storage.all("SELECT seq, kind, message_id, conversation_id FROM failures");
        rows.iter().map(read).collect()
    }
}

impl Rows {
    /// Whether something waits.
    pub fn has_work(&self) -> bool {
        !self.notices.is_empty() || !self.replies.is_empty() || self.parts.is_some()
    }

    pub fn read(storage: &Storage) -> Self {
        let parts = storage.all("SELECT min(give_up_at) FROM parts");
        let profile = storage.all("SELECT opted_out_phone FROM profile");
        let unreachable = "SELECT unreachable_phone, unreachable_at FROM profile
            WHERE unreachable_at IS NOT NULL";
        let unreachable = storage.all(unreachable);
        let phone_and_time = |row: &Row| {
            let mut columns = row.columns();
            (columns.next().unwrap(), columns.next().unwrap())
        };
        Self {
            notices: notices(storage),
            links: links(storage),
            replies: replies(storage),
            parts: parts.first().and_then(|row| row.read().unwrap()),
            opted_out: profile.first().and_then(|row| row.read().unwrap()),
            unreachable: unreachable.first().map(phone_and_time),
        }
    }
}

fn notices(storage: &Storage) -> Vec<NoticeRow> {
    let read = |row: &Row| {
        let mut columns = row.columns();
        NoticeRow {
            message: number_of(&columns.next::<String>().unwrap()),
            conversation: number_of(&columns.next::<String>().unwrap()),
            status: columns.next().unwrap(),
            lease: columns.next().unwrap(),
            wake: columns.next().unwrap(),
        }
    };
    let rows = storage.all(
        "SELECT message_id, conversation_id, status, lease_until, wake_at FROM notices
         ORDER BY message_id",
    );
    rows.iter().map(read).collect()
}

fn links(storage: &Storage) -> Vec<Link> {
    let read = |row: &Row| {
        let mut columns = row.columns();
        Link {
            number: columns.next().unwrap(),
            conversation_id: columns.next().unwrap(),
            expires_at: columns.next().unwrap(),
            introduced: columns.next().unwrap(),
            perhaps_texted: columns.next().unwrap(),
            retired: columns.next().unwrap(),
            phone: columns.next().unwrap(),
            phone_perhaps: columns.next().unwrap(),
            phone_pending: columns.next().unwrap(),
            claimed_until: columns.next().unwrap(),
            heard_at: None,
            shown: None,
        }
    };
    let rows = storage.all(
        "SELECT number, conversation_id, expires_at, introduced, perhaps_texted, retired, phone,
            phone_perhaps, phone_pending, claimed_until FROM links",
    );
    rows.iter().map(read).collect()
}

fn replies(storage: &Storage) -> Vec<ReplyRow> {
    let read = |row: &Row| {
        let mut columns = row.columns();
        ReplyRow {
            kind: columns.next().unwrap(),
            id: columns.next().unwrap(),
            lane: columns.next().unwrap(),
            due: columns.next().unwrap(),
            lease: columns.next().unwrap(),
        }
    };
    let rows =
        storage.all("SELECT kind, message_id, lane, due_at, lease_until FROM replies ORDER BY seq");
    rows.iter().map(read).collect()
}
