//! RP101: the proxy does not start. RP102: a client cannot be built.

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::outcome::{Api, Consumer, Knowable, PyException, Startup};
use crate::source::{SourceId, Span};

use super::Context;

/// Start-up exceptions, and clients whose construction fails.
pub(super) fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = vec![];
    if let Startup::Exception(exception) = &context.outcome.startup {
        found.push(finding(
            "RP101",
            "does-not-start",
            format!("{:?} does not start: {}", context.pair, said(exception)),
            exception,
        ));
    }
    for client in &context.outcome.clients {
        let Some(Knowable::Known(exception)) = &client.error else {
            continue;
        };
        let consumer = match client.consumer {
            Consumer::Response => "the response cache",
            Consumer::Usage => "the coordination Redis",
            Consumer::Router => "the router",
        };
        let which = match client.api {
            Api::Sync => "sync client",
            Api::Async => "client that serves requests",
        };
        let message = format!("The {which} of {consumer} cannot connect: {}", said(exception));
        found.push(finding("RP102", "client-fails", message, exception));
    }
    found
}

fn said(exception: &PyException) -> String {
    format!("{}: {}", exception.class, exception.message)
}

fn finding(
    code: &'static str,
    rule: &'static str,
    message: String,
    exception: &PyException,
) -> Diagnostic {
    let mut spans = exception.origins.iter().filter_map(crate::python::Origin::span);
    let whole = Span::new(SourceId::CONFIG, 0, 0);
    Diagnostic {
        code,
        rule,
        severity: Severity::Error,
        message,
        path: String::new(),
        primary: Label { span: Some(spans.next().unwrap_or(whole)), text: exception.class.clone() },
        related: spans
            .map(|span| Label { span: Some(span), text: "this plays a part".to_owned() })
            .collect(),
        help: None,
        fix: None,
    }
}
