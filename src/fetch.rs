//! JavaScript's `fetch` with nothing around it. The `worker` crate's own types ask every answer for its
//! headers, `cf` and socket, and read bodies chunk by chunk: most of what a call between the Worker
//! and an object would cost.

use worker::{
    Result,
    js_sys::{Promise, Uint8Array},
    wasm_bindgen::{JsCast, JsValue},
    wasm_bindgen_futures::JsFuture,
    web_sys::{RequestInit, Response},
};

/// What a request is to be: its method and body.
pub fn init(method: &str, body: Option<&str>) -> RequestInit {
    let init = RequestInit::new();
    init.set_method(method);
    if let Some(body) = body {
        init.set_body(&JsValue::from_str(body));
    }
    init
}

/// The answer that a `fetch` promised.
pub async fn answer(promise: Promise) -> Result<Response> {
    Ok(JsFuture::from(promise).await?.dyn_into()?)
}

/// The whole body of an answer.
pub async fn body(answer: &Response) -> Result<Vec<u8>> {
    let buffer = JsFuture::from(answer.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
