//! A message whose words a text showed, in columns of other tables: what came up to it may be marked as read.

use crate::{
    ids::{MessageId, Position},
    storage::{Columns, StoreError},
};

/// The last message whose words a text showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The message.
    pub message_id: MessageId,
    /// Its position, if the chat gave one.
    pub position: Option<Position>,
}

impl Shown {
    /// Reads the two columns, message and position.
    pub(super) fn next(columns: &mut Columns<'_>) -> Result<Option<Self>, StoreError> {
        let message_id: Option<MessageId> = columns.next()?;
        let position = columns.next()?;
        Ok(message_id.map(|message_id| Self {
            message_id,
            position,
        }))
    }
}
