//! Faults of Layer, Nexmo and the phones that the page can switch on.

use serde::{Deserialize, Serialize};
use standins::{Fault, Layer, Nexmo, Receipts, SigningKey, What, When};
use std::collections::BTreeMap;
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

/// What becomes of the texts to a phone. Delivery receipts say it.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PhoneMode {
    #[default]
    Fine,
    /// The phone is off.
    Off,
    /// The phone is out of service.
    Dead,
    /// The user has opted out at the carrier.
    Barred,
}

impl PhoneMode {
    /// The `err-code` of the receipts; `None`: the texts arrive.
    fn code(self) -> Option<u16> {
        match self {
            Self::Fine => None,
            Self::Off => Some(2),
            Self::Dead => Some(3),
            Self::Barred => Some(9),
        }
    }
}

/// The current modes.
#[derive(Clone, Default, Serialize)]
pub(crate) struct Modes {
    nexmo: NexmoMode,
    layer: LayerMode,
    /// Those of phones that were ever switched.
    phones: BTreeMap<String, PhoneMode>,
}

/// The switches of the page.
#[derive(Default)]
pub(crate) struct Switches(Mutex<Modes>);

impl Switches {
    fn lock(&self) -> MutexGuard<'_, Modes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn modes(&self) -> Modes {
        self.lock().clone()
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

    /// Sets a phone's mode. Without one, all phones keep theirs, and receipts are pushed from now on.
    pub(crate) fn set_phone(
        &self,
        nexmo: &Nexmo,
        signed: Option<SigningKey>,
        phone: Option<(String, PhoneMode)>,
    ) {
        let mut modes = self.lock();
        modes.phones.extend(phone);
        let failing = modes.phones.iter();
        let failing = failing.filter_map(|(phone, mode)| Some((phone.clone(), mode.code()?)));
        nexmo.receipts(Receipts {
            signed,
            failing: failing.collect(),
            ..Receipts::default()
        });
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
