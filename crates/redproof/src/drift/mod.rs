//! `redproof drift`: a running proxy against its files.

mod human;

use std::path::Path;

use redproof_core::drift::{Answer, Answers, Difference, Drift, ENDPOINTS, drift};
use redproof_core::{PairOrigin, Releases, Report, check};
use redproof_probe::{Options, ask_proxy, probe_blocking};

use crate::Ending;
use crate::args::DriftArgs;
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
    let (mut surroundings, _) = Surroundings::read(&args.surroundings, &args.config)?;
    let (config, text) = surroundings.config(&args.config)?;
    let mut all: Vec<(&str, Drift)> = vec![];
    for proxy in &args.proxy {
        let answers = ask(proxy, &key, args)?;
        let report = report(args, &surroundings, (&config, &text), &answers)?;
        let mut drift = drift(&report, &answers);
        if args.probe {
            same_server(&report, args, &mut drift);
        }
        all.push((proxy, drift));
    }
    replicas(&mut all);
    args.format.print(&all[..])?;
    let same = all.iter().all(|(_, drift)| drift.differences.is_empty());
    let told =
        all.iter().all(|(_, drift)| !(drift.same.is_empty() && drift.differences.is_empty()));
    Ok(if !told {
        output::complain(&Failure::Said("a proxy reported nothing: is the key right?".to_owned()));
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
    (config, text): (&Path, &str),
    answers: &Answers,
) -> Result<Report, Failure> {
    let report = surroundings.with_input(config, text, check);
    let told = answers.release();
    let released = told.as_deref().filter(|_| report.pair_origin == PairOrigin::Newest);
    let Some(release) = released else { return Ok(report) };
    // A release that is not known yet is taken as the newest: the report stays.
    let redis_py = args.surroundings.redis_py.as_deref();
    let Ok(chosen) = Releases::parse(Some(release), redis_py) else { return Ok(report) };
    let surroundings = Surroundings::new(&args.surroundings.environment, chosen, config)?;
    let mut report = surroundings.with_input(config, text, check);
    report.pair_origin = PairOrigin::Newest;
    Ok(report)
}

/// Holds the Redis that the configuration reaches from here against the one that the proxy uses.
fn same_server(report: &Report, args: &DriftArgs, drift: &mut Drift) {
    const WHAT: &str = "Redis: the server that answers (run_id)";
    let Some(proxy) = drift.run_id.clone() else {
        return drift.untold.push(format!("{WHAT}: the proxy does not report its own"));
    };
    let options = Options {
        step_timeout: args.timeout,
        overall_timeout: args.timeout.saturating_mul(3),
        read_only: true,
        environment: report.environment.clone(),
        redaction: report.redaction.clone(),
        ..Options::default()
    };
    let probed = probe_blocking(&report.outcome, report.pair, &options, &mut |_| {});
    let connections = probed.map_or(vec![], |probed| probed.connections);
    let of_cache = connections.iter().filter(|one| one.consumers.contains(&"response"));
    let mut ids = of_cache.filter_map(|one| one.health.as_ref()?.run_id.clone()).peekable();
    if ids.peek().is_none() {
        return drift.untold.push(format!("{WHAT}: none answers from here"));
    }
    // A cluster has many: one of them is the proxy's.
    let ids: Vec<String> = ids.collect();
    if ids.contains(&proxy) {
        drift.same.push(WHAT.to_owned());
    } else {
        drift.differences.push(Difference { what: WHAT.to_owned(), files: ids.join(", "), proxy });
    }
}

/// Holds replicas against the first: they run one release, and share one Redis.
fn replicas(all: &mut [(&str, Drift)]) {
    let Some(((first, drift), others)) = all.split_first_mut() else { return };
    for (_, other) in others {
        for (what, of_first, own) in [
            ("LiteLLM's release", &drift.litellm, other.litellm.clone()),
            ("redis-py's release", &drift.redis_py, other.redis_py.clone()),
            ("Redis: the server (run_id)", &drift.run_id, other.run_id.clone()),
        ] {
            if let (Some(of_first), Some(own)) = (of_first, own)
                && *of_first != own
            {
                other.differences.push(Difference {
                    what: format!("{what}, as at {first}"),
                    files: of_first.clone(),
                    proxy: own,
                });
            }
        }
    }
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
