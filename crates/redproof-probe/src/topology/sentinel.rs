//! Sentinel: ask for the master, then connect to it.

use std::time::Instant;

use redis::Value;
use redproof_core::outcome::Api;
use redproof_core::releases::Behaviour;

use crate::diagnosis::findings;
use crate::outcome::{Failure, ProbeOutcome, Side};
use crate::plan::{Address, Settings};
use crate::redis::commands::{Command, Expect};
use crate::redis::known_words;
use crate::redis::reply_failure::text_of;
use crate::report::Part;
use crate::run::{Run, Verdict};

/// The cure for sentinels that want a login.
const SENTINELS_LOGIN: &str = "Make `sentinel_password` under `cache_params` the sentinels' own password \
    (`requirepass` in sentinel.conf): `password` is the master's.";

/// The same on releases that give the sentinels no password.
const NO_LOGIN: &str = "Take `requirepass` out of sentinel.conf, or upgrade LiteLLM: this release gives the sentinels no \
    password, and `sentinel_password` to the master.";

const NOT_LISTENING: &str =
    "Start the sentinel, or correct its host and port in `sentinel_nodes` (usually port 26379).";

/// Seconds that are felt.
const NOTICED: f64 = 0.5;

/// A sentinel's word on a master.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    host: String,
    port: u16,
}

/// Asks every sentinel for the master, of which `Sentinel.discover_master` and redis-rs take the first that
/// knows it, and connects to that.
pub(crate) async fn run(
    run: &Run<'_>,
    service_name: &str,
    sentinels: &[Settings],
    master: &Settings,
) -> Vec<Verdict> {
    let answers = run.all(sentinels.iter().map(|sentinel| ask(run, service_name, sentinel))).await;
    let (known, mut verdicts): (Vec<Option<Known>>, Vec<Verdict>) = answers.into_iter().unzip();
    let answered = known.iter().position(Option::is_some);
    // redis-rs asks the next one whatever happens.
    let stops = |verdict: &Verdict| {
        !run.is_native() && verdict.failure.as_ref().is_some_and(|failure| failure.response)
    };
    let stopped = verdicts.iter().position(stops);
    let first = match (answered, stopped) {
        (Some(answered), Some(stopped)) if stopped < answered => None,
        (answered, _) => answered,
    };
    if let Some(failure) = stopped
        .filter(|stopped| answered.is_none_or(|answered| *stopped < answered))
        .and_then(|stopped| verdicts[stopped].failure.as_mut())
    {
        explain_stop(failure);
    }
    for (at, verdict) in verdicts.iter_mut().enumerate() {
        // One answer does; without any, each is missed.
        verdict.needed = first.is_none_or(|first| first == at);
    }
    // redis-rs tries each once.
    let before = if run.is_native() { 0 } else { first.unwrap_or(0) };
    for (sentinel, verdict) in sentinels.iter().zip(&mut verdicts).take(before) {
        let patience = run.patience_with_sentinel(sentinel);
        let last = verdict.seen.steps.last().map(|step| step.result.as_str());
        let seconds = last.and_then(|outcome| patience.of_outcome(outcome)).unwrap_or(0.0);
        if seconds >= NOTICED {
            verdict.seen.findings.push(findings::SENTINEL_KEEPS_WAITING.found(format!(
                "redis-py asks this sentinel before the one that answers: each new connection waits about \
                 {seconds:.0} s for it ({} attempts).",
                patience.attempts
            )));
        }
    }
    let Some(chosen) = first.and_then(|first| known[first].clone()) else {
        let failure = no_master(service_name, &verdicts);
        verdicts.push(run.without_connection(Part::Master, service_name.to_owned(), failure));
        return verdicts;
    };
    for (verdict, other) in verdicts.iter_mut().zip(&known) {
        if let Some(other) = other
            && *other != chosen
        {
            let [said, chosen] =
                [other, &chosen].map(|known| crate::target_text(&known.host, known.port));
            verdict.seen.findings.push(findings::SENTINELS_DISAGREE.found(format!(
                "This sentinel names {said} as the master `{service_name}`, the first one {chosen}."
            )));
        }
    }
    let address = Address::Tcp { host: chosen.host, port: chosen.port };
    let settings = Settings { address, ..master.clone() };
    let mut verdict = run.server(Part::Master, &settings).await;
    if let Some(failure) = &mut verdict.failure {
        explain_announced(failure, &settings.target());
        explain_login(failure, run);
    }
    verdicts.push(verdict);
    verdicts
}

/// `discover_master` passes over `ConnectionError` and `TimeoutError` alone.
fn explain_stop(failure: &mut Failure) {
    failure.detail += " redis-py asks no other sentinel then: it skips sentinels that can't be reached, and \
        nothing else.";
    if failure.outcome == ProbeOutcome::ServerState
        || failure.outcome == ProbeOutcome::ProtocolError
    {
        failure.presented.get_or_insert_with(|| "a server that is not a sentinel".to_owned());
        failure.expected.get_or_insert_with(|| "a sentinel".to_owned());
        failure.side = Some(Side::Client);
        let select = failure.detail.starts_with("Unknown command SELECT");
        failure.help = Some(if select {
            "Leave `db` out: LiteLLM sends it to the sentinels, too, which have no databases."
                .to_owned()
        } else {
            "Name sentinels alone in `sentinel_nodes` (usually port 26379), not the Redis that they watch."
                .to_owned()
        });
    }
}

async fn ask(run: &Run<'_>, service_name: &str, sentinel: &Settings) -> (Option<Known>, Verdict) {
    let name = service_name.as_bytes();
    let masters = Command::new("SENTINEL MASTERS", [b"SENTINEL", b"MASTERS"], Expect::NoError);
    let quorum =
        Command::new("SENTINEL CKQUORUM", [b"SENTINEL", b"CKQUORUM", name], Expect::Whatever);
    let (found, mut verdict) = run
        .session(Part::Sentinel, sentinel, async |session| {
            let replies = if run.is_native() {
                let role = Command::new("ROLE", [b"ROLE"], Expect::NoError);
                let (mut open, replies) = session.open(sentinel, &[role]).await?;
                check_sentinel(replies.first())?;
                session.run(&mut open, &[masters]).await?
            } else {
                session.open(sentinel, &[masters, quorum]).await?.1
            };
            let known = master_of(replies.first(), service_name)?;
            let text = crate::target_text(&known.host, known.port);
            session.note("master", Instant::now(), &text);
            if let Some(Value::ServerError(error)) = replies.get(1)
                && error.code() == "NOQUORUM"
            {
                let said = known_words::known(error.details().unwrap_or("no quorum"));
                let message = format!("The sentinels could not fail `{service_name}` over: {said}");
                session.seen.findings.push(findings::NO_QUORUM.found(message));
            }
            Ok(known)
        })
        .await;
    if let Some(failure) = &mut verdict.failure
        && matches!(
            failure.outcome,
            ProbeOutcome::Refused | ProbeOutcome::Timeout | ProbeOutcome::Dns
        )
    {
        let refused = failure.outcome == ProbeOutcome::Refused && failure.help.is_none();
        failure.outcome = ProbeOutcome::SentinelUnreachable;
        if refused {
            failure.help = Some(NOT_LISTENING.to_owned());
        }
    }
    if let Some(failure) = &mut verdict.failure
        && matches!(failure.outcome, ProbeOutcome::AuthRequired | ProbeOutcome::AuthFailed)
    {
        let sends = run.prober.pair.behaves(Behaviour::SentinelGetsRedisSettings);
        failure.help = Some(match failure.help.take() {
            _ if !sends => NO_LOGIN.to_owned(),
            Some(help) => help.replace("`password`", "`sentinel_password`"),
            None => SENTINELS_LOGIN.to_owned(),
        });
    }
    (found, verdict)
}

/// `SentinelCommands.sentinel_masters`, then `Sentinel.check_master_state`.
fn master_of(reply: Option<&Value>, service_name: &str) -> Result<Known, Failure> {
    let Some(Value::Array(masters) | Value::Set(masters)) = reply else {
        return Err(malformed());
    };
    let states = masters.iter().map(state_of);
    let Some(state) =
        states.flatten().find(|state| get(state, "name").is_some_and(|name| name == service_name))
    else {
        let names: Vec<String> =
            masters.iter().filter_map(|m| get(&state_of(m)?, "name")).take(10).collect();
        return Err(unknown_master(service_name).presented(if names.is_empty() {
            "no master at all".to_owned()
        } else {
            format!("masters named {}", names.join(", "))
        }));
    };
    let flags = get(&state, "flags").unwrap_or_default();
    let is = |flag: &str| flags.split(',').any(|word| word == flag);
    if !is("master") || is("s_down") || is("o_down") {
        return Err(Failure::new(
            ProbeOutcome::SentinelUnknownMaster,
            format!("The sentinel takes the master `{service_name}` for down (flags {flags})."),
        )
        .presented(format!("flags {flags}"))
        .expected("a master that is up")
        .help("Bring the master back, or see why the sentinels do not fail over (`SENTINEL CKQUORUM`)."));
    }
    let host = get(&state, "ip").ok_or_else(malformed)?;
    let port = get(&state, "port").and_then(|port| port.parse().ok()).ok_or_else(malformed)?;
    Ok(Known { host, port })
}

/// A master's fields: a map in RESP 3, a flat list in RESP 2.
fn state_of(master: &Value) -> Option<Vec<(String, String)>> {
    match master {
        Value::Map(fields) => {
            Some(fields.iter().filter_map(|(k, v)| Some((text_of(k)?, text_of(v)?))).collect())
        }
        Value::Array(flat) => Some(
            flat.chunks_exact(2)
                .filter_map(|pair| Some((text_of(&pair[0])?, text_of(&pair[1])?)))
                .collect(),
        ),
        _ => None,
    }
}

fn get(state: &[(String, String)], name: &str) -> Option<String> {
    state.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
}

/// redis-rs asks a server whether it is a sentinel before it asks for masters.
fn check_sentinel(reply: Option<&Value>) -> Result<(), Failure> {
    let role = match reply {
        Some(Value::Array(parts)) => parts.first().and_then(text_of),
        _ => None,
    };
    if role.as_deref() == Some("sentinel") {
        return Ok(());
    }
    Err(Failure::new(ProbeOutcome::ServerState, "Not a sentinel: its ROLE says so.")
        .presented("a server that is not a sentinel")
        .expected("a sentinel")
        .help("Name sentinels alone in `sentinel_nodes` (usually port 26379), not the Redis that they watch.")
        .side(Side::Client))
}

/// A master that the sentinels name by an address which does not do for the client.
fn explain_announced(failure: &mut Failure, target: &str) {
    let help = match failure.outcome {
        ProbeOutcome::HostnameMismatch => {
            "Make the sentinels announce a name of the certificate (`sentinel resolve-hostnames yes`, `sentinel announce-hostnames yes`, `replica-announce-ip`), or add the address to the certificate."
        }
        ProbeOutcome::Refused | ProbeOutcome::Timeout | ProbeOutcome::Dns => {
            "Start the master, if it is down; else make it announce an address that this client reaches (`replica-announce-ip`, `replica-announce-port`)."
        }
        _ => return,
    };
    failure.detail = format!("{} The sentinels name the master as {target}.", failure.detail);
    failure.help = Some(help.to_owned());
}

/// Older releases give the master what the sentinels' password is called, and nobody `password`.
fn explain_login(failure: &mut Failure, run: &Run<'_>) {
    let about_login =
        matches!(failure.outcome, ProbeOutcome::AuthRequired | ProbeOutcome::AuthFailed);
    if !about_login || run.prober.pair.behaves(Behaviour::SentinelGetsRedisSettings) {
        return;
    }
    let sends = run.plan.serves(Api::Async)
        || run.prober.pair.behaves(Behaviour::SyncSentinelSendsPassword);
    let has_none = failure.presented.as_deref() == Some("a password");
    let help = if has_none {
        "Leave `sentinel_password` out: this release gives it to the master, which has none."
    } else if sends {
        "Make `sentinel_password` the master's password: this release gives that to the master, and `password` to nobody."
    } else {
        "Upgrade LiteLLM: this release's sync client logs in at no master."
    };
    failure.help = Some(help.to_owned());
    failure.side = Some(Side::Client);
}

fn no_master(service_name: &str, sentinels: &[Verdict]) -> Failure {
    let mut failures = sentinels.iter().filter_map(|verdict| verdict.failure.as_ref());
    // One that answers says why it names none.
    let known = failures.find(|failure| failure.outcome == ProbeOutcome::SentinelUnknownMaster);
    known.cloned().unwrap_or_else(|| {
        Failure::new(
            ProbeOutcome::SentinelUnreachable,
            format!("No sentinel tells where the master `{service_name}` is."),
        )
    })
}

fn unknown_master(service_name: &str) -> Failure {
    Failure::new(
        ProbeOutcome::SentinelUnknownMaster,
        format!("The sentinels watch no master named `{service_name}`."),
    )
    .presented("no such master")
    .expected(format!("a master named `{service_name}`"))
}

fn malformed() -> Failure {
    Failure::new(
        ProbeOutcome::ProtocolError,
        "SENTINEL: the server's reply is not what a sentinel answers.",
    )
}
