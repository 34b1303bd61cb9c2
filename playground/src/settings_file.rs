//! The file with the Worker's settings: those that the stand-ins share, and those of the page.

use crate::config::Config;
use crate::page_settings::PageSettings;
use standins::SigningKey;

/// The answer to a text that reaches no conversation.
const NO_CONVERSATION: &str =
    "Nobody reads this: the number is not linked to a conversation any more.";

/// The text of the file for `wrangler dev --env-file`.
pub(crate) fn text(config: &Config, page: &PageSettings) -> String {
    let layer = format!("http://127.0.0.1:{}", config.layer_port);
    let nexmo = format!("http://127.0.0.1:{}", config.nexmo_port);
    let numbers = config.numbers.join(",");
    let mut settings = vec![
        ("LAYER_APP_ID", config.app_id.as_str()),
        ("LAYER_BEARER_TOKEN", &config.token),
        ("LAYER_WEBHOOK_SECRET", &config.webhook_secret),
        ("LAYER_API_URL", &layer),
        ("NEXMO_KEY", &config.key),
        ("NEXMO_SECRET", &config.secret),
        ("NEXMO_NUMBERS", &numbers),
        ("NEXMO_API_URL", &nexmo),
        ("SERVER_URL", &config.worker),
        ("INTRODUCE_CONVERSATION", &config.introduction),
        ("NO_CONVERSATION_REPLY", NO_CONVERSATION),
        // The page shows what became of every text, not only of those that did not arrive.
        ("DELIVERY_RECEIPTS", "all"),
        (
            "ADMIN_TOKEN",
            config.admin_token.as_deref().unwrap_or_default(),
        ),
    ];
    settings.extend(page.named());
    if let Some(SigningKey { method, secret }) = &config.signature {
        settings.push(("NEXMO_SIGNATURE_METHOD", method.name()));
        settings.push(("NEXMO_SIGNATURE_SECRET", secret));
    }
    let line = |(name, value): (&str, &str)| format!("{name}=\"{value}\"\n");
    settings.into_iter().map(line).collect()
}
