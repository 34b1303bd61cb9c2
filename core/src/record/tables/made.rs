//! Which tables a record has. A table is made when its first row is inserted, because most users never need most
//! tables: making them all was most of what a new user cost.

use strum::{EnumString, IntoStaticStr, VariantArray};

/// A table of a user record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Table {
    /// The user.
    Profile,
    /// Messages that wait.
    Notices,
    /// Messages without a notice, and ended replies.
    Seen,
    /// Receipts for ranges of positions.
    Ranges,
    /// Numbers and conversations.
    Links,
    /// Entries written to KV.
    Lookups,
    /// Texts from the phone that are to be acted on.
    Replies,
    /// Ids of texts from the phone.
    Heard,
    /// Parts of long texts.
    Parts,
    /// What was given up.
    Failures,
    /// Tries to send a text.
    Texts,
}

impl Table {
    /// Its name in the database.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The tables that a record has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Made(u16);

impl Made {
    /// Whether there are none: the record is new.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Whether a table is there.
    pub fn has(self, table: Table) -> bool {
        self.with(table) == self
    }

    /// These and another one.
    #[must_use]
    pub fn with(self, table: Table) -> Self {
        Self(self.0 | 1 << table as u16)
    }
}

impl FromIterator<Table> for Made {
    fn from_iter<I: IntoIterator<Item = Table>>(tables: I) -> Self {
        tables.into_iter().fold(Self::default(), Self::with)
    }
}
