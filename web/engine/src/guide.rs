//! The forms that start a configuration.

use redproof_core::finding::Severity;
use redproof_core::guide::{self, Answer, Kind, Node, Reading, System};
use redproof_core::source::Span;
use redproof_messages::{
    Begun, Edit, Field, FieldKind, Form, Given, Guide, Offer, Said, Screen, Tone,
};

use crate::workspace::Workspace;
use crate::{in_words, tone};

/// The forms, as they are to be shown.
pub(crate) fn guide(workspace: &Workspace, screen: &Screen) -> Guide {
    let report = &workspace.report;
    let found = guide::detect(report);
    let readable = report.document.is_ok();
    let shown = match screen {
        Screen::ByText(_) if readable => found,
        Screen::ByText(last) => last.as_deref().and_then(named),
        Screen::Systems => None,
        Screen::Form(name) => named(name),
    };
    Guide {
        found: found.map(|system| system.name().to_owned()),
        readable,
        pair: in_words(report.pair),
        offers: guide::systems(report.pair).into_iter().map(offer).collect(),
        form: shown.map(|system| Form {
            system: offer(system.offer(report.pair)),
            differs: found.is_none_or(|found| !alike(found, system)),
            fields: guide::read(system, report)
                .map(|readings| readings.iter().map(|one| field(workspace, one)).collect()),
        }),
    }
}

fn named(name: &str) -> Option<System> {
    System::all().find(|system| system.name() == name)
}

/// These two differ by a client certificate alone.
fn alike(found: System, system: System) -> bool {
    let server = |one: System| matches!(one, System::InClusterTls | System::MutualTls);
    found == system || (server(found) && server(system))
}

fn offer(offer: guide::Offer) -> Offer {
    Offer {
        name: offer.name.to_owned(),
        sentence: offer.sentence.to_owned(),
        refused: offer.refused,
        cautions: offer.cautions,
    }
}

fn field(workspace: &Workspace, reading: &Reading) -> Field {
    let field = reading.field;
    Field {
        id: field.id.to_owned(),
        label: field.label.to_owned(),
        help: field.help.to_owned(),
        kind: kind(field.kind),
        required: field.required,
        default: field.default.to_owned(),
        answer: given(&reading.answer),
        refused: reading.refused.clone(),
        lines: lines(workspace, &reading.spans).collect(),
        said: said(workspace, reading),
    }
}

/// The start of each line of the spans.
fn lines<'w>(
    workspace: &'w Workspace,
    spans: &'w [Span],
) -> impl Iterator<Item = redproof_messages::At> + 'w {
    let starts = spans.iter().flat_map(|span| {
        let inside = workspace.report.text(span.source).get(span.range()).unwrap_or("");
        let breaks = inside.match_indices('\n').map(|(at, _)| span.range().start + at + 1);
        std::iter::once(span.range().start).chain(breaks).map(|at| Span::new(span.source, at, at))
    });
    starts.filter_map(|span| workspace.at(span))
}

fn kind(kind: Kind) -> FieldKind {
    let owned = |known: &[&str]| known.iter().map(|one| (*one).to_owned()).collect();
    match kind {
        Kind::Host | Kind::Text | Kind::Path | Kind::Secret => FieldKind::Line,
        Kind::Port | Kind::Count => FieldKind::Whole,
        Kind::Seconds | Kind::Fraction => FieldKind::Number,
        Kind::Choice(known) => FieldKind::Choice(owned(known)),
        Kind::Several(known) => FieldKind::Several(owned(known)),
        Kind::Flag(_) => FieldKind::Flag,
        Kind::Nodes | Kind::Pairs => FieldKind::Servers,
    }
}

fn given(answer: &Answer) -> Given {
    match answer {
        Answer::Nothing => Given::Nothing,
        Answer::Text(text) => Given::Text(text.clone()),
        Answer::Flag(flag) => Given::Flag(*flag),
        Answer::Nodes(nodes) => Given::Servers(
            nodes.iter().map(|node| (node.host.clone(), node.port.clone())).collect(),
        ),
        Answer::Several(chosen) => Given::Several(chosen.clone()),
        Answer::Other(words) => Given::Other(words.clone()),
    }
}

fn answer(given: &Given) -> Answer {
    match given {
        Given::Nothing => Answer::Nothing,
        Given::Text(text) => Answer::Text(text.clone()),
        Given::Flag(flag) => Answer::Flag(*flag),
        Given::Servers(servers) => Answer::Nodes(
            servers
                .iter()
                .map(|(host, port)| Node { host: host.clone(), port: port.clone() })
                .collect(),
        ),
        Given::Several(chosen) => Answer::Several(chosen.clone()),
        Given::Other(words) => Answer::Other(words.clone()),
    }
}

/// What is to be said of a field.
fn said(workspace: &Workspace, reading: &Reading) -> Vec<Said> {
    let plain = |severity, text: String| Said { severity: tone(severity), text, at: None };
    let mut said = vec![];
    match &reading.answer {
        Answer::Other(words) => {
            let text = format!("The text has {words}. The form can only replace it.");
            said.push(plain(Severity::Hint, text));
        }
        answer => {
            let wrong = reading.field.accepts(answer).err();
            said.extend(wrong.map(|wrong| plain(Severity::Error, wrong)));
        }
    }
    said.extend(reading.disagreement.clone().map(|text| plain(Severity::Warning, text)));
    if reading.placeholder {
        let text = "The environment holds a placeholder: put the secret there.";
        said.push(plain(Severity::Hint, text.to_owned()));
    }
    let findings = reading.findings.iter();
    let findings = findings.filter_map(|at| workspace.report.diagnostics.get(*at));
    said.extend(findings.map(|found| Said {
        severity: tone(found.severity),
        text: found.message.clone(),
        at: found.primary.span.and_then(|span| workspace.at(span)),
    }));
    debug_assert!(said.iter().all(|one| one.severity != Tone::Good));
    said
}

/// The edits that write an answer into the texts.
pub(crate) fn write(
    workspace: &Workspace,
    system: &str,
    field: &str,
    given: &Given,
) -> Result<Vec<Edit>, String> {
    let system = named(system).ok_or("There is no such form.")?;
    let edits = guide::write(system, field, &answer(given), &workspace.report);
    Ok(workspace.edits(&edits.map_err(|error| error.to_string())?))
}

/// The texts that a system starts with; `None` where the releases can't do it.
pub(crate) fn begin(workspace: &Workspace, system: &str) -> Option<Begun> {
    let texts = guide::start(named(system)?, workspace.report.pair).ok()?;
    Some(Begun { config: texts.config, env: texts.env })
}
