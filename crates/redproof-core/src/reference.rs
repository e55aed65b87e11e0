//! Texts of the reference: rules' pages, meanings of settings.

/// A text of the reference. The editor's page does without, to load faster.
pub(crate) const fn kept(text: &'static str) -> &'static str {
    if cfg!(feature = "pages") { text } else { "" }
}
