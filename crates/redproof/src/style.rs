//! The colors of what people read.

use anstyle::{AnsiColor, Style};
use redproof_core::finding::Severity;

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const NOTABLE: Style = AnsiColor::Cyan.on_default().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// The same, where much text has them.
pub(crate) const PLAIN_BAD: Style = AnsiColor::Red.on_default();
pub(crate) const PLAIN_DOUBTFUL: Style = AnsiColor::Yellow.on_default();
pub(crate) const PLAIN_GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const PLAIN_NOTABLE: Style = AnsiColor::Cyan.on_default();

/// A severity's style.
pub(crate) fn of_severity(severity: Severity) -> Style {
    match severity {
        Severity::Error => BAD,
        Severity::Warning => DOUBTFUL,
        Severity::Hint => NOTABLE,
    }
}

/// A text in a style.
pub(crate) fn paint(text: &str, style: Style, colored: bool) -> String {
    if colored { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
