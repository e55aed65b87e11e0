//! `redproof drift`: a running proxy against its files.

use std::fmt::Write as _;

use redproof_core::drift::{Answer, Answers, Drift, ENDPOINTS, drift};
use redproof_core::visible::visible;
use redproof_core::{PairOrigin, Releases, Report, check};
use redproof_probe::ask_proxy;
use serde_json::{Value as Json, json};

use crate::Ending;
use crate::args::{DriftArgs, DriftFormat};
use crate::files;
use crate::input::Surroundings;
use crate::output::{self, Failure};

/// Asks each proxy, and prints what it does otherwise than its files say.
///
/// # Errors
/// When the config can't be used, or a proxy does not answer.
pub(crate) fn run(args: &DriftArgs) -> Result<Ending, Failure> {
    let key = match &args.key_env {
        Some(name) => std::env::var(name).map_err(|_| {
            Failure::Said("the variable that --key-env names is not set".to_owned())
        })?,
        None => String::new(),
    };
    let text = files::read(&args.config)?;
    let (surroundings, _) = Surroundings::read(&args.surroundings, &args.config)?;
    let mut all: Vec<(&str, Drift)> = vec![];
    for proxy in &args.proxy {
        let answers = ask(proxy, &key, args)?;
        let report = report(args, &surroundings, &text, &answers)?;
        all.push((proxy, drift(&report, &answers)));
    }
    match args.format {
        DriftFormat::Human => {
            let said: String = all.iter().map(|(proxy, drift)| human(proxy, drift)).collect();
            output::say(&said)?;
        }
        DriftFormat::Json => {
            let of = |(proxy, drift): &(&str, Drift)| json!({ "proxy": proxy, "drift": drift });
            let all: Vec<Json> = all.iter().map(of).collect();
            output::write_all(format!("{:#}\n", json!({ "proxies": all })).as_bytes())?;
        }
    }
    let same = all.iter().all(|(_, drift)| drift.differences.is_empty());
    let told =
        all.iter().all(|(_, drift)| !(drift.same.is_empty() && drift.differences.is_empty()));
    Ok(if !told {
        output::complain(&Failure::Said("a proxy told nothing: is the key right?".to_owned()));
        Ending::Unusable
    } else if same {
        Ending::Clean
    } else {
        Ending::Findings
    })
}

/// What the files come to: on the proxy's own release, where they name none.
fn report(
    args: &DriftArgs,
    surroundings: &Surroundings,
    text: &str,
    answers: &Answers,
) -> Result<Report, Failure> {
    let report = surroundings.with_input(&args.config, text, check);
    let told = answers.release();
    let released = told.as_deref().filter(|_| report.pair_origin == PairOrigin::Newest);
    let Some(release) = released else { return Ok(report) };
    // A release that is not known yet is taken as the newest: the report stays.
    let redis_py = args.surroundings.redis_py.as_deref();
    let Ok(chosen) = Releases::parse(Some(release), redis_py) else { return Ok(report) };
    let surroundings = Surroundings::new(&args.surroundings.environment, chosen, &args.config)?;
    let mut report = surroundings.with_input(&args.config, text, check);
    report.pair_origin = PairOrigin::Newest;
    Ok(report)
}

fn ask(proxy: &str, key: &str, args: &DriftArgs) -> Result<Answers, Failure> {
    let base = proxy.trim_end_matches('/');
    let mut answers = Answers::default();
    for endpoint in ENDPOINTS.into_iter().filter(|one| !(args.read_only && one.writes)) {
        let url = format!("{base}{}", endpoint.path);
        let (status, text) = ask_proxy(&url, key, args.timeout)
            .map_err(|error| Failure::Said(format!("the proxy does not answer: {error}")))?;
        let body = serde_json::from_str(&text).unwrap_or_default();
        answers.0.push(Answer { endpoint, status, body });
    }
    Ok(answers)
}

fn human(proxy: &str, drift: &Drift) -> String {
    let mut said = String::new();
    let mut line = |text: &str| {
        // Writing to a String does not fail; what a server says must not act on the terminal.
        let _ = writeln!(said, "{}", visible(text));
    };
    let release = drift.litellm.as_deref().map_or(String::new(), |one| format!(", LiteLLM {one}"));
    line(&format!("{proxy}{release}"));
    for one in &drift.differences {
        line(&format!(
            "  differs: {}: the files say {}, the proxy {}",
            one.what, one.files, one.proxy
        ));
    }
    for cause in &drift.causes {
        line(&format!("    perhaps: {cause}"));
    }
    if !drift.same.is_empty() {
        line(&format!("  agrees: {}", drift.same.join(", ")));
    }
    if let Some(run_id) = &drift.run_id {
        line(&format!("  its Redis: run_id {run_id} (`redis-cli info server` tells yours)"));
    }
    if let Some(redis_py) = &drift.redis_py {
        line(&format!("  its redis-py: {redis_py}"));
    }
    for untold in &drift.untold {
        line(&format!("  not told: {untold}"));
    }
    said
}
