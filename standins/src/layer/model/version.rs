//! Versions of Layer's APIs.

/// A version of Layer's APIs and webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 1.0
    V1_0,
    /// 1.1
    V1_1,
    /// 2.0
    V2_0,
    /// 3.0
    V3_0,
}

impl Version {
    /// `1.0`, `1.1`, `2.0` or `3.0`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "1.0" => Self::V1_0,
            "1.1" => Self::V1_1,
            "2.0" => Self::V2_0,
            "3.0" => Self::V3_0,
            _ => return None,
        })
    }

    /// As in headers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V2_0 => "2.0",
            Self::V3_0 => "3.0",
        }
    }

    /// Whether users are identities in this version (from 2.0).
    #[must_use]
    pub fn has_identities(self) -> bool {
        self >= Self::V2_0
    }
}
