//! Answers the page: every question of redproof-messages by redproof-core. Judges nothing itself.

mod assist;
mod certificates;
mod check;
mod diagnose;
mod export;
mod guide;
mod joined;
mod map;
mod misplaced;
mod palette;
mod preview;
mod report;
mod request;
mod settings;
mod sort;
mod strip;
mod upgrade;
mod verdict;
mod words;
mod workspace;

use redproof_core::certificate::Demands;
use redproof_core::compare::Verdict;
use redproof_core::finding::Severity;
use redproof_core::releases::{Pair, Version};
use redproof_core::source::SourceId;
use redproof_messages::{Answer, Ask, Releases, Texts, Tone};

use workspace::Workspace;

/// The texts that were checked last, and the certificates that were given.
#[derive(Debug)]
pub struct Engine {
    workspace: Workspace,
    certificates: certificates::Store,
}

impl Default for Engine {
    fn default() -> Self {
        let workspace = Workspace::new(Texts::default(), 0);
        Self { workspace, certificates: certificates::Store::default() }
    }
}

impl Engine {
    /// Answers a question.
    pub fn answer(&mut self, ask: Ask) -> Answer {
        match ask {
            Ask::Check { texts, now } => self.check(texts, now),
            Ask::Releases => Answer::Releases(releases()),
            ask => self.answer_later(ask),
        }
    }

    fn check(&mut self, texts: Texts, now: i64) -> Answer {
        self.workspace = Workspace::new(texts, now);
        Answer::Check(Box::new(check::checked(&self.workspace)))
    }

    /// Answers what nobody asks before the first verdict. A function of its own, so that `web/split` can put it and
    /// all that is inlined in it into the engine's second part.
    #[inline(never)]
    fn answer_later(&mut self, ask: Ask) -> Answer {
        let workspace = &self.workspace;
        match ask {
            Ask::Check { texts, now } => self.check(texts, now),
            Ask::Releases => Answer::Releases(releases()),
            Ask::Hover { file, at } => Answer::Hover(assist::hover(workspace, file, at)),
            Ask::Complete { file, at, explicit } => {
                Answer::Complete(assist::complete(workspace, file, at, explicit))
            }
            Ask::FixAll => Answer::FixAll(check::fix_all(workspace)),
            Ask::Settings => Answer::Settings(settings::settings(workspace)),
            Ask::Upgrade { litellm, redis_py } => {
                Answer::Upgrade(upgrade::upgrade(workspace, &litellm, &redis_py).map(Box::new))
            }
            Ask::Guide(screen) => Answer::Guide(Box::new(guide::guide(workspace, &screen))),
            Ask::Write { system, field, answer } => {
                Answer::Write(guide::write(workspace, &system, &field, &answer))
            }
            Ask::Begin { system } => Answer::Begin(guide::begin(workspace, &system)),
            Ask::Export => Answer::Export(export::exports(workspace)),
            Ask::Shareable => Answer::Shareable(shareable(workspace)),
            Ask::Diagnose { log } => Answer::Diagnose(diagnose::diagnosis(workspace, &log)),
            Ask::Preview { finding } => Answer::Preview(preview::preview(workspace, finding)),
            Ask::Request { json, endpoint } => {
                Answer::Request(request::requested(workspace, &json, &endpoint))
            }
            Ask::Report => Answer::Report(report::markdown(&check::checked(workspace))),
            Ask::Pages => Answer::Pages(palette::pages()),
            Ask::Strip => Answer::Strip(Box::new(strip::strip(workspace))),
            Ask::Sort { files } => Answer::Sort(sort::all(&files)),
            Ask::Certificates(ask) => {
                let report = &workspace.report;
                let demands = Demands::of(&report.outcome, report.pair);
                let judged = self.certificates.answer(ask, &demands, workspace.now);
                Answer::Certificates(Box::new(judged))
            }
        }
    }
}

/// The texts without secrets.
fn shareable(workspace: &Workspace) -> Vec<String> {
    let files = (0..).zip(&workspace.texts.files);
    let shareable = files.map(|(file, one)| {
        // A file that the check does not read holds secrets as any other.
        let source = workspace.source(file).unwrap_or(SourceId(u16::MAX));
        workspace.report.redaction.shareable(source, &one.text)
    });
    shareable.collect()
}

fn releases() -> Releases {
    let words = |all: &[Version]| all.iter().map(ToString::to_string).collect();
    Releases {
        litellm: words(Pair::litellm_releases()),
        redis_py: words(Pair::redis_py_releases()),
    }
}

/// `LiteLLM 1.80.0 on redis-py 5.3.1`
fn in_words(pair: Pair) -> String {
    format!("LiteLLM {} on redis-py {}", pair.litellm, pair.redis_py)
}

/// How a severity looks.
fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Error,
        Severity::Warning => Tone::Warning,
        Severity::Hint => Tone::Hint,
    }
}

/// How what a release does to a configuration looks: the page's colours go by severity.
fn tone_of(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Breaks => Tone::Error,
        Verdict::Weakens => Tone::Warning,
        Verdict::Changes => Tone::Hint,
        Verdict::Improves => Tone::Good,
    }
}
