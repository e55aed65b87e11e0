//! The companion: `redproof serve` on this computer, which probes for the page. `editor/companion.ts`
//! speaks to it.

use redproof_core::releases::Pair;
use redproof_desk::Json;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::bridge;

/// Has it test what is on the page, on this pair of releases, and tells what happens.
pub(crate) fn test(pair: Pair, tell: impl Fn(Json) + 'static) {
    wasm_bindgen_futures::spawn_local(async move {
        let tell = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| tell(event.into()));
        let (litellm, redis_py) = (pair.litellm.to_string(), pair.redis_py.to_string());
        bridge::test_live(&litellm, &redis_py, &tell).await;
    });
}
