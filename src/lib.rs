//! A Cloudflare Worker that texts the users of a Layer application about messages that they have not
//! read, and posts the texts that they send back. The rules are in the crate `texting`; here are the
//! edges: HTTP, KV, the Durable Object, outgoing requests, the clock.

mod admin;
mod answer;
mod configuration;
mod console;
#[cfg(feature = "deliberate-panic")]
mod deliberate_panic;
mod edge;
mod fetch;
mod health;
mod hooks;
mod kv;
mod layer_webhook;
mod nexmo_webhook;
mod object;
mod outbound;
mod routes;
mod setup;
mod statistics;
mod user_record;

use worker::{Context, Env, Request, Response, Result, ScheduleContext, ScheduledEvent, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    routes::answer(request, &env).await
}

#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    setup::by_schedule(&env).await;
}
