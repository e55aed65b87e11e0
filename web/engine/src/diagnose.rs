//! What a log says, held against the configuration.

use redproof_core::diagnose::{Holds, JudgedCause, Kind, diagnose};
use redproof_messages::{Cause, Diagnosis, Note, Recognised, Tone};

use crate::workspace::Workspace;

/// What a log says.
pub(crate) fn diagnosis(workspace: &Workspace, log: &str) -> Diagnosis {
    let found = diagnose(log, Some(&workspace.report));
    // The page lists the worst finding first.
    let mut order: Vec<usize> = (0..workspace.report.diagnostics.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(workspace.report.diagnostics[*at].severity));
    let place = |at: &usize| order.iter().position(|one| one == at);
    let said = found.said.iter().filter(|said| said.entry.kind != Kind::News).map(|said| {
        let answer = said.answer.as_ref();
        Recognised {
            title: said.entry.title.to_owned(),
            means: said.entry.means.to_owned(),
            page: format!("docs/errors/{}.html", said.entry.id),
            causes: answer
                .map_or_else(Vec::new, |answer| answer.causes.iter().map(cause).collect()),
            look: said.entry.look.to_owned(),
            findings: answer
                .map_or_else(Vec::new, |answer| answer.findings.iter().filter_map(place).collect()),
        }
    });
    Diagnosis {
        said: said.collect(),
        unknown: found.unrecognised.iter().map(|one| one.class.clone()).collect(),
    }
}

fn cause(judged: &JudgedCause) -> Cause {
    let (tone, words) = match judged.holds {
        Holds::Yes => (Tone::Error, "applies here"),
        Holds::Perhaps => (Tone::Hint, "may apply"),
        Holds::No => (Tone::Plain, "does not apply"),
    };
    let evidence = judged.evidence.iter().map(|one| {
        let setting = one.setting.map(|setting| format!(", `{setting}`")).unwrap_or_default();
        let place = one.place.as_deref().map(|place| format!(" ({place})")).unwrap_or_default();
        Note { at: None, text: format!("{} to {}{setting}{place}", one.whose, one.target) }
    });
    Cause {
        holds: (tone, words.to_owned()),
        says: judged.cause.says.to_owned(),
        cure: judged.cause.cure.to_owned(),
        evidence: evidence.collect(),
    }
}
