//! KV, called directly, as the product does.

use wasm_bindgen_futures::JsFuture;
use worker::{
    Env, Result,
    js_sys::{Array, Promise, Reflect},
    wasm_bindgen::{self, JsCast, JsValue, prelude::wasm_bindgen},
};

#[wasm_bindgen]
extern "C" {
    type Namespace;

    #[wasm_bindgen(method, catch)]
    fn get(this: &Namespace, keys: Array) -> core::result::Result<Promise, JsValue>;
}

/// Reads keys at once.
pub async fn read(env: &Env, keys: &[&str]) -> Result<()> {
    let binding: Namespace = Reflect::get(env, &JsValue::from_str("PHONES"))?.unchecked_into();
    let keys = keys.iter().map(|key| JsValue::from_str(key)).collect();
    JsFuture::from(binding.get(keys)?).await?;
    Ok(())
}
