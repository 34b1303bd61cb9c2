//! Arguments and environment.

use crate::page_settings::PageSettings;
use crate::problem::Problem;
use standins::{Method, SigningKey};
use std::path::PathBuf;

pub(crate) const HELP: &str = "\
playground            serves a page with a chat and phones
playground --guided   plays one conversation in the terminal; exit status 0 if it succeeds within 60 s

--run-worker -- COMMAND…
                starts the Worker by this command in its own process group, and stops it at the end;
                the page can then kill it, start it again and change its settings
--settings FILE the Worker's settings are written to this file before each start
--log FILE      the Worker's output is appended to this file

--worker URL    (WORKER_URL)   the Worker, http://127.0.0.1:8787
--page PORT     (PAGE_PORT)    8800
--layer PORT    (LAYER_PORT)   8801: the Worker's LAYER_API_URL is http://127.0.0.1:8801
--nexmo PORT    (NEXMO_PORT)   8802: the Worker's NEXMO_API_URL is http://127.0.0.1:8802

Environment, as for the Worker: ADMIN_TOKEN (required), LAYER_APP_ID, LAYER_BEARER_TOKEN,
LAYER_WEBHOOK_SECRET, NEXMO_KEY, NEXMO_SECRET, NEXMO_NUMBERS, NEXMO_SIGNATURE_SECRET,
NEXMO_SIGNATURE_METHOD, DELAY, NUMBER_EXPIRATION_TIME, INTRODUCE_CONVERSATION.";

/// The arguments and the environment.
pub(crate) struct Config {
    pub(crate) help: bool,
    pub(crate) guided: bool,
    /// The Worker's URL, without a slash at its end.
    pub(crate) worker: String,
    pub(crate) page_port: u16,
    pub(crate) layer_port: u16,
    pub(crate) nexmo_port: u16,
    pub(crate) admin_token: Option<String>,
    pub(crate) app_id: String,
    /// `LAYER_BEARER_TOKEN`.
    pub(crate) token: String,
    /// `NEXMO_KEY`.
    pub(crate) key: String,
    /// `NEXMO_SECRET`.
    pub(crate) secret: String,
    pub(crate) numbers: Vec<String>,
    pub(crate) signature: Option<SigningKey>,
    pub(crate) webhook_secret: String,
    pub(crate) introduction: String,
    /// The settings of the page at the Worker's first start.
    pub(crate) page_settings: PageSettings,
    /// Program and arguments that start the Worker; empty: it was started elsewhere.
    pub(crate) run_worker: Vec<String>,
    /// Where the Worker's settings are written.
    pub(crate) settings: Option<PathBuf>,
    /// Where the Worker's output is appended.
    pub(crate) log: Option<PathBuf>,
}

impl Config {
    /// Arguments override the environment; an empty variable counts as not set.
    pub(crate) fn read(
        mut arguments: impl Iterator<Item = String>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Problem> {
        let mut config =
            Self::from_environment(|name| environment(name).filter(|value| !value.is_empty()))?;
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let missing = || Problem::Usage(format!("{argument} needs a value"));
                arguments.next().ok_or_else(missing)
            };
            match argument.as_str() {
                "--help" | "-h" => config.help = true,
                "--guided" => config.guided = true,
                "--settings" => config.settings = Some(value()?.into()),
                "--log" => config.log = Some(value()?.into()),
                "--run-worker" => {
                    config.run_worker = command(arguments)?;
                    return Ok(config);
                }
                "--worker" => config.worker = origin(&value()?),
                "--page" => config.page_port = port(&value()?)?,
                "--layer" => config.layer_port = port(&value()?)?,
                "--nexmo" => config.nexmo_port = port(&value()?)?,
                _ => return Err(Problem::Usage(format!("unknown argument {argument}"))),
            }
        }
        Ok(config)
    }

    fn from_environment(set: impl Fn(&str) -> Option<String>) -> Result<Self, Problem> {
        let or = |name: &str, default: &str| set(name).unwrap_or_else(|| default.to_owned());
        let number = |name: &str, default: u16| set(name).map_or(Ok(default), |text| port(&text));
        let app_id = or("LAYER_APP_ID", "11111111-2222-4333-8444-555555555555");
        let numbers = or("NEXMO_NUMBERS", "12015550100,12015550101");
        let method = or("NEXMO_SIGNATURE_METHOD", "md5hash");
        let unknown =
            || Problem::Usage("NEXMO_SIGNATURE_METHOD is not one of Nexmo's methods".to_owned());
        let method = Method::named(&method).ok_or_else(unknown)?;
        Ok(Self {
            help: false,
            guided: false,
            worker: origin(&or("WORKER_URL", "http://127.0.0.1:8787")),
            page_port: number("PAGE_PORT", 8800)?,
            layer_port: number("LAYER_PORT", 8801)?,
            nexmo_port: number("NEXMO_PORT", 8802)?,
            admin_token: set("ADMIN_TOKEN"),
            app_id: app_id.rsplit('/').next().unwrap_or_default().to_owned(),
            token: or("LAYER_BEARER_TOKEN", "layer-token"),
            key: or("NEXMO_KEY", "abcd1234"),
            secret: or("NEXMO_SECRET", "abcdef0123456789"),
            numbers: numbers
                .split(',')
                .map(digits)
                .filter(|number| !number.is_empty())
                .collect(),
            signature: set("NEXMO_SIGNATURE_SECRET").map(|secret| SigningKey { method, secret }),
            webhook_secret: or("LAYER_WEBHOOK_SECRET", "layer-webhook-secret"),
            introduction: or("INTRODUCE_CONVERSATION", ""),
            page_settings: PageSettings::new(
                &or("DELAY", "5 seconds"),
                &or("NUMBER_EXPIRATION_TIME", "1 week"),
            ),
            run_worker: Vec::new(),
            settings: None,
            log: None,
        })
    }
}

/// The arguments after `--run-worker --`.
fn command(mut arguments: impl Iterator<Item = String>) -> Result<Vec<String>, Problem> {
    let dashes = arguments.next().is_some_and(|argument| argument == "--");
    let command: Vec<String> = arguments.collect();
    if !dashes || command.is_empty() {
        let usage = "--run-worker must be the last argument, with `-- COMMAND…`";
        return Err(Problem::Usage(usage.to_owned()));
    }
    Ok(command)
}

/// The digits in a formatted phone.
pub(crate) fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

fn origin(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

fn port(text: &str) -> Result<u16, Problem> {
    text.parse()
        .map_err(|_| Problem::Usage(format!("{text} is not a port")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_override_the_environment() {
        let environment = |name: &str| (name == "WORKER_URL").then(|| "http://a/".to_owned());
        let config = Config::read(std::iter::empty(), environment).ok().unwrap();
        assert_eq!(
            (config.worker.as_str(), config.page_port),
            ("http://a", 8800)
        );
        let arguments = ["--worker", "http://b", "--page", "1"].map(ToOwned::to_owned);
        let config = Config::read(arguments.into_iter(), environment)
            .ok()
            .unwrap();
        assert_eq!((config.worker.as_str(), config.page_port), ("http://b", 1));
        assert!(Config::read(["--x".to_owned()].into_iter(), environment).is_err());
    }

    #[test]
    fn the_workers_command_is_everything_after_the_dashes() {
        let read = |arguments: &[&str]| {
            let arguments = arguments.iter().map(|one| (*one).to_owned());
            Config::read(arguments.collect::<Vec<_>>().into_iter(), |_| None)
        };
        let config = read(&["--guided", "--run-worker", "--", "wrangler", "--page"]);
        let config = config.ok().unwrap();
        assert!(config.guided);
        assert_eq!(config.run_worker, ["wrangler", "--page"]);
        assert!(read(&["--run-worker", "wrangler"]).is_err());
        assert!(read(&["--run-worker", "--"]).is_err());
    }
}
