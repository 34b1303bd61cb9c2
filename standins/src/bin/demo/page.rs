//! The page, and the API that it polls.

use crate::problem::Problem;
use crate::world::{Act, World};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::future::Future;
use std::io;
use std::sync::Arc;
use tokio::net::TcpListener;

const INDEX: &str = include_str!("../../../page/index.html");
const SCRIPT: &str = include_str!("../../../page/page.js");
const STYLE: &str = include_str!("../../../page/page.css");

/// Binds the port; the returned future serves.
pub(crate) async fn serve(
    world: Arc<World>,
    port: u16,
) -> Result<impl Future<Output = io::Result<()>>, Problem> {
    let bound = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = bound.map_err(|error| Problem::Port {
        port,
        reason: error.to_string(),
    })?;
    Ok(async move { axum::serve(listener, router(world)).await })
}

fn router(world: Arc<World>) -> Router {
    let file = |media_type: &'static str, text: &'static str| {
        get(move || async move { ([(header::CONTENT_TYPE, media_type)], text) })
    };
    Router::new()
        .route("/", get(|| async { Html(INDEX) }))
        .route("/page.js", file("text/javascript; charset=utf-8", SCRIPT))
        .route("/page.css", file("text/css; charset=utf-8", STYLE))
        .route("/api/state", get(state))
        .route("/api/act", post(act))
        .with_state(world)
}

async fn state(State(world): State<Arc<World>>) -> Json<Value> {
    Json(world.state())
}

async fn act(State(world): State<Arc<World>>, Json(act): Json<Act>) -> impl IntoResponse {
    match world.act(act) {
        Ok(()) => (StatusCode::OK, Json(json!({"ok": true}))),
        Err(reason) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Json(json!({"error": reason})),
        ),
    }
}
