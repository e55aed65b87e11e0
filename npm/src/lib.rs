//! The npm package `@redproof/engine`: texts in, the documents that the command prints with
//! `--format json` out. Judges nothing itself.
#![forbid(unsafe_code)]

pub mod bindings;
mod input;
mod types;
mod workspace;

pub use input::{Config, Fixes, Input, Log, ProxyRequest, Upgrade};
pub use types::schema;

use documents::places::Places;
use documents::{CheckDocument, CheckedFile, Counts};
use redproof_core::asked::{CallType, Unusable};
use redproof_core::deployment::Run;
use redproof_core::finding::Severity;
use redproof_core::{Releases, Report, Selection};

use workspace::Workspace;

/// What is wrong with an input, in words.
pub type Refused = String;

/// Checks each config among the files, as each deployment runs it.
///
/// # Errors
/// When no file is a config, or a release is not supported.
pub fn check(input: Input) -> Result<String, Refused> {
    let workspace = Workspace::new(input)?;
    let checked: Vec<Vec<(Run, Report)>> = workspace.checked()?;
    let mut counts = Counts::default();
    for runs in &checked {
        // A file is one, however many deployments run it.
        counts.files += 1;
        for found in runs.iter().flat_map(|(_, report)| &report.diagnostics) {
            match found.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Hint => counts.hints += 1,
            }
        }
    }
    counts.failed = counts.errors > 0;
    let all: Vec<&(Run, Report)> = checked.iter().flatten().collect();
    let places: Vec<Places<'_>> = all.iter().map(|(_, report)| Places::new(report)).collect();
    let files = all.iter().zip(&places);
    let files = files
        .map(|((run, report), places)| CheckedFile::of(report, places, run.deployment.as_ref()));
    Ok(documents::text(&CheckDocument::of(files.collect(), counts)))
}

/// Says what one config connects to, and where every setting comes from.
///
/// # Errors
/// As [`check`], and when there is no such config.
pub fn explain(input: Config) -> Result<String, Refused> {
    let (workspace, config) = Workspace::of(input)?;
    let report = workspace.with_input(&config, redproof_core::check);
    Ok(documents::explained(&report, &redproof_core::explain(&report, false)))
}

/// Says what becomes of one request's answer.
///
/// # Errors
/// As [`explain`], and when the request is none.
pub fn request(input: Config, request: &ProxyRequest) -> Result<String, Refused> {
    let (workspace, config) = Workspace::of(input)?;
    let report = workspace.with_input(&config, redproof_core::check);
    let call = match &request.endpoint {
        None => None,
        Some(name) => {
            let call = CallType::ALL.into_iter().find(|call| call.endpoint() == name);
            Some(call.ok_or_else(|| {
                let all = CallType::ALL.map(CallType::endpoint).join(", ");
                format!("no answers of `{name}` are cached; there are {all}")
            })?)
        }
    };
    let asked = match redproof_core::asked(&report, &request.body.to_string(), call, false) {
        Ok(asked) => Some(asked),
        Err(Unusable::NotServing) => None,
        Err(Unusable::NotJson(_) | Unusable::NotAMapping) => {
            return Err("the request's body is not a mapping".to_owned());
        }
    };
    let explanation = redproof_core::explain(&report, false);
    Ok(documents::requested(&report, &explanation, asked.as_ref()))
}

/// Fixes one config.
///
/// # Errors
/// As [`explain`].
pub fn fix(input: Config, fixes: Fixes) -> Result<String, Refused> {
    let (workspace, config) = Workspace::of(input)?;
    let selection = Selection {
        also_unsafe: fixes.also_unsafe,
        select: fixes.select,
        ignore: fixes.ignore,
        only: None,
    };
    let made = workspace.with_input(&config, |input| redproof_core::fix(input, &selection));
    Ok(documents::fixed(&made))
}

/// Says what an upgrade changes for one config.
///
/// # Errors
/// As [`explain`].
pub fn compare(input: Config, to: &Upgrade) -> Result<String, Refused> {
    let (workspace, config) = Workspace::of(input)?;
    let to = Releases::parse(to.litellm.as_deref(), to.redis_py.as_deref())
        .map_err(|error| error.to_string())?;
    let compared = workspace.with_input(&config, |input| redproof_core::compare(input, to));
    Ok(documents::compared(&compared))
}

/// Says what each release does with one config.
///
/// # Errors
/// As [`explain`].
pub fn releases(input: Config) -> Result<String, Refused> {
    let (workspace, config) = Workspace::of(input)?;
    let all = workspace.with_input(&config, redproof_core::releases);
    Ok(documents::releases(&config, &all))
}

/// Says what the texts in a log mean, for one config where there is one.
///
/// # Errors
/// As [`explain`].
pub fn diagnose(log: Log) -> Result<String, Refused> {
    let report = match log.input {
        None => None,
        Some(input) => {
            let (workspace, config) = Workspace::of(input)?;
            Some(workspace.with_input(&config, redproof_core::check))
        }
    };
    let diagnosis = redproof_core::diagnose(&log.log, report.as_ref());
    Ok(documents::diagnosed(&diagnosis, report.as_ref(), false))
}
