//! Whether the settings' reader accepts what a document shows as an example.

use texting::settings::{self, NAMES, Setting, Settings, Var};

/// A setting's name and a value for it.
pub type Example = (String, String);

/// Asserts that a Worker with these settings is usable. Required ones that are missing get a valid value.
pub fn assert_accepted(examples: &[Example]) {
    for (name, _) in examples {
        assert!(is_name(name), "no setting is called {name}");
    }
    let get = |name: &str| match examples.iter().find(|(given, _)| given == name) {
        Some((_, value)) => Some(Var::from(value.as_str())),
        None => valid(name),
    };
    assert_eq!(settings::read(get).err(), None, "{examples:?}");
}

/// Settings with a value for those that are required.
pub fn settings() -> Settings {
    settings::read(valid).unwrap()
}

/// A valid value for a setting that is required, or is so with others.
fn valid(name: &str) -> Option<Var> {
    let value = match name {
        "LAYER_APP_ID" => "5c1a9b0e-6f0d-4a57-9d0b-2f6f3c1d7e42",
        "NEXMO_NUMBERS" => "12025550101",
        "SERVER_URL" => "https://texts.example.com",
        "DELAY" => "1 minute",
        // What others need.
        "TIME_ZONE" => "Europe/Berlin",
        "DIGEST" => "on",
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
