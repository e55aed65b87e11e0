//! The channels on which LiteLLM's replicas tell each other of changes: may the user use them?
//!
//! Subscribing disturbs nobody. What is published on LiteLLM's own channels would make each replica
//! read its config anew, so that is tried on a channel of the probe's own: whether the user may use
//! LiteLLM's, SUBSCRIBE has told by then.

use std::time::Instant;

use redis::Value;
use redproof_core::finding::Severity;

use crate::diagnosis::findings;
use crate::needs::Demands;
use crate::redis::commands::{Command, error_text};
use crate::redis::permissions::Asked;
use crate::redis::reply_failure::text_of;
use crate::session::{Open, Session};

/// What a refused reply refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    Command,
    Channel,
}

impl Session<'_> {
    /// Subscribes as LiteLLM does, last of all: a RESP 2 connection takes no other command from then on.
    /// What comes of it decides nothing.
    pub(crate) async fn try_channels(&mut self, open: &mut Open, asked: &Asked<'_>, own: &str) {
        let demands = asked.demands;
        if demands.subscribed.is_empty() {
            return;
        }
        let started = Instant::now();
        let mut batch = vec![publish(asked, own, self.options.read_only)];
        batch.extend(demands.subscribed.iter().map(|channel| subscribe(channel)));
        let (replies, failure) = self.run_on(open, &batch).await;
        if failure.is_some() {
            self.note("channels", started, "not known: the server did not answer in time");
            return;
        }
        let published = replies.first().and_then(refused).filter(|why| *why == Refused::Command);
        let subscribed: Vec<Refused> = replies.iter().skip(1).filter_map(refused).collect();
        let mut commands = Vec::new();
        if published.is_some() {
            commands.push("PUBLISH");
        }
        if subscribed.contains(&Refused::Command) {
            commands.push("SUBSCRIBE");
        }
        let channel = subscribed.contains(&Refused::Channel);
        if commands.is_empty() && !channel {
            self.note("channels", started, &demands.channels());
            return;
        }
        let refused =
            [commands.join(", "), if channel { demands.channels() } else { String::new() }];
        let refused: Vec<&str> =
            refused.iter().map(String::as_str).filter(|one| !one.is_empty()).collect();
        self.note("channels", started, &format!("refused: {}", refused.join(", ")));
        let what = match (commands.as_slice(), channel) {
            ([], _) => format!("The user may not use the channels {}.", demands.channels()),
            (of, _) => format!("The user may not run: {}.", of.join(", ")),
        };
        let found = findings::CHANNEL_NOT_PERMITTED.found(format!(
            "{what} On this release replicas with a database tell each other there of keys, teams and settings that \
             change."
        ));
        let found = found.help(format!(
            "Grant them at the server: `ACL SETUSER {} {} +publish +subscribe`.",
            asked.user,
            demands.channels()
        ));
        // Without a database no replica subscribes.
        let severity = if demands.no_database { Severity::Hint } else { Severity::Warning };
        self.seen.findings.push(found.severity(severity));
    }
}

/// Publishes on a channel of the probe's own; where it may not, asks whether it could.
fn publish(asked: &Asked<'_>, own: &str, read_only: bool) -> Command {
    let words: &[&str] = if read_only {
        &["ACL", "DRYRUN", asked.user, "PUBLISH", own, "probe"]
    } else {
        &["PUBLISH", own, "probe"]
    };
    Command::quiet("PUBLISH", words.iter().map(|word| word.as_bytes().to_vec()).collect())
}

fn subscribe(channel: &str) -> Command {
    Command::quiet("SUBSCRIBE", vec![b"SUBSCRIBE".to_vec(), channel.as_bytes().to_vec()])
}

/// What a reply refuses; `ACL DRYRUN` says it as text.
fn refused(reply: &Value) -> Option<Refused> {
    let said = match reply {
        Value::ServerError(error) => {
            Some(error_text(error)).filter(|text| text.starts_with("NOPERM"))
        }
        reply => text_of(reply),
    }?;
    let said = said.to_ascii_lowercase();
    if !said.contains("no permissions") {
        return None;
    }
    Some(if said.contains("channel") { Refused::Channel } else { Refused::Command })
}

impl Demands {
    /// The patterns of LiteLLM's channels as `ACL SETUSER` takes them.
    pub(crate) fn channels(&self) -> String {
        let each: Vec<String> = self.channels.iter().map(|pattern| format!("&{pattern}")).collect();
        each.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use redis::Value;

    use super::{Refused, refused};

    #[test]
    fn a_channel_and_a_command_are_told_apart() {
        let said = |text: &str| refused(&Value::BulkString(text.as_bytes().to_vec()));
        let command = "User u has no permissions to run the 'publish' command";
        assert_eq!(said(command), Some(Refused::Command));
        let channel = "User u has no permissions to access the 'c' channel";
        assert_eq!(said(channel), Some(Refused::Channel));
        assert_eq!(said("OK"), None);
        assert_eq!(refused(&Value::Int(0)), None);
    }
}
