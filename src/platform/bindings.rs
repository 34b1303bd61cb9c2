//! The names of the Worker's bindings, as in `wrangler.toml`.

/// The Durable Objects of users, one per user.
pub const USER_RECORDS: &str = "USER_RECORDS";
/// The Durable Object of the statistics.
pub const STATISTICS: &str = "STATISTICS";
/// The Durable Objects of numbers' paces, one per number. Optional.
pub const NUMBER_PACES: &str = "NUMBER_PACES";
/// The KV namespace with reverse lookups and opt-outs.
pub const PHONES: &str = "PHONES";
/// The console's files.
pub const ASSETS: &str = "ASSETS";
/// The operator's own Worker that returns identities. Optional.
pub const IDENTITIES: &str = "IDENTITIES";
/// The operator's own Worker that returns introductions. Optional.
pub const INTRODUCTIONS: &str = "INTRODUCTIONS";
