//! The Worker's settings: what it has to agree on with the stand-ins, and what the page may choose.

use crate::config::Config;
use serde::Deserialize;
use standins::SigningKey;

/// What the page may choose.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// `DELAY`.
    pub(crate) delay: String,
    /// `NUMBER_EXPIRATION_TIME`.
    pub(crate) expiration: String,
}

impl Chosen {
    /// Whether both can stand in a settings file as they are. What they mean is for the Worker to judge.
    pub(crate) fn is_plain(&self) -> bool {
        let plain = |one: char| one.is_ascii_alphanumeric() || " .-+,".contains(one);
        let fits = |text: &str| text.len() <= 40 && text.chars().all(plain);
        fits(&self.delay) && fits(&self.expiration)
    }
}

/// The text of the file that `wrangler dev --env-file` reads.
pub(crate) fn file(config: &Config, chosen: &Chosen) -> String {
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
        ("DELAY", &chosen.delay),
        ("NUMBER_EXPIRATION_TIME", &chosen.expiration),
        ("INTRODUCE_CONVERSATION", &config.introduction),
        (
            "ADMIN_TOKEN",
            config.admin_token.as_deref().unwrap_or_default(),
        ),
    ];
    if let Some(SigningKey { method, secret }) = &config.signature {
        settings.push(("NEXMO_SIGNATURE_METHOD", method.name()));
        settings.push(("NEXMO_SIGNATURE_SECRET", secret));
    }
    let line = |(name, value): (&str, &str)| format!("{name}=\"{value}\"\n");
    settings.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_break_out_of_the_settings_file() {
        let chosen = |delay: &str| Chosen {
            delay: delay.to_owned(),
            expiration: "1 week".to_owned(),
        };
        for fine in ["5 seconds", "1.5h", "banana", ""] {
            assert!(chosen(fine).is_plain(), "{fine}");
        }
        for bad in ["1\"\nADMIN_TOKEN=\"x", "$HOME", "`x`", &"1".repeat(41)] {
            assert!(!chosen(bad).is_plain(), "{bad}");
        }
    }
}
