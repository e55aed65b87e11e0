//! What editors show while someone writes: documentation, and completion.

mod complete;
mod hover;
mod places;

use redproof_core::Report;
use redproof_core::assist::{Completions, Hover, complete, hover};
use redproof_core::source::SourceId;
use support::Checking;

/// A config with one file beside it; the cursor is a `|` in one of them.
struct Asked {
    report: Report,
    source: SourceId,
    offset: u32,
}

/// The releases that are checked unless a test names others.
const NEWEST: (&str, &str) = ("1.109.1", "8.1.0");

impl Asked {
    fn config(text: &str) -> Self {
        Self::of(text, ".env", "", NEWEST)
    }

    fn beside(name: &str, text: &str) -> Self {
        Self::of("litellm_settings:\n  cache: true\n", name, text, NEWEST)
    }

    fn of(config: &str, name: &str, text: &str, (litellm, redis_py): (&str, &str)) -> Self {
        let (source, at) = match (config.find('|'), text.find('|')) {
            (Some(at), _) => (SourceId::CONFIG, at),
            (None, Some(at)) => (SourceId(1), at),
            (None, None) => panic!("no cursor"),
        };
        let clean = |text: &str| text.replacen('|', "", 1);
        let config = if source == SourceId::CONFIG { clean(config) } else { config.to_owned() };
        let text = if source == SourceId::CONFIG { text.to_owned() } else { clean(text) };
        let offset = u32::try_from(at).expect("a short text");
        Self { report: report(&config, name, &text, (litellm, redis_py)), source, offset }
    }

    fn complete(&self) -> Option<Completions> {
        complete(&self.report, self.source, self.offset, true)
    }

    /// What is offered at each keystroke.
    fn typed(&self) -> Option<Completions> {
        complete(&self.report, self.source, self.offset, false)
    }

    fn hover(&self) -> Option<Hover> {
        hover(&self.report, self.source, self.offset)
    }

    fn text(&self) -> &str {
        self.report.text(self.source)
    }
}

fn report(config: &str, name: &str, text: &str, releases: (&str, &str)) -> Report {
    let checking = Checking::new(config).files([(name, text)]).incomplete();
    checking.on(releases.0, releases.1).report()
}
