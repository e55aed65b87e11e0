//! Sentinel: ask for the master, then connect to it.

use redis::Value;

use crate::commands::{Command, Expect};
use crate::plan::{Address, Settings};
use crate::report::{Failure, Part, ProbeOutcome};
use crate::runner::{Run, Verdict};
use crate::session::{Seen, text_of};

/// Asks every sentinel for the master, as `Sentinel.discover_master` does until one knows it, and
/// connects to that.
pub(crate) async fn run(
    run: &mut Run<'_>,
    service_name: &str,
    sentinels: &[Settings],
    master: &Settings,
) {
    let mut address = None;
    let mut reached = false;
    for sentinel in sentinels {
        let ask = Command::new(
            "SENTINEL GET-MASTER-ADDR-BY-NAME",
            [b"SENTINEL", b"GET-MASTER-ADDR-BY-NAME", service_name.as_bytes()],
            Expect::NoError,
        );
        let (found, mut verdict) = run
            .session(Part::Sentinel, sentinel, async |session| {
                let (_, replies) = session.open(sentinel, &[ask]).await?;
                master_of(replies.first(), service_name)
            })
            .await;
        reached |= found.is_some()
            || verdict
                .failure
                .as_ref()
                .is_some_and(|failure| failure.outcome == ProbeOutcome::SentinelUnknownMaster);
        if let Some(failure) = &mut verdict.failure
            && matches!(
                failure.outcome,
                ProbeOutcome::Refused | ProbeOutcome::Timeout | ProbeOutcome::Dns
            )
        {
            failure.outcome = ProbeOutcome::SentinelUnreachable;
        }
        run.add(verdict);
        address = address.or(found);
    }
    match address {
        Some((host, port)) => {
            let settings = Settings { address: Address::Tcp { host, port }, ..master.clone() };
            run.server(Part::Master, &settings).await;
        }
        None => run.add(Verdict {
            part: Part::Master,
            target: service_name.to_owned(),
            seen: Seen::default(),
            failure: Some(if reached {
                unknown_master(service_name)
            } else {
                Failure::new(
                    ProbeOutcome::SentinelUnreachable,
                    format!("No sentinel tells where the master `{service_name}` is."),
                )
            }),
        }),
    }
}

fn master_of(reply: Option<&Value>, service_name: &str) -> Result<(String, u16), Failure> {
    match reply {
        Some(Value::Nil) => Err(unknown_master(service_name)),
        Some(Value::Array(items)) => {
            let mut texts = items.iter().map(text_of);
            let (host, port) = (texts.next().flatten(), texts.next().flatten());
            host.zip(port.and_then(|port| port.parse().ok()))
                .ok_or_else(|| unknown_master(service_name))
        }
        _ => Err(Failure::new(
            ProbeOutcome::ProtocolError,
            "SENTINEL: the server's reply is not what a sentinel answers.",
        )),
    }
}

fn unknown_master(service_name: &str) -> Failure {
    Failure::new(
        ProbeOutcome::SentinelUnknownMaster,
        format!("The sentinels watch no master named `{service_name}`."),
    )
    .presented("no such master")
    .expected(format!("a master named `{service_name}`"))
}
