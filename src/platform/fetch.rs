//! JavaScript's `fetch`, called directly. The `worker` crate's types read each response's headers, `cf` and
//! socket, and bodies chunk by chunk: that is most of the CPU time of a call from the Worker to a Durable
//! Object.

use worker::{
    Result,
    js_sys::{Promise, Uint8Array},
    wasm_bindgen::{JsCast, JsValue},
    wasm_bindgen_futures::JsFuture,
    web_sys::{RequestInit, Response},
};

/// A request's method and body.
pub fn init(method: &str, body: Option<&str>) -> RequestInit {
    let init = RequestInit::new();
    init.set_method(method);
    if let Some(body) = body {
        init.set_body(&JsValue::from_str(body));
    }
    init
}

/// Awaits the promise of a `fetch`.
pub async fn response(promise: Promise) -> Result<Response> {
    Ok(JsFuture::from(promise).await?.dyn_into()?)
}

/// Reads the whole body of a response.
pub async fn body(response: &Response) -> Result<Vec<u8>> {
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
