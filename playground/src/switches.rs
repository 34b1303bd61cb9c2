//! Making things go wrong at Layer and Nexmo.

use serde::{Deserialize, Serialize};
use standins::{Fault, Layer, Nexmo, What, When};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Longer than the Worker waits for any answer.
const HANG: Duration = Duration::from_secs(60);

/// How Nexmo takes texts.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum NexmoMode {
    #[default]
    Fine,
    /// Status 1: too fast.
    Throttles,
    /// 503.
    Fails,
    /// No answer.
    Hangs,
    /// Status 7: the phone is barred, for good.
    Refuses,
}

/// How Layer's Platform API answers; its webhooks leave all the same.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LayerMode {
    #[default]
    Fine,
    /// 503.
    Down,
}

/// The switches as they stand.
#[derive(Default)]
pub(crate) struct Switches(Mutex<(NexmoMode, LayerMode)>);

impl Switches {
    fn stand(&self) -> MutexGuard<'_, (NexmoMode, LayerMode)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> (NexmoMode, LayerMode) {
        *self.stand()
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
        self.stand().0 = mode;
    }

    pub(crate) fn set_layer(&self, layer: &Layer, mode: LayerMode) {
        let down = || Fault::new(When::always(), What::Status(503, String::new()));
        let faults = match mode {
            LayerMode::Fine => Vec::new(),
            LayerMode::Down => vec![down()],
        };
        layer.traffic().set_faults(faults);
        self.stand().1 = mode;
    }
}
