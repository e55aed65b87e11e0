//! Whether LiteLLM starts, which of its parts use a Redis, and which Redis that is.

use facts::Aspect;
use python::Data;
use simulate::outcome::{
    Api, Client, ClientKind, Connection, Consumer, Knowable, Native, Setting, Startup,
};

use super::Judgement;
use crate::connection::{has_password, same_value, share_a_node};
use crate::difference::Uses;

pub(super) fn startup(before: &Startup, after: &Startup) -> Judgement {
    match (before, after) {
        (Startup::Exception(_), Startup::Exception(_)) => {
            Judgement::changes("LiteLLM does not start on either. The exception is another one.")
        }
        (_, Startup::Exception(_)) => {
            Judgement::breaks("LiteLLM no longer starts with this configuration.")
        }
        (_, Startup::Unknown(why)) => {
            Judgement::weakens(format!("Whether LiteLLM starts depends on {why}."))
        }
        (Startup::Unknown(_), Startup::Ok) => {
            Judgement::improves("LiteLLM starts, whatever the variables say.")
        }
        (_, Startup::Ok) => Judgement::improves("LiteLLM starts. Before, it did not."),
    }
}

pub(super) fn presence(
    consumer: Option<Consumer>,
    before: &Uses<'_>,
    after: &Uses<'_>,
) -> Judgement {
    let (had, has) = (before.serving.is_some(), after.serving.is_some());
    let what = match consumer {
        Some(Consumer::Usage) => "rate limits, spend and locks",
        Some(Consumer::Router) => "the router's usage and cooldowns",
        _ => "cached answers",
    };
    if had && !has {
        return match consumer {
            Some(Consumer::Response | Consumer::Semantic) | None => {
                Judgement::breaks("Nothing is cached in Redis any more.")
            }
            _ => Judgement::weakens(format!(
                "Redis no longer holds {what}: each replica keeps its own."
            )),
        };
    }
    if had {
        return match after.only_if_reachable {
            true => Judgement::weakens(
                "This Redis is used only if it answers when LiteLLM starts; before, always.",
            ),
            false => Judgement::improves(
                "This Redis is always used; before, only if it answered when LiteLLM started.",
            ),
        };
    }
    let when = if after.only_if_reachable { " if it answers when LiteLLM starts" } else { "" };
    let plain = after.serving.and_then(|client| client.connection.as_ref()).is_some_and(exposed);
    let shared = match consumer {
        Some(Consumer::Response | Consumer::Semantic) | None => "",
        _ => ", which all replicas share,",
    };
    let shared = if after.only_if_reachable { shared } else { shared.trim_end_matches(',') };
    let consequence = format!("LiteLLM keeps {what} in this Redis{shared}{when}.");
    if plain {
        let exposed = format!("{consequence} The password travels in plaintext.");
        return Judgement::weakens(exposed).advice("Turn TLS on for it.");
    }
    Judgement::changes(consequence)
        .advice("Make sure that this Redis may be used, and has room for it.")
}

/// A password without TLS, over a network.
fn exposed(connection: &Connection) -> bool {
    let local =
        connection.path.is_some()
            || connection.host.value.as_str().is_some_and(|host| {
                host == "localhost" || host == "::1" || host.starts_with("127.")
            });
    matches!(connection.tls, Knowable::Known(None)) && has_password(&connection.password) && !local
}

pub(super) fn sharing(after: &Uses<'_>) -> Judgement {
    use simulate::outcome::Role;
    match after.role {
        Some(Knowable::Known(Role::Own(_))) => {
            Judgement::changes("It opens connections of its own: the server sees more of them.")
        }
        _ => Judgement::changes("It uses another part's connections: the server sees fewer."),
    }
}

pub(super) fn rust_client(before: Option<&Native>, after: Option<&Native>) -> Judgement {
    const WHAT: &str = "budgets, rate limits, cooldowns, the router's usage and key lookups";
    let refused = |native: Option<&Native>| {
        let reason = native.filter(|native| native.client.is_none())?.reason.as_ref();
        match reason {
            Some(Knowable::Known(reason)) => Some(format!(": {reason}")),
            _ => Some(String::new()),
        }
    };
    match (before, after, refused(after)) {
        (_, Some(_), Some(reason)) => Judgement::weakens(format!(
            "Each process keeps its own {WHAT}: the Rust client that has them now can't use these \
             settings{reason}."
        ))
        .advice("Write the settings so that this client takes them."),
        (None, Some(_), None) => Judgement::changes(format!(
            "A third client, in Rust, has {WHAT} now. It reads the same settings by rules of its own."
        ))
        .advice("Compare its settings: `redproof explain` shows them."),
        (Some(_), None, _) => {
            Judgement::changes(format!("redis-py's client has {WHAT}; there is none in Rust."))
        }
        (Some(_), Some(_), None) if refused(before).is_some() => {
            Judgement::improves(format!("Redis holds {WHAT} now, for all processes."))
        }
        _ => Judgement::changes("What the Rust client can use depends on other things."),
    }
}

pub(super) fn error(
    api: Option<Api>,
    before: Option<&Knowable<python::PyException>>,
    after: Option<&Knowable<python::PyException>>,
) -> Judgement {
    let requests =
        if api == Some(Api::Async) { " It is the one that serves requests." } else { "" };
    match (before, after) {
        (_, None) => Judgement::improves(format!("The client works now.{requests}")),
        (Some(_), Some(Knowable::Known(_))) => {
            Judgement::changes("The client fails on both, with another exception.")
        }
        (None, Some(Knowable::Known(_))) => {
            Judgement::breaks(format!("The client can no longer connect.{requests}"))
                .advice("`redproof check` on the new release says what to fix.")
        }
        (_, Some(Knowable::Unknown(why))) => {
            Judgement::weakens(format!("Whether the client works depends on {why}.{requests}"))
        }
    }
}

pub(super) fn topology(after: &Client) -> Judgement {
    let text = match after.kind {
        ClientKind::Redis => {
            "LiteLLM takes it for a single server: it sends every key to one address, and does \
             not follow a cluster or a failover."
        }
        ClientKind::RedisCluster => {
            "LiteLLM takes it for a cluster: a server that is not one refuses it."
        }
        ClientKind::Sentinel => "LiteLLM asks sentinels for the master.",
    };
    Judgement::breaks(text).advice("Name the target in one way only, in the config.")
}

/// Whether two clients go to different servers, for all that is known.
pub(super) fn is_elsewhere(one: &Client, other: &Client) -> bool {
    let (Some(first), Some(second)) = (&one.connection, &other.connection) else {
        return true;
    };
    match one.kind {
        ClientKind::Redis => {
            !same_value(Aspect::Server, &first.host.value, &second.host.value)
                || !same_value(Aspect::Server, &first.port.value, &second.port.value)
        }
        ClientKind::RedisCluster => !share_a_node(one, other),
        ClientKind::Sentinel => false,
    }
}

const ONE_PLACE: &str = "Name the server in one place only: in the config, or in a variable.";

pub(super) fn server(before: &Client, after: &Client) -> Judgement {
    let unknown = |client: &Client| {
        client.connection.as_ref().is_some_and(|connection| {
            let unknown = |setting: &Setting| matches!(setting.value.data, Data::Unknown(_));
            unknown(&connection.host) || unknown(&connection.port)
        })
    };
    if after.kind == ClientKind::RedisCluster && share_a_node(before, after) {
        return Judgement::changes("LiteLLM starts from other nodes of the same cluster.");
    }
    if unknown(before) || unknown(after) {
        return Judgement::breaks(
            "LiteLLM takes the address from elsewhere: it may talk to another server, and then \
             does not see what is stored in the old one.",
        )
        .advice(ONE_PLACE);
    }
    Judgement::breaks(
        "LiteLLM talks to another server: it does not see what is stored in the old one.",
    )
    .advice(ONE_PLACE)
}
