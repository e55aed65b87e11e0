//! What an upgrade changes: another pair of releases beside the one that is checked.

use redproof_core::compare::{Change as Changed, Detour, Side as Sided, Verdict};
use redproof_core::finding::Finding;
use redproof_core::outcome::Startup;
use redproof_core::releases::{Pair, defects};
use redproof_core::{CheckInput, Comparison, compare};
use redproof_messages::{Change, Defect, Found, Side, Stop, Tone, Upgrade};

use crate::strip::strip;
use crate::words::of_page;
use crate::workspace::{Workspace, releases};
use crate::{in_words, tone, tone_of};

/// What these releases, empty for automatic, would change.
pub(crate) fn upgrade(
    workspace: &Workspace,
    litellm: &str,
    redis_py: &str,
) -> Result<Upgrade, String> {
    let to = releases(litellm, redis_py)?;
    let comparison = workspace.with_input(|input| compare(input, to));
    if comparison.from.pair == comparison.to.pair
        && let Some(earlier) = earlier(workspace, comparison.from.pair)
    {
        return Ok(earlier);
    }
    Ok(words(workspace, &comparison))
}

/// What brought the texts to what they do: from the last LiteLLM release on which they did something
/// else, each on the redis-py that comes with it.
fn earlier(workspace: &Workspace, here: Pair) -> Option<Upgrade> {
    if !workspace.texts.redis_py.is_empty() {
        return None;
    }
    let strip = strip(workspace);
    let at = strip.litellm.iter().position(|one| *one == here.litellm.to_string())?;
    let span = strip.rows.first()?.spans.iter().rev().find(|span| span.from <= at)?;
    let before = strip.litellm.get(span.from.checked_sub(1)?)?;
    let (from, to) = (releases(before, "").ok()?, releases(&here.litellm.to_string(), "").ok()?);
    let comparison =
        workspace.with_input(|input| compare(&CheckInput { releases: from, ..*input }, to));
    let newest = Pair::litellm_releases().last() == Some(&here.litellm);
    let here = match newest {
        true => format!("the newest release, LiteLLM {}", here.litellm),
        false => format!("LiteLLM {} already", here.litellm),
    };
    let instead = format!(
        "You are checking {here}. This is what changed since {before}, the last release that treats this configuration differently. To compare with the release that you run today, choose it at the top.",
    );
    let other = (before.clone(), String::new());
    Some(Upgrade { instead: Some(instead), other, ..words(workspace, &comparison) })
}

fn words(workspace: &Workspace, comparison: &Comparison) -> Upgrade {
    let (from, to) = (comparison.from.pair, comparison.to.pair);
    let newest = Pair::redis_py_releases().last().filter(|newest| **newest != from.redis_py);
    let stops = match &comparison.to.outcome.startup {
        Startup::Exception(exception) if comparison.starts_on_neither() => {
            Some(comparison.to.redaction.clean_text(&exception.to_string()))
        }
        _ => None,
    };
    let alike = |one: &Changed, next: &Changed| one.heading() == next.heading();
    let groups = comparison.changes.chunk_by(alike).map(|group| {
        let changes = group.iter().map(|one| change(workspace, comparison, one));
        (group[0].heading(), changes.collect())
    });
    let verdicts = [Verdict::Breaks, Verdict::Weakens, Verdict::Changes, Verdict::Improves];
    let tallies = verdicts.map(|verdict| (verdict, comparison.count(verdict)));
    let tallies = tallies.into_iter().filter(|(_, count)| *count > 0);
    let tone = match comparison.verdict() {
        _ if comparison.starts_on_neither() => Tone::Error,
        Some(Verdict::Breaks | Verdict::Weakens) => Tone::Error,
        _ => Tone::Good,
    };
    Upgrade {
        from: in_words(from),
        to: in_words(to),
        instead: None,
        other: (to.litellm.to_string(), to.redis_py.to_string()),
        same: (from == to).then(|| newest.map(ToString::to_string)),
        conclusion: (tone, of_page(&format!("{}.", comparison.conclusion()))),
        tallies: tallies
            .map(|(verdict, count)| (tone_of(verdict), tally(verdict, count)))
            .collect(),
        stops,
        groups: groups.collect(),
        findings: filled([
            ("New problems", found(workspace, &comparison.appear)),
            ("Problems that go away", found(workspace, &comparison.vanish)),
        ]),
        defects: filled([
            ("Known defects you would get", known(&comparison.enter, Tone::Warning)),
            ("Known defects that are fixed", known(&comparison.leave, Tone::Good)),
        ]),
        detours: comparison.detours.iter().map(|one| detour(comparison, one)).collect(),
    }
}

/// Headings with something below them.
fn filled<T>(all: [(&str, Vec<T>); 2]) -> Vec<(String, Vec<T>)> {
    let filled = all.into_iter().filter(|(_, list)| !list.is_empty());
    filled.map(|(heading, list)| (heading.to_owned(), list)).collect()
}

/// `1 breaking change`
fn tally(verdict: Verdict, count: usize) -> String {
    let what = match verdict {
        Verdict::Breaks => "breaking change",
        Verdict::Weakens => "weakening change",
        Verdict::Changes => "other change",
        Verdict::Improves => "improvement",
    };
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn change(workspace: &Workspace, comparison: &Comparison, change: &Changed) -> Change {
    let side = |side: &Sided| Side {
        text: side.text.clone(),
        origin: side.origin.clone(),
        at: side.at.filter(|_| !side.origin.is_empty()).and_then(|span| workspace.at(span)),
    };
    Change {
        verdict: (tone_of(change.verdict), change.verdict.name().to_owned()),
        title: change.title(),
        before: side(&change.before),
        after: side(&change.after),
        consequence: of_page(&change.consequence),
        why: comparison.why(&change.cause),
        advice: change.advice.as_deref().map(of_page),
    }
}

fn found(workspace: &Workspace, all: &[Finding]) -> Vec<Found> {
    let found = all.iter().map(|one| Found {
        severity: tone(one.severity),
        code: one.code.to_owned(),
        rule: one.rule.to_owned(),
        at: one.primary.span.and_then(|span| workspace.at(span)),
        message: one.message.clone(),
    });
    found.collect()
}

fn known(all: &[&'static defects::Defect], tone: Tone) -> Vec<Defect> {
    let defect = |one: &&defects::Defect| {
        let depends = one.depends.map(|depends| format!("If {depends}: ")).unwrap_or_default();
        Defect {
            id: one.id.to_owned(),
            name: one.name.to_owned(),
            tone,
            seen: one.references.first().map(|seen| (seen.to_string(), seen.url())),
            happens: format!("{depends}{}", one.happens),
            cure: (tone != Tone::Good).then(|| one.cure.to_owned()),
        }
    };
    all.iter().map(defect).collect()
}

fn detour(comparison: &Comparison, detour: &Detour) -> (String, Vec<Stop>) {
    let litellm_first = detour.pair.litellm == comparison.to.pair.litellm;
    let first = if litellm_first { "LiteLLM" } else { "redis-py" };
    let stops = detour.changes.iter().map(|one| Stop {
        verdict: (tone_of(one.verdict), one.verdict.name().to_owned()),
        aspect: one.aspect.name().to_owned(),
        sides: format!("{} → {} ({})", one.before.text, one.after.text, one.heading()),
    });
    (format!("If {first} goes first: {}", in_words(detour.pair)), stops.collect())
}
