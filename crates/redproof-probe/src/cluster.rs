//! Redis Cluster: the startup nodes, the map that they give, and every master on it.

use redis::Value;

use crate::commands::{Command, Expect};
use crate::plan::{Address, Settings};
use crate::report::{Failure, Part, ProbeOutcome};
use crate::runner::{Run, Verdict, key, target};
use crate::session::{Seen, text_of};

const SLOTS: u16 = 16_384;

/// A master and the slots that it serves.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Master {
    host: String,
    port: u16,
    slots: Vec<(u16, u16)>,
}

/// Asks the startup nodes for the cluster's map, as redis-py does until one gives it, and
/// connects to every master.
pub(crate) async fn run(run: &mut Run<'_>, nodes: &[(String, u16)], settings: &Settings) {
    if settings.db.is_some() {
        run.add(Verdict {
            part: Part::ClusterNode,
            target: "(not built)".to_owned(),
            seen: Seen::default(),
            failure: Some(
                Failure::new(
                    ProbeOutcome::WrongDb,
                    "A cluster has only database 0, and redis-py refuses another.",
                )
                .help("Leave `db` out."),
            ),
        });
        return;
    }
    let mut masters = None;
    for (host, port) in nodes {
        let settings = at(settings, host, *port);
        let ask = Command::new("CLUSTER SLOTS", [b"CLUSTER", b"SLOTS"], Expect::NoError);
        let (found, mut verdict) = run
            .session(Part::ClusterNode, &settings, async |session| {
                let (_, replies) = session.open(&settings, &[ask]).await?;
                let host = match &settings.address {
                    Address::Tcp { host, .. } => host.as_str(),
                    _ => "",
                };
                masters_of(replies.first(), host)
            })
            .await;
        verdict.target = target(&settings);
        run.add(verdict);
        if masters.is_none() {
            masters = found;
        }
    }
    let key = key();
    let slot = slot_of(key.as_bytes());
    for master in masters.unwrap_or_default() {
        let settings = at(settings, &master.host, master.port);
        if master.serves(slot) {
            run.server_with_key(Part::ClusterNode, &settings, Some(&key)).await;
        } else {
            run.server_with_key(Part::ClusterNode, &settings, None).await;
        }
    }
}

/// `ClusterNode.__init__` turns the name `localhost` into its address.
fn at(settings: &Settings, host: &str, port: u16) -> Settings {
    let host = if host == "localhost" { "127.0.0.1" } else { host };
    Settings { address: Address::Tcp { host: host.to_owned(), port }, ..settings.clone() }
}

impl Master {
    fn serves(&self, slot: u16) -> bool {
        self.slots.iter().any(|(first, last)| (*first..=*last).contains(&slot))
    }
}

/// The masters of a reply to CLUSTER SLOTS; `asked` stands in for an empty host, as in redis-py.
fn masters_of(reply: Option<&Value>, asked: &str) -> Result<Vec<Master>, Failure> {
    let malformed = || {
        Failure::new(
            ProbeOutcome::ProtocolError,
            "CLUSTER SLOTS: the server's reply is not what Redis answers.",
        )
    };
    let Some(Value::Array(ranges)) = reply else {
        return Err(malformed());
    };
    let mut masters: Vec<Master> = Vec::new();
    let mut covered = 0_u32;
    for range in ranges {
        let Value::Array(range) = range else {
            return Err(malformed());
        };
        let [Value::Int(first), Value::Int(last), Value::Array(master), ..] = range.as_slice()
        else {
            return Err(malformed());
        };
        let [host, Value::Int(port), ..] = master.as_slice() else {
            return Err(malformed());
        };
        let (Ok(first), Ok(last), Ok(port)) =
            (u16::try_from(*first), u16::try_from(*last), u16::try_from(*port))
        else {
            return Err(malformed());
        };
        let host =
            text_of(host).filter(|host| !host.is_empty()).unwrap_or_else(|| asked.to_owned());
        covered += u32::from(last.saturating_sub(first)) + 1;
        match masters.iter_mut().find(|master| master.host == host && master.port == port) {
            Some(master) => master.slots.push((first, last)),
            None => masters.push(Master { host, port, slots: vec![(first, last)] }),
        }
    }
    if covered < u32::from(SLOTS) {
        return Err(Failure::new(
            ProbeOutcome::ClusterDown,
            format!("The cluster's nodes serve {covered} of {SLOTS} slots."),
        )
        .presented(format!("{covered} slots"))
        .expected(format!("{SLOTS} slots")));
    }
    Ok(masters)
}

/// The hash slot of a key without braces: CRC-16/XMODEM, modulo the slots.
fn slot_of(key: &[u8]) -> u16 {
    let mut crc = 0_u16;
    for byte in key {
        crc ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
        }
    }
    crc % SLOTS
}

#[cfg(test)]
mod tests {
    use super::slot_of;

    /// From `CLUSTER KEYSLOT`.
    #[test]
    fn slots_are_the_servers() {
        assert_eq!(slot_of(b"foo"), 12182);
        assert_eq!(slot_of(b"bar"), 5061);
    }
}
