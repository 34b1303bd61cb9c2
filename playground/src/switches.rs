//! Faults of Layer and Nexmo that the page can switch on.

use serde::{Deserialize, Serialize};
use standins::{Fault, Layer, Nexmo, What, When};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Longer than any timeout of the Worker.
const HANG: Duration = Duration::from_secs(60);

/// How Nexmo responds to texts.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum NexmoMode {
    #[default]
    Fine,
    /// Status 1.
    Throttles,
    /// 503.
    Fails,
    /// No response.
    Hangs,
    /// Status 7: the phone is barred.
    Refuses,
}

/// How Layer's Platform API responds; webhooks are sent in every mode.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LayerMode {
    #[default]
    Fine,
    /// 503.
    Down,
}

/// The current modes.
#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct Modes {
    nexmo: NexmoMode,
    layer: LayerMode,
}

/// The switches of the page.
#[derive(Default)]
pub(crate) struct Switches(Mutex<Modes>);

impl Switches {
    fn lock(&self) -> MutexGuard<'_, Modes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn modes(&self) -> Modes {
        *self.lock()
    }

    pub(crate) fn set_nexmo(&self, nexmo: &Nexmo, mode: NexmoMode) {
        let what = match mode {
            NexmoMode::Fine => None,
            NexmoMode::Throttles => Some(What::ThrottleFor(u64::MAX)),
            NexmoMode::Fails => Some(What::Status(503, String::new())),
            NexmoMode::Hangs => Some(What::Hang(HANG)),
            NexmoMode::Refuses => Some(What::NexmoStatus(7, "Number barred".to_owned())),
        };
        let fault = what.map(|what| Fault::new(When::path("/sms/json"), what));
        nexmo.traffic().set_faults(fault.into_iter().collect());
        self.lock().nexmo = mode;
    }

    pub(crate) fn set_layer(&self, layer: &Layer, mode: LayerMode) {
        let what = match mode {
            LayerMode::Fine => None,
            LayerMode::Down => Some(What::Status(503, String::new())),
        };
        let fault = what.map(|what| Fault::new(When::always(), what));
        layer.traffic().set_faults(fault.into_iter().collect());
        self.lock().layer = mode;
    }
}
