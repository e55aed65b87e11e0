//! The clock.

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds")]
    let seconds = (js_sys::Date::now() / 1000.0) as i64;
    seconds
}
