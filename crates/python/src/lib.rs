//! The few Python semantics that LiteLLM's behaviour depends on.

pub mod case;
pub mod convert;
mod digits;
mod exception;
mod integer;
pub mod json;
pub mod kwargs;
mod met;
mod origin;
mod printable;
mod rebuild;
mod unicode;
pub mod url;
mod value;

pub use exception::{PyException, PyResult, Raise, Stop};
pub use integer::Integer;
pub use kwargs::{Arg, Kwargs, Name, Part};
pub use met::Met;
pub use origin::{Computed, Origin};
pub use rebuild::Rebuild;
pub use smol_str::SmolStr as Text;
pub use value::{AwsIam, AzureIam, Data, Dict, Entry, Object, Truth, Value};
