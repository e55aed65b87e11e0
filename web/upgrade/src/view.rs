//! A comparison, side by side.

use redproof_core::Comparison;
use redproof_core::compare::{Change, Side, Verdict};
use redproof_core::diagnostic::{Diagnostic, Severity};
use redproof_core::outcome::Startup;
use redproof_core::releases::Pair;

use crate::markup::Markup;

/// The whole view.
pub(crate) fn comparison(comparison: &Comparison) -> String {
    let mut page = Markup::default();
    let (from, to) = (comparison.from.pair, comparison.to.pair);
    if from == to {
        page.prose("empty", "Both are the same releases: nothing changes.");
        return page.finish();
    }
    conclusion(&mut page, comparison);
    if comparison.starts_on_neither()
        && let Startup::Exception(exception) = &comparison.to.outcome.startup
    {
        let said = format!("{}: {}", exception.class, exception.message);
        let said = comparison.to.redaction.clean_text(&said);
        page.element("pre", "exception", |pre| pre.text_element("code", "", &said));
    }
    let same = |one: &Change, next: &Change| one.heading() == next.heading();
    for group in comparison.changes.chunk_by(same) {
        page.text_element("h3", "change-group", &group[0].heading());
        page.element("ol", "changes", |list| {
            for one in group {
                change(list, comparison, one);
            }
        });
    }
    findings(&mut page, "Problems that appear", &comparison.appear);
    findings(&mut page, "Problems that vanish", &comparison.vanish);
    detours(&mut page, comparison);
    page.finish()
}

fn conclusion(page: &mut Markup, comparison: &Comparison) {
    let tone = match comparison.verdict() {
        _ if comparison.starts_on_neither() => "error",
        Some(Verdict::Breaks | Verdict::Weakens) => "error",
        _ => "good",
    };
    page.element("div", &format!("conclusion {tone}"), |block| {
        block.prose("headline", &format!("{}.", comparison.conclusion()));
        block.element("p", "pair", |line| {
            line.text(&format!("{} → {}", named(comparison.from.pair), named(comparison.to.pair)));
            for verdict in [Verdict::Breaks, Verdict::Weakens, Verdict::Changes, Verdict::Improves]
            {
                let count = comparison.count(verdict);
                if count > 0 {
                    let text = format!("{count} {}", verdict.name());
                    line.text_element("span", &format!("tally {}", tone_of(verdict)), &text);
                }
            }
        });
    });
}

fn named(pair: Pair) -> String {
    format!("LiteLLM {} on redis-py {}", pair.litellm, pair.redis_py)
}

fn change(list: &mut Markup, comparison: &Comparison, change: &Change) {
    let tone = tone_of(change.verdict);
    list.element("li", &format!("change {tone}"), |item| {
        item.element("p", "change-head", |head| {
            head.text_element("span", &format!("severity {tone}"), change.verdict.name());
            head.text_element("b", "", &change.title());
        });
        item.element("div", "sides", |sides| {
            side(sides, "today", &change.before);
            side(sides, "then", &change.after);
        });
        item.prose("message", &change.consequence);
        item.prose("related", &comparison.why(&change.cause));
        if let Some(advice) = &change.advice {
            item.prose("help", advice);
        }
    });
}

fn side(sides: &mut Markup, label: &str, side: &Side) {
    sides.element("div", "side", |column| {
        column.text_element("span", "side-label", label);
        column.text_element("span", "value", &side.text);
        match side.at {
            Some(span) if !side.origin.is_empty() => column.place(span, &side.origin),
            _ => column.text_element("span", "origin", &side.origin),
        }
    });
}

fn findings(page: &mut Markup, title: &str, found: &[Diagnostic]) {
    if found.is_empty() {
        return;
    }
    page.text_element("h3", "change-group", title);
    page.element("ul", "finding-list", |list| {
        for one in found {
            list.element("li", "", |item| {
                let level = severity(one.severity);
                item.text_element("span", &format!("severity {level}"), level);
                item.text_element("code", "finding-code", one.code);
                match one.primary.span {
                    Some(span) => item.place(span, one.rule),
                    None => item.text(one.rule),
                }
                item.prose("message", &one.message);
            });
        }
    });
}

fn detours(page: &mut Markup, comparison: &Comparison) {
    for detour in &comparison.detours {
        let litellm_first = detour.pair.litellm == comparison.to.pair.litellm;
        let first = if litellm_first { "LiteLLM" } else { "redis-py" };
        let title = format!("If {first} goes first: {}", named(detour.pair));
        page.text_element("h3", "change-group", &title);
        page.element("ul", "finding-list", |list| {
            for one in &detour.changes {
                list.element("li", "", |item| {
                    let tone = tone_of(one.verdict);
                    item.text_element("span", &format!("severity {tone}"), one.verdict.name());
                    item.text_element("b", "", one.aspect.name());
                    let sides =
                        format!("{} → {} ({})", one.before.text, one.after.text, one.heading());
                    item.text_element("p", "message", &sides);
                });
            }
        });
    }
}

/// The page's colours go by severity.
fn tone_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Breaks => "error",
        Verdict::Weakens => "warning",
        Verdict::Changes => "hint",
        Verdict::Improves => "good",
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}
