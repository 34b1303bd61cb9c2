//! What was posted from a link lately.

use super::{LinkKey, Links};
use crate::{
    params,
    storage::{Columns, FromRow, StoreError},
    time::Timestamp,
};

/// What was posted from a link lately.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The replies that were posted, the oldest first.
    pub replies: Vec<SaidReply>,
    /// When the log last said that a reply was not posted because it repeats others.
    pub logged_at: Option<Timestamp>,
}

/// A reply that was posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidReply {
    /// The hash of its words.
    pub words: String,
    /// When it came in.
    pub at: Timestamp,
}

impl Links<'_> {
    /// What was posted from a link lately. What is unreadable counts as nothing.
    pub fn said(&self, key: &LinkKey) -> Result<Said, StoreError> {
        let said = self.0.first(
            "SELECT said, repeated_at FROM links WHERE number = ?1 AND conversation_id = ?2",
            params![&key.number, &key.conversation_id],
        )?;
        Ok(said.unwrap_or_default())
    }

    /// Stores what was posted from a link lately: each reply on a line, the hash of its words behind its moment.
    pub fn set_said(&self, key: &LinkKey, said: &Said) -> Result<(), StoreError> {
        let line = |reply: &SaidReply| format!("{} {}", reply.at.as_millis(), reply.words);
        let lines: Vec<String> = said.replies.iter().map(line).collect();
        self.0.write(
            "UPDATE links SET said = ?1, repeated_at = ?2 WHERE number = ?3 AND conversation_id = ?4",
            params![
                lines.join("\n"),
                said.logged_at,
                &key.number,
                &key.conversation_id
            ],
        )
    }
}

impl FromRow for Said {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        let said: Option<String> = columns.next()?;
        let reply = |line: &str| {
            let (at, words) = line.split_once(' ')?;
            let at = Timestamp::from_millis(at.parse().ok()?);
            let words = words.to_owned();
            Some(SaidReply { words, at })
        };
        Ok(Said {
            replies: said
                .iter()
                .flat_map(|said| said.lines())
                .filter_map(reply)
                .collect(),
            logged_at: columns.next()?,
        })
    }
}
