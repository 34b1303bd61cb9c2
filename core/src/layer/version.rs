//! The versions of Layer's Platform API.

use strum::{EnumString, IntoStaticStr};

/// A version of the Platform API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr)]
pub enum ApiVersion {
    /// Since January 2016.
    #[strum(serialize = "1.0")]
    V1_0,
    /// Differs from 1.0 in push notifications only.
    #[strum(serialize = "1.1")]
    V1_1,
    /// Since August 2017: identities instead of user ids.
    #[strum(serialize = "2.0")]
    V2_0,
    /// Since 2018.
    #[strum(serialize = "3.0")]
    V3_0,
}

impl ApiVersion {
    /// The version as Layer writes it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The version of the webhooks that belong to this version of the API. Webhooks have no version 1.1.
    pub fn webhook_version(self) -> &'static str {
        match self {
            Self::V1_1 => Self::V1_0.as_str(),
            other => other.as_str(),
        }
    }

    /// Whether a new message names its sender as `sender_id` (an identity) instead of `sender.user_id`.
    pub fn sends_sender_id(self) -> bool {
        self >= Self::V2_0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_to_the_letter() {
        for text in ["1.0", "1.1", "2.0", "3.0"] {
            assert_eq!(text.parse::<ApiVersion>().unwrap().as_str(), text);
        }
        assert!("1".parse::<ApiVersion>().is_err());
        assert_eq!(ApiVersion::V1_1.webhook_version(), "1.0");
        assert_eq!(ApiVersion::V3_0.webhook_version(), "3.0");
        assert!(ApiVersion::V2_0.sends_sender_id() && !ApiVersion::V1_1.sends_sender_id());
    }
}
