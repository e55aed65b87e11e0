//! `redproof explain`.

mod human;
pub(crate) mod request;

use redproof_core::explain::{Explanation, Verdict};
use redproof_core::{Report, check, explain};

use crate::Ending;
use crate::args::ExplainArgs;
use crate::input::Surroundings;
use crate::output::Failure;
use request::Requested;

/// What a configuration connects to.
pub(crate) struct Explained {
    pub(crate) report: Report,
    pub(crate) explanation: Explanation,
}

/// Prints what LiteLLM connects to.
///
/// # Errors
/// When an input can't be used.
pub(crate) fn run(args: &ExplainArgs) -> Result<Ending, Failure> {
    let (mut surroundings, _) = Surroundings::read(&args.surroundings, &args.config)?;
    let (config, text) = surroundings.config(&args.config)?;
    let report = surroundings.with_input(&config, &text, check);
    let explanation = explain(&report, args.reveal_secrets);
    let asked = match &args.request {
        None => None,
        Some(text) => Some(request::answer(&report, text, args.endpoint, args.reveal_secrets)?),
    };
    let explained = Explained { report, explanation };
    match asked {
        None => args.format.print(&explained)?,
        Some(asked) => args.format.print(&Requested { explained: &explained, asked })?,
    }
    Ok(match explained.explanation.startup {
        Verdict::Stops { .. } => Ending::Findings,
        Verdict::Starts | Verdict::Unknown(_) => Ending::Clean,
    })
}
