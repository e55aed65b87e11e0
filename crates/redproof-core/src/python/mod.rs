//! The few Python semantics that LiteLLM's behaviour hangs on.

mod origin;
mod value;

pub use num_bigint::BigInt;
pub use origin::{Computed, Origin};
pub use value::{Data, Dict, Entry, Truth, Value};
