//! What a log says, held against the configuration.

use redproof_core::diagnose::{Evidence, Holds, JudgedCause, Kind, Said, diagnose};
use redproof_core::source::Span;
use redproof_messages::{At, Cause, Diagnosis, Map, Note, Recognised, Tone};

use crate::map;
use crate::words::of_page;
use crate::workspace::Workspace;

/// What a log says.
pub(crate) fn diagnosis(workspace: &Workspace, log: &str) -> Diagnosis {
    let found = diagnose(log, Some(&workspace.report));
    let map = map::map(workspace);
    let cause = |one: &JudgedCause| cause(workspace, &map, one);
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
            causes: said.telling().into_iter().map(cause).collect(),
            look: look(said),
            findings: answer
                .map_or_else(Vec::new, |answer| answer.findings.iter().filter_map(place).collect()),
        }
    });
    Diagnosis {
        said: said.collect(),
        unknown: found.unrecognised.iter().map(|one| one.class.clone()).collect(),
    }
}

/// What to look at: in an envelope, at the cause that was in it.
fn look(said: &Said) -> String {
    if said.within.is_empty() {
        return of_page(said.entry.look);
    }
    let titles: Vec<_> = said.within.iter().map(|entry| entry.title).collect();
    format!("The cause is above: {}.", titles.join("; "))
}

fn cause(workspace: &Workspace, map: &Map, judged: &JudgedCause) -> Cause {
    let (tone, words) = match judged.holds {
        Holds::Yes => (Tone::Error, "applies here"),
        Holds::Perhaps => (Tone::Hint, "may apply"),
        Holds::No => (Tone::Plain, "does not apply"),
    };
    let evidence = judged.evidence.iter().map(|one| {
        let setting = one.setting.map(|setting| format!(", `{setting}`")).unwrap_or_default();
        let at = one.place.as_deref().and_then(|place| written_at(workspace, place));
        let place = one.place.as_deref().filter(|_| at.is_none());
        let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
        let text = format!("{} to {}{setting}{place}", one.whose, one.target);
        Note { at, text, misses: false }
    });
    let evidence: Vec<Note> = evidence.collect();
    let mut edges: Vec<usize> = judged.evidence.iter().flat_map(|one| edges(map, one)).collect();
    edges.sort_unstable();
    edges.dedup();
    Cause {
        holds: (tone, words.to_owned()),
        says: of_page(judged.cause.says),
        cure: of_page(judged.cause.cure),
        places: evidence.iter().filter_map(|one| one.at.clone()).collect(),
        evidence,
        edges,
    }
}

/// The place of `config.yaml:12:9`.
pub(crate) fn written_at(workspace: &Workspace, place: &str) -> Option<At> {
    let (rest, column) = place.rsplit_once(':')?;
    let (name, line) = rest.rsplit_once(':')?;
    let (line, column): (usize, usize) = (line.parse().ok()?, column.parse().ok()?);
    let mut files = workspace.texts.files.iter();
    let file = files.position(|file| file.name == name)?;
    let text = &workspace.texts.files[file].text;
    let before: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let of_line = text.get(before..)?.lines().next().unwrap_or_default();
    let column = of_line.char_indices().nth(column.checked_sub(1)?).map_or(0, |(at, _)| at);
    let source = workspace.source(u16::try_from(file).ok()?)?;
    workspace.at(Span::new(source, before + column, before + of_line.len()))
}

/// The connections that evidence is of.
fn edges(map: &Map, evidence: &Evidence) -> Vec<usize> {
    let (whose, api) = match evidence.whose.rsplit_once(", ") {
        Some((whose, api @ ("sync" | "async"))) => (whose, Some(api)),
        _ => (evidence.whose.as_str(), None),
    };
    let of_it = |(_, edge): &(usize, &redproof_messages::Edge)| {
        let user = map.users[edge.user].names.iter().any(|name| name == whose);
        user && api.is_none_or(|api| api == edge.api)
    };
    map.edges.iter().enumerate().filter(of_it).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use redproof_messages::{Answer, Ask, Diagnosis, File, Texts, Tone};

    use crate::Engine;

    #[test]
    fn a_cause_leads_to_its_client_and_its_line() {
        let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                      host: redis.test\n    port: 6380\n";
        let file = |name: &str, text: &str| File { name: name.into(), text: text.into() };
        let files = vec![file("config.yaml", config), file(".env", "")];
        let mut engine = Engine::default();
        let texts = Texts { files, ..Texts::default() };
        engine.answer(Ask::Check { texts, now: 0 });
        let log = "redis.exceptions.AuthenticationError: Authentication required.".to_owned();
        let Answer::Diagnose(Diagnosis { said, unknown }) = engine.answer(Ask::Diagnose { log })
        else {
            panic!("another question was answered");
        };
        assert!(unknown.is_empty(), "{unknown:?}");
        let causes = said.iter().flat_map(|one| &one.causes);
        let applies: Vec<_> = causes.filter(|cause| cause.holds.0 == Tone::Error).collect();
        assert!(applies.iter().any(|cause| !cause.edges.is_empty()), "{said:?}");
        let log = "redis.exceptions.ConnectionError: Connection closed by server.".to_owned();
        let Answer::Diagnose(Diagnosis { said, .. }) = engine.answer(Ask::Diagnose { log }) else {
            panic!("another question was answered");
        };
        let causes = said.iter().flat_map(|one| &one.causes);
        let places = causes.flat_map(|cause| &cause.places);
        let named: Vec<_> = places.map(|at| at.name.as_str()).collect();
        assert!(named.contains(&"config.yaml:6"), "{said:?}");
    }
}
