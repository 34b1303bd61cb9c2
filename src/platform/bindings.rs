//! The names of the Worker's bindings, as in `wrangler.toml`.

/// The Durable Objects of users, one per user.
pub const USER_RECORDS: &str = "USER_RECORDS";
/// The Durable Object of the statistics.
pub const STATISTICS: &str = "STATISTICS";
/// The KV namespace.
pub const PHONES: &str = "PHONES";
/// An operator's own Worker that knows users. Optional.
pub const IDENTITIES: &str = "IDENTITIES";
/// An operator's own Worker that introduces conversations. Optional.
pub const INTRODUCTIONS: &str = "INTRODUCTIONS";
