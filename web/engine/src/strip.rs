//! One configuration on all releases.

use redproof_core::compare::all_releases::{AllReleases, Brought, Column, Span, Start};
use redproof_core::compare::{Change, Verdict};
use redproof_core::releases::{Pair, Version};
use redproof_core::rules::rules;
use redproof_core::{CheckInput, Releases, compare, releases};
use redproof_messages::{Strip, StripChange, StripError, StripRow, StripSpan, Tone};

use crate::tone_of;
use crate::workspace::Workspace;

/// What the texts do on every release.
pub(crate) fn strip(workspace: &Workspace) -> Strip {
    workspace.with_input(|input| {
        let all = releases(input);
        let litellm = Pair::litellm_releases();
        let shipped = StripRow {
            name: "redis-py shipped with LiteLLM".to_owned(),
            redis_py: String::new(),
            releases: vec![],
            spans: shipped(input, &all),
        };
        let rows = all.columns.iter().map(row);
        Strip {
            litellm: litellm.iter().map(ToString::to_string).collect(),
            rows: std::iter::once(shipped).chain(rows).collect(),
        }
    })
}

fn row(column: &Column) -> StripRow {
    let (first, last) = (&column.redis_py.first, &column.redis_py.last);
    let known = Pair::redis_py_releases().iter().map(ToString::to_string);
    let releases = known.skip_while(|one| one != first).take(column.redis_py.count);
    let mut from = 0;
    let spans = column.spans.iter().enumerate().map(|(at, one)| {
        let before = at.checked_sub(1).map(|before| &column.spans[before]);
        let span = span(one, from, before, changes(one));
        from += span.count;
        span
    });
    StripRow {
        name: match column.redis_py.count {
            1 => format!("redis-py {last}"),
            _ => format!("redis-py {first} to {last}"),
        },
        redis_py: last.clone(),
        releases: releases.collect(),
        spans: spans.collect(),
    }
}

/// LiteLLM's releases, each on the redis-py that comes with it, or that the files name.
fn shipped(input: &CheckInput<'_>, all: &AllReleases) -> Vec<StripSpan> {
    let mut spans: Vec<(StripSpan, &Span)> = vec![];
    let mut before: Option<(Pair, &Column)> = None;
    for (at, litellm) in Pair::litellm_releases().iter().enumerate() {
        let Some((pair, column, here)) = place(input, all, *litellm, at) else { continue };
        match (spans.last_mut(), before) {
            (Some((last, known)), _) if known.behaviour == here.behaviour => last.count += 1,
            (Some((_, known)), Some((older, other))) => {
                // Where redis-py stays among those alike, LiteLLM alone brings the change.
                let changes = if std::ptr::eq(other, column) {
                    changes(here)
                } else {
                    crossing(input, older, pair)
                };
                let known = *known;
                spans.push((span(here, at, Some(known), changes), here));
            }
            _ => spans.push((span(here, at, None, vec![]), here)),
        }
        if let Some((last, _)) = spans.last_mut() {
            last.count = at + 1 - last.from;
        }
        before = Some((pair, column));
    }
    spans.into_iter().map(|(span, _)| span).collect()
}

/// What holds for a LiteLLM release on the redis-py that comes with it.
fn place<'a>(
    input: &CheckInput<'_>,
    all: &'a AllReleases,
    litellm: Version,
    at: usize,
) -> Option<(Pair, &'a Column, &'a Span)> {
    let asked = Releases::parse(Some(&litellm.to_string()), None).ok()?;
    let pair = asked.choose(input.environment).pair;
    let known = Pair::redis_py_releases();
    let mut nearest = known.partition_point(|one| *one <= pair.redis_py).saturating_sub(1);
    let column = all.columns.iter().find(|column| {
        let inside = nearest < column.redis_py.count;
        nearest = nearest.saturating_sub(column.redis_py.count);
        inside
    })?;
    let mut left = at;
    let span = column.spans.iter().find(|span| {
        let inside = left < span.litellm.count;
        left = left.saturating_sub(span.litellm.count);
        inside
    })?;
    Some((pair, column, span))
}

/// What changes from one pair to the next, where both releases do.
fn crossing(input: &CheckInput<'_>, before: Pair, after: Pair) -> Vec<StripChange> {
    let of = |pair: Pair| {
        Releases::parse(Some(&pair.litellm.to_string()), Some(&pair.redis_py.to_string()))
    };
    let (Ok(from), Ok(to)) = (of(before), of(after)) else { return vec![] };
    let comparison = compare(&CheckInput { releases: from, ..*input }, to);
    let change = |one: &Change| StripChange {
        verdict: (tone_of(one.verdict), one.verdict.name().to_owned()),
        what: format!("{}: {}", one.heading(), one.title()),
        before: one.before.text.clone(),
        after: one.after.text.clone(),
        consequence: one.consequence.clone(),
        why: one.cause.why.map(ToOwned::to_owned),
    };
    comparison.changes.iter().map(change).collect()
}

fn changes(span: &Span) -> Vec<StripChange> {
    let change = |one: &Brought| StripChange {
        verdict: (named(one.verdict), one.verdict.to_owned()),
        what: format!("{}: {}", one.whose, one.what),
        before: one.before.clone(),
        after: one.after.clone(),
        consequence: one.consequence.clone(),
        why: one.why.map(ToOwned::to_owned),
    };
    span.changes.iter().map(change).collect()
}

fn span(one: &Span, from: usize, before: Option<&Span>, changes: Vec<StripChange>) -> StripSpan {
    let worst = changes.iter().map(|change| change.verdict.0).max();
    // Where nothing but what a check finds is different.
    let judged = |before: &Span| match (before.safe, one.safe) {
        (true, false) => Tone::Warning,
        (false, true) => Tone::Good,
        _ => Tone::Hint,
    };
    StripSpan {
        from,
        count: one.litellm.count,
        tone: tone(one),
        caption: caption(one),
        errors: one.errors.iter().map(|code| error(code)).collect(),
        stopped_by: one.stopped_by.clone(),
        tick: before.map(|before| worst.unwrap_or_else(|| judged(before))),
        changes,
    }
}

/// `starts, 2 errors`: what they are is said beside it.
fn caption(span: &Span) -> String {
    match (span.starts, span.errors.len()) {
        (Start::Yes, 1) => "starts, 1 error".to_owned(),
        (Start::Yes, count) if count > 0 => format!("starts, {count} errors"),
        _ => span.caption.clone(),
    }
}

fn error(code: &str) -> StripError {
    let rule = rules().find(|rule| rule.code == code);
    let words = rule.map_or("", |rule| rule.summary);
    StripError { code: code.to_owned(), words: words.to_owned() }
}

fn tone(span: &Span) -> Tone {
    match span.starts {
        Start::No => Tone::Error,
        Start::Unknown => Tone::Plain,
        Start::Yes if span.safe => Tone::Good,
        Start::Yes => Tone::Warning,
    }
}

fn named(verdict: &str) -> Tone {
    let all = [Verdict::Breaks, Verdict::Weakens, Verdict::Changes, Verdict::Improves];
    all.into_iter().find(|one| one.name() == verdict).map_or(Tone::Hint, tone_of)
}

#[cfg(test)]
mod tests {
    use redproof_messages::{Answer, Ask, File, Strip, Texts, Tone};

    use crate::Engine;

    fn strip(config: &str, env: &str) -> Strip {
        let file = |name: &str, text: &str| File { name: name.into(), text: text.into() };
        let files = vec![file("config.yaml", config), file(".env", env)];
        let mut engine = Engine::default();
        engine.answer(Ask::Check { texts: Texts { files, ..Texts::default() }, now: 0 });
        match engine.answer(Ask::Strip) {
            Answer::Strip(strip) => *strip,
            _ => panic!("another question was answered"),
        }
    }

    const CACHE: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                         host: redis.test\n    port: 6380\n";

    #[test]
    fn each_row_holds_every_release_once() {
        let strip = strip(CACHE, "REDIS_URL=rediss://elsewhere:6390\n");
        assert!(strip.rows.len() > 1, "{strip:?}");
        for row in &strip.rows {
            let mut next = 0;
            for (at, span) in row.spans.iter().enumerate() {
                assert_eq!(span.from, next, "{}", row.name);
                assert_eq!(span.tick.is_none(), at == 0, "{}", row.name);
                next += span.count;
            }
            assert_eq!(next, strip.litellm.len(), "{}", row.name);
        }
        let releases: usize = strip.rows.iter().map(|row| row.releases.len()).sum();
        assert_eq!(releases, redproof_core::releases::Pair::redis_py_releases().len());
    }

    #[test]
    fn a_change_says_what_and_why() {
        let strip = strip(CACHE, "REDIS_URL=rediss://elsewhere:6390\n");
        let changes = strip.rows[0].spans.iter().flat_map(|span| &span.changes);
        let mut server = changes.filter(|change| change.before.contains("elsewhere"));
        let change = server.next().expect("the configured host wins from some release on");
        assert!(change.after.contains("redis.test"), "{change:?}");
        assert!(change.why.is_some(), "{change:?}");
    }

    #[test]
    fn an_error_is_said_in_words() {
        let strip = strip(&format!("{CACHE}    hots: x\n"), "");
        let spans = strip.rows.iter().flat_map(|row| &row.spans);
        let errors: Vec<_> = spans.flat_map(|span| &span.errors).collect();
        assert!(!errors.is_empty(), "{strip:?}");
        assert!(errors.iter().all(|one| one.code.starts_with("RP") && one.words.ends_with('.')));
    }

    #[test]
    fn a_configuration_that_never_starts_is_red_throughout() {
        let strip = strip("litellm_settings: [\n", "");
        let spans = strip.rows.iter().flat_map(|row| &row.spans);
        assert!(spans.clone().count() > 0 && spans.clone().all(|span| span.tone == Tone::Error));
    }
}
