//! What `litellm_settings` set of the `litellm` module, and others read there.

use python::{Data, PyResult, Stop, Value};

/// Settings that `Router.__init__` and `ServiceLogging.__init__` read of the `litellm` module.
#[derive(Default)]
pub(super) struct ModuleSettings {
    /// `litellm.fallbacks`
    pub(super) fallbacks: Option<Value>,
    /// `litellm.content_policy_fallbacks`
    pub(super) content_policy_fallbacks: Option<Value>,
    /// `litellm.default_fallbacks`
    pub(super) default_fallbacks: Option<Value>,
    /// `litellm.service_callback`
    pub(super) service_callback: Option<Value>,
}

impl ModuleSettings {
    /// `"prometheus_system" in litellm.service_callback`
    ///
    /// # Errors
    /// `TypeError` for what can't be searched.
    pub(super) fn service_logging(&self) -> PyResult<()> {
        match &self.service_callback {
            Some(value)
                if matches!(
                    value.data,
                    Data::None | Data::Bool(_) | Data::Int(_) | Data::Float(_)
                ) =>
            {
                let kind = value.type_name().unwrap_or("object");
                let message = format!("argument of type '{kind}' is not iterable");
                Err(Stop::raise("TypeError", message).because_of(&value.origin))
            }
            _ => Ok(()),
        }
    }
}
