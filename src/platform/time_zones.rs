//! Time zones, as the runtime's `Intl` knows them.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use texting::{
    quiet::{TimeOfDay, TimeZones, ZoneName},
    time::Timestamp,
};
use worker::{
    js_sys::Intl::{DateTimeFormatOptions, HourCycle, NumericFormat},
    wasm_bindgen::{self, JsValue, prelude::wasm_bindgen},
};

/// The most zones that are kept. There are fewer names than this, in any case; those that are unknown are not kept.
const MOST: usize = 1_000;

/// A zone's clock.
struct Clock {
    format: DateTimeFormat,
    /// The zone's name as the runtime writes it.
    spelling: String,
}

thread_local! {
    /// Clocks by their zone's name in lower case. Each takes the runtime 0.13 ms to make and tens of kilobytes to
    /// keep; a look at one that is kept takes 2 to 4 µs.
    static CLOCKS: RefCell<HashMap<String, Rc<Clock>>> = RefCell::default();
}

/// The runtime's time zones.
pub struct IntlTimeZones;

impl TimeZones for IntlTimeZones {
    fn spelling(&self, zone: &ZoneName) -> Option<String> {
        Some(clock(zone)?.spelling.clone())
    }

    fn time_of_day(&self, zone: &ZoneName, at: Timestamp) -> Option<TimeOfDay> {
        let shown = clock(zone)?.format.format(at.as_millis() as f64).ok()?;
        TimeOfDay::read(&shown)
    }
}

/// The clock of a zone; `None` if the runtime knows no such zone.
fn clock(zone: &ZoneName) -> Option<Rc<Clock>> {
    let name = zone.to_ascii_lowercase();
    if let Some(known) = CLOCKS.with_borrow(|clocks| clocks.get(&name).cloned()) {
        return Some(known);
    }
    let made = Rc::new(make(&name)?);
    CLOCKS.with_borrow_mut(|clocks| {
        if clocks.len() < MOST {
            clocks.insert(name, Rc::clone(&made));
        }
    });
    Some(made)
}

/// A clock that shows hours, minutes and seconds, each as two digits.
fn make(zone: &str) -> Option<Clock> {
    let options = DateTimeFormatOptions::new();
    options.set_time_zone(zone);
    options.set_hour_cycle(HourCycle::H23);
    options.set_hour(NumericFormat::TwoDigit);
    options.set_minute(NumericFormat::TwoDigit);
    options.set_second(NumericFormat::TwoDigit);
    let format = DateTimeFormat::new("en-US", &options).ok()?;
    let spelling = format.resolved_options().get_time_zone()?;
    Some(Clock {
        format,
        spelling: String::from(spelling),
    })
}

#[wasm_bindgen]
extern "C" {
    /// JavaScript's `Intl.DateTimeFormat`, because `js_sys` does not catch what its constructor throws.
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;

    /// Throws a `RangeError` if the zone is unknown.
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &DateTimeFormatOptions) -> Result<DateTimeFormat, JsValue>;

    /// Throws a `RangeError` for moments that JavaScript has no date for.
    #[wasm_bindgen(method, catch)]
    fn format(this: &DateTimeFormat, millis: f64) -> Result<String, JsValue>;

    #[wasm_bindgen(method, js_name = resolvedOptions)]
    fn resolved_options(this: &DateTimeFormat) -> DateTimeFormatOptions;
}
