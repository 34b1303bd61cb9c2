//! A Cloudflare Worker that texts the users of a chat about messages that they have not read, and posts their
//! replies. The rules are in the crate `texting`; this crate connects them to
//! Cloudflare: HTTP, KV, Durable Objects, outgoing requests, the clock.

mod configuration;
#[cfg(feature = "deliberate-panic")]
mod deliberate_panic;
mod deliver;
mod hooks;
mod http;
mod identity_cache;
mod objects;
mod platform;
mod routes;
mod setup;
mod wishes;

use worker::{Context, Env, Request, Response, Result, ScheduleContext, ScheduledEvent, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    routes::respond(request, &env).await
}

#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    setup::run_scheduled(&env).await;
}
