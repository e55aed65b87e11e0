//! A cluster's map: which node serves which hash slots.

use std::fmt;

use redis::Value;

use crate::outcome::{Failure, ProbeOutcome};
use crate::redis::reply_failure::text_of;

const SLOTS: u16 = 16_384;

/// No cluster has more nodes; a reply with more is hostile.
const MOST_NODES: usize = 1000;

/// The nodes, masters before replicas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Map {
    pub(crate) nodes: Vec<Node>,
    covered: u32,
}

/// A node and the slots that it serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) replica: bool,
    pub(crate) slots: Vec<(u16, u16)>,
}

impl Node {
    /// Whether a key of this slot is written here.
    pub(crate) fn serves(&self, slot: u16) -> bool {
        !self.replica && self.slots.iter().any(|(first, last)| (*first..=*last).contains(&slot))
    }
}

impl fmt::Display for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let replicas = self.nodes.iter().filter(|node| node.replica).count();
        let masters = self.nodes.len() - replicas;
        write!(f, "{} of {SLOTS} slots, masters: {masters}, replicas: {replicas}", self.covered)
    }
}

impl Map {
    /// The map of a reply to CLUSTER SLOTS; `asked` stands in for an empty host, as in redis-py.
    pub(crate) fn of(reply: Option<&Value>, asked: &str) -> Result<Self, Failure> {
        let Some(Value::Array(ranges)) = reply else {
            return Err(malformed());
        };
        let mut map = Self::default();
        for range in ranges {
            let Value::Array(range) = range else {
                return Err(malformed());
            };
            let [Value::Int(first), Value::Int(last), nodes @ ..] = range.as_slice() else {
                return Err(malformed());
            };
            let (Ok(first), Ok(last)) = (u16::try_from(*first), u16::try_from(*last)) else {
                return Err(malformed());
            };
            map.covered += u32::from(last.saturating_sub(first)) + 1;
            for (index, node) in nodes.iter().enumerate() {
                let (host, port) = address(node, asked)?;
                map.insert(host, port, index > 0, (first, last));
            }
            if map.nodes.len() > MOST_NODES {
                return Err(malformed());
            }
        }
        map.nodes.sort_by_key(|node| node.replica);
        Ok(map)
    }

    fn insert(&mut self, host: String, port: u16, replica: bool, slots: (u16, u16)) {
        match self.nodes.iter_mut().find(|node| node.host == host && node.port == port) {
            Some(node) => node.slots.push(slots),
            None => self.nodes.push(Node { host, port, replica, slots: vec![slots] }),
        }
    }

    /// A cluster serves when each slot has a master.
    pub(crate) fn check_coverage(&self) -> Result<(), Failure> {
        if self.covered >= u32::from(SLOTS) {
            return Ok(());
        }
        let covered = self.covered;
        Err(Failure::new(
            ProbeOutcome::ClusterDown,
            format!("The cluster's nodes serve {covered} of {SLOTS} slots."),
        )
        .presented(format!("{covered} slots"))
        .expected(format!("{SLOTS} slots")))
    }
}

/// A node of the reply: host, port, and more that does not matter.
fn address(node: &Value, asked: &str) -> Result<(String, u16), Failure> {
    let Value::Array(node) = node else {
        return Err(malformed());
    };
    let [host, Value::Int(port), ..] = node.as_slice() else {
        return Err(malformed());
    };
    let port = u16::try_from(*port).map_err(|_| malformed())?;
    let host = text_of(host).filter(|host| !host.is_empty()).unwrap_or_else(|| asked.to_owned());
    Ok((host, port))
}

fn malformed() -> Failure {
    Failure::new(
        ProbeOutcome::ProtocolError,
        "CLUSTER SLOTS: the server's reply is not what Redis answers.",
    )
}

/// The hash slot of a key, or of what is between its first braces: CRC-16/XMODEM, modulo the slots.
pub(crate) fn slot_of(key: &[u8]) -> u16 {
    let open = key.iter().position(|byte| *byte == b'{');
    let tag = open.and_then(|open| {
        let rest = &key[open + 1..];
        let end = rest.iter().position(|byte| *byte == b'}')?;
        (end > 0).then(|| &rest[..end])
    });
    let key = tag.unwrap_or(key);
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
        assert_eq!(slot_of(b"a{foo}b"), 12182);
    }
}
