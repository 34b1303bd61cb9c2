//! The settings of the Worker that the page changes: each change restarts the Worker with the same state.

use crate::clock::TimeOfDay;
use crate::page_settings::PageSettings;
use crate::quiet;
use crate::world::World;

impl World {
    /// Restarts the Worker with changed settings. The error is a text for the page.
    pub(crate) async fn redeploy(
        &self,
        change: impl FnOnce(&mut PageSettings),
    ) -> Result<(), String> {
        let mut settings = self.process.page_settings();
        change(&mut settings);
        if !settings.are_plain() {
            return Err("Only letters, digits, spaces and dots are allowed.".to_owned());
        }
        let deployed = self.process.deploy(settings).await;
        deployed.map_err(|problem| problem.to_string())
    }

    /// Switches the quiet hours.
    pub(crate) async fn set_quiet(&self, on: bool) -> Result<(), String> {
        let hours = on.then(|| quiet::setting(self.clock.offset_at(standins::now_ms())));
        self.redeploy(|settings| settings.quiet_hours = hours).await
    }

    /// Sets the clock of the page, and with it the quiet hours if they are on.
    pub(crate) async fn set_clock(&self, time: &str) -> Result<(), String> {
        let time = TimeOfDay::read(time).ok_or("That is no time of day.")?;
        self.clock.set(time, standins::now_ms());
        match self.process.page_settings().quiet_hours {
            Some(_) => self.set_quiet(true).await,
            None => Ok(()),
        }
    }
}
