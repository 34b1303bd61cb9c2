//! What a template is for, and the names that it may use.

/// What a template may contain, with the names that a path may begin with.
macro_rules! supported {
    ($names:literal) => {
        concat!(
            "plain text, <%= path.to.value %>, <% if path %> … <% else if path %> … <% else %> … <% endif %> ",
            "and <% for item in path %> … <% endfor %>; behind a path any of the filters ",
            "| default: \"…\" | truncate: 40 | upper | lower | trim; the path beginning with one of ",
            $names
        )
    };
}

/// What texts and introductions may contain.
pub const SUPPORTED: &str = supported!(
    "attachments, conversation, id, message, parts, position, recipient, recipient_status, sender, sent_at, \
     text, url"
);

/// What digests may contain.
pub const SUPPORTED_IN_DIGESTS: &str =
    supported!("conversation, count, messages, recipient, senders, text");

const OF_A_MESSAGE: &[&str] = &[
    "attachments",
    "conversation",
    "id",
    "message",
    "parts",
    "position",
    "recipient",
    "recipient_status",
    "sender",
    "sent_at",
    "text",
    "url",
];

const OF_A_DIGEST: &[&str] = &[
    "conversation",
    "count",
    "messages",
    "recipient",
    "senders",
    "text",
];

/// What a template is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateKind {
    /// A text: `conversation` has the `id` and `url` from the webhook.
    Text,
    /// An introduction: `conversation` is the whole conversation, as fetched from Layer.
    Introduction,
    /// A text for several messages: each of `messages` has all that a text has, and `conversation` is the whole
    /// conversation.
    Digest,
}

impl TemplateKind {
    /// The names that a path may begin with.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Text | Self::Introduction => OF_A_MESSAGE,
            Self::Digest => OF_A_DIGEST,
        }
    }

    /// What a template of this kind may contain.
    pub const fn supported(self) -> &'static str {
        match self {
            Self::Text | Self::Introduction => SUPPORTED,
            Self::Digest => SUPPORTED_IN_DIGESTS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_of_what_is_supported_are_complete() {
        for kind in [
            TemplateKind::Text,
            TemplateKind::Introduction,
            TemplateKind::Digest,
        ] {
            let listed = kind.supported().split("one of ").nth(1).unwrap();
            assert_eq!(listed.split(", ").collect::<Vec<_>>(), kind.names());
        }
    }
}
