//! Whether the settings' reader accepts what a document shows as an example.

use texting::settings::{self, ChatKind, NAMES, Setting, Settings, Var};

/// A setting's name and a value for it.
pub type Example = (String, String);

/// Asserts that a Worker with these settings is usable. Required ones that are missing get a valid value.
pub fn assert_accepted(examples: &[Example]) {
    for (name, _) in examples {
        assert!(is_name(name), "no setting is called {name}");
    }
    for chat in chats(examples) {
        let get = |name: &str| match examples.iter().find(|(given, _)| given == name) {
            Some((_, value)) if name != "CHAT" => Some(Var::from(value.as_str())),
            _ => valid(name, chat),
        };
        let problems = settings::read(&get).err();
        assert_eq!(problems, None, "{chat} {examples:?}");
    }
}

/// The chats that the settings are for: the one that they name, else both if each has a setting of its own.
fn chats(examples: &[Example]) -> Vec<&str> {
    if let [(name, value)] = examples
        && name == "CHAT"
    {
        return vec![value];
    }
    let is_for = |kind| {
        let names = examples.iter().map(|(name, _)| name);
        let mut settings = names.filter_map(|name| NAMES.iter().find(|it| it.name == name));
        settings.any(|setting| setting.chat == Some(kind))
    };
    match (is_for(ChatKind::Layer), is_for(ChatKind::Matrix)) {
        (true, true) => vec!["layer", "matrix"],
        (false, true) => vec!["matrix"],
        _ => vec!["layer"],
    }
}

/// Settings of a chat with a value for those that are required.
pub fn settings(chat: &str) -> Settings {
    settings::read(&|name| valid(name, chat)).unwrap()
}

/// A valid value for a setting that is required, or is so with others.
fn valid(name: &str, chat: &str) -> Option<Var> {
    let value = match name {
        "CHAT" => chat,
        "MATRIX_URL" => "https://matrix.example.com",
        "MATRIX_SERVER_NAME" => "example.com",
        "LAYER_APP_ID" => "5c1a9b0e-6f0d-4a57-9d0b-2f6f3c1d7e42",
        "NEXMO_NUMBERS" => "12025550101",
        "SERVER_URL" => "https://texts.example.com",
        "DELAY" => "1 minute",
        // What others need.
        "TIME_ZONE" => "Europe/Berlin",
        "DIGEST" => "on",
        "LAYER_API_VERSION" => "3.0",
        _ => {
            let secret = |it: &&Setting| it.name == name && it.required && it.secret;
            NAMES.iter().find(secret).map(|_| "a secret")?
        }
    };
    Some(value.into())
}

/// Whether this is the name or the alias of a setting.
pub fn is_name(word: &str) -> bool {
    let mut names = NAMES.iter().flat_map(|it| [Some(it.name), it.alias]);
    names.any(|name| name == Some(word))
}

/// An example of a line such as `NAME = "value"`: a name in capitals, a separator, a value with or without quotes.
pub fn in_line(line: &str, separator: &str) -> Option<Example> {
    let (name, value) = line.split_once(separator)?;
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    is_name.then(|| (name.to_owned(), unquoted(value).to_owned()))
}

fn unquoted(value: &str) -> &str {
    let inside = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}
