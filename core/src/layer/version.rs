//! The versions of Layer's Platform API.

/// A version of the Platform API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApiVersion {
    /// Since January 2016.
    V1_0,
    /// Differs from 1.0 in push notifications only.
    V1_1,
    /// Since August 2017: identities instead of user ids.
    V2_0,
    /// Since 2018.
    V3_0,
}

impl ApiVersion {
    /// Reads the setting `LAYER_API_VERSION`.
    pub fn from_setting(text: &str) -> Option<Self> {
        [Self::V1_0, Self::V1_1, Self::V2_0, Self::V3_0]
            .into_iter()
            .find(|version| version.as_str() == text)
    }

    /// As Layer writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V2_0 => "2.0",
            Self::V3_0 => "3.0",
        }
    }

    /// The version of webhooks that goes with it: there was never one 1.1.
    pub fn webhook_version(self) -> &'static str {
        match self {
            Self::V1_1 => Self::V1_0.as_str(),
            other => other.as_str(),
        }
    }

    /// Whether a new message names its sender by `sender_id` (an identity) and not by
    /// `sender.user_id`.
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
            assert_eq!(ApiVersion::from_setting(text).unwrap().as_str(), text);
        }
        assert_eq!(ApiVersion::from_setting("1"), None);
        assert_eq!(ApiVersion::V1_1.webhook_version(), "1.0");
        assert_eq!(ApiVersion::V3_0.webhook_version(), "3.0");
        assert!(ApiVersion::V2_0.sends_sender_id() && !ApiVersion::V1_1.sends_sender_id());
    }
}
