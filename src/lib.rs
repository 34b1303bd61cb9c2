//! A Cloudflare Worker that texts the users of a chat about messages that they have not read, and posts their
//! replies. The rules are in the crate `texting`; this crate connects them to
//! Cloudflare: HTTP, KV, Durable Objects, outgoing requests, the clock.

mod configuration;
#[cfg(feature = "deliberate-panic")]
mod deliberate_panic;
mod deliver;
mod health;
mod hooks;
mod http;
mod identity_cache;
mod objects;
mod platform;
mod routes;
mod setup;
mod wishes;

use texting::{health::is_hourly, setup::Mode, time::Timestamp};
use worker::{Context, Env, Request, Response, Result, ScheduleContext, ScheduledEvent, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    routes::respond(request, &env).await
}

/// The cron trigger: repeats setup and, once an hour, logs what is not well.
#[event(scheduled)]
async fn scheduled(event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    let Ok(configured) = configuration::read(&env) else {
        return;
    };
    setup::run(&configured.settings, Mode::Apply).await;
    if is_hourly(Timestamp::from_millis(event.schedule() as i64)) {
        health::log_troubles(&env, &configured.settings).await;
    }
}
