//! What releases do differently, in a sentence, where it explains a difference.

use facts::{Behaviour, Pair};
use python::Origin;
use simulate::outcome::{Api, Auth, ClientKind, Consumer};

use difference::connection::is_true;
use difference::difference::{Aspect, Difference, State};
use difference::sides::{Whose, default_of};

/// What the later of two releases does differently, if one thing alone explains the difference.
pub(super) fn explanation(
    difference: &Difference<'_>,
    all: &[Difference<'_>],
    earlier: Pair,
    later: Pair,
) -> Option<&'static str> {
    if hides_arguments(earlier, later) && comes_from_redis_variable(&difference.before) {
        return Some(
            "redis-py hides its client's arguments behind a decorator. This LiteLLM sees none of them, and does not read the REDIS_* variables.",
        );
    }
    let case = Case { difference, all, earlier };
    let mut candidates = EXPLANATIONS.iter().filter(|one| {
        earlier.behaves(one.behaviour) == one.lost
            && later.behaves(one.behaviour) != one.lost
            && one.aspects.contains(&difference.key.aspect)
            && (one.applies)(&case)
    });
    match (candidates.next(), candidates.next()) {
        (Some(one), another) if one.decides || another.is_none() => Some(one.text),
        (None, _) => default_changed(difference),
        _ => None,
    }
}

/// Whether redis-py's signature becomes unreadable to LiteLLM.
fn hides_arguments(earlier: Pair, later: Pair) -> bool {
    !later.behaves(Behaviour::UnwrappedSignatures)
        && !earlier.redis_py_data().redis().decorated
        && later.redis_py_data().redis().decorated
}

fn comes_from_redis_variable(state: &State<'_>) -> bool {
    let origin = match state {
        State::Value(setting) => &setting.value.origin,
        State::Password(setting) => &setting.origin,
        State::Tls(_, origin) => origin,
        _ => return false,
    };
    origin.variable().is_some_and(|name| name.starts_with("REDIS_"))
}

struct Explanation {
    behaviour: Behaviour,
    /// The later release lost it.
    lost: bool,
    /// What it can touch.
    aspects: &'static [Aspect],
    /// Whether it can have brought this difference.
    applies: fn(&Case<'_>) -> bool,
    /// Where it applies, it explains the difference, whatever else the release brought.
    decides: bool,
    text: &'static str,
}

/// A difference among the others, on the release before it came about.
struct Case<'d> {
    difference: &'d Difference<'d>,
    all: &'d [Difference<'d>],
    earlier: Pair,
}

impl<'d> Case<'d> {
    /// The difference itself, and those of the same client's target.
    fn target(&self) -> impl Iterator<Item = &'d Difference<'d>> {
        let user = self.difference.key.user;
        let own = std::iter::once(self.difference);
        own.chain(self.all.iter().filter(move |other| {
            other.key.user == user && matches!(other.key.aspect, Server | Topology)
        }))
    }
}

use Aspect::{
    Authorities, Cache, ClientCertificate, ConnectTimeout, Database, Error, HealthCheck, HostName,
    Iam, Password, Presence, Server, Setting, Sharing, SocketTimeout, Startup, Tls, Topology,
    Username, Verification,
};

const TARGET: &[Aspect] =
    &[Server, Topology, Database, Username, Password, Tls, SocketTimeout, Setting, Error, Startup];

static EXPLANATIONS: &[Explanation] = &[
    Explanation {
        behaviour: Behaviour::CoordinationRedis,
        lost: false,
        aspects: &[
            Presence, Sharing, Server, Topology, Tls, Username, Password, Database, Startup,
            Setting,
        ],
        applies: |case| {
            let about = |difference: &Difference<'_>| {
                matches!(difference.key.aspect, Presence | Sharing)
                    && consumer(difference) == consumer(case.difference)
            };
            match consumer(case.difference) {
                None => true,
                Some(Consumer::Response) => false,
                Some(_) => case.all.iter().any(about),
            }
        },
        decides: true,
        text: "LiteLLM reads `general_settings.coordination_redis`, and builds coordination from REDIS_* beside caches that are not Redis.",
    },
    Explanation {
        behaviour: Behaviour::ConfiguredTargetBeatsEnvironmentUrl,
        lost: false,
        aspects: TARGET,
        applies: |case| {
            case.target().any(|target| {
                mentions(&target.before, "REDIS_URL") || mentions(&target.after, "REDIS_URL")
            })
        },
        decides: true,
        text: "A host, nodes or sentinels in the config beat REDIS_URL. Before, REDIS_URL replaced them.",
    },
    Explanation {
        behaviour: Behaviour::StartupNodesBeatUrl,
        lost: false,
        aspects: TARGET,
        applies: |case| {
            is_cluster(&case.difference.before) != is_cluster(&case.difference.after)
                || raises(&case.difference.after, "cluster")
                || case
                    .target()
                    .any(|target| is_cluster(&target.before) != is_cluster(&target.after))
        },
        decides: false,
        text: "Start-up nodes beat a `url`. Before, the `url` replaced them.",
    },
    Explanation {
        behaviour: Behaviour::FalsySslMeansPlaintextPool,
        lost: false,
        aspects: &[Tls, Error],
        applies: |case| {
            is_written(&case.difference.after) || raises(&case.difference.before, "ssl")
        },
        decides: false,
        text: "The async client speaks TLS only where `ssl` is true. Before, the key alone turned TLS on, whatever its value.",
    },
    Explanation {
        behaviour: Behaviour::TypeCoercion,
        lost: false,
        aspects: &[
            Tls,
            Database,
            SocketTimeout,
            ConnectTimeout,
            HealthCheck,
            HostName,
            Server,
            Setting,
            Error,
            Startup,
        ],
        applies: |case| {
            is_written(&case.difference.before)
                && (case.difference.key.aspect != Tls || is_written(&case.difference.after))
        },
        decides: false,
        text: "Text is converted to the type that redis-py declares: \"false\" means false. Before, any text counted as true.",
    },
    Explanation {
        behaviour: Behaviour::UnwrappedSignatures,
        lost: false,
        aspects: &[
            Tls,
            Server,
            Database,
            Username,
            Password,
            Verification,
            HostName,
            Authorities,
            ClientCertificate,
            SocketTimeout,
            ConnectTimeout,
            HealthCheck,
            Setting,
            Startup,
            Error,
        ],
        applies: |case| {
            case.earlier.redis_py_data().redis().decorated
                || case.difference.kind == Some(ClientKind::RedisCluster)
        },
        decides: false,
        text: "LiteLLM finds redis-py's arguments behind its decorators. Before, it saw none of them, and did not read the REDIS_* variables.",
    },
    Explanation {
        behaviour: Behaviour::SentinelGetsRedisSettings,
        lost: false,
        aspects: &[
            Tls,
            Username,
            Password,
            Database,
            SocketTimeout,
            ConnectTimeout,
            Setting,
            Startup,
            Error,
        ],
        applies: |case| {
            case.difference.kind == Some(ClientKind::Sentinel)
                || raises(&case.difference.after, "multiple values")
        },
        decides: false,
        text: "Sentinels and their master get the Redis settings. Before, they got a short timeout and `sentinel_password`.",
    },
    Explanation {
        behaviour: Behaviour::ClusterTakesTimeouts,
        lost: false,
        aspects: &[SocketTimeout, ConnectTimeout, Setting],
        applies: |case| case.difference.kind == Some(ClientKind::RedisCluster),
        decides: false,
        text: "Cluster clients get `socket_timeout` and `socket_connect_timeout`. Before, LiteLLM dropped them.",
    },
    Explanation {
        behaviour: Behaviour::ClusterTakesHealthCheck,
        lost: false,
        aspects: &[HealthCheck, Setting],
        applies: |case| case.difference.kind == Some(ClientKind::RedisCluster),
        decides: false,
        text: "Cluster clients get `health_check_interval`, and the async one 25 s by default.",
    },
    Explanation {
        behaviour: Behaviour::UrlTakesConnectionSettings,
        lost: false,
        aspects: &[SocketTimeout, ConnectTimeout, HealthCheck, Username, Setting],
        applies: |_| true,
        decides: false,
        text: "A `url` connection gets the connection's other settings, too. Before, LiteLLM dropped all but the `url`.",
    },
    Explanation {
        behaviour: Behaviour::CoordinationFromEnvironmentAlone,
        lost: false,
        aspects: &[Presence],
        applies: |case| matches!(case.difference.after, State::Uses(uses) if uses.only_if_reachable),
        decides: false,
        text: "Without a cache, LiteLLM builds coordination from the REDIS_* variables if that Redis answers at start-up.",
    },
    Explanation {
        behaviour: Behaviour::SocketTimeoutConstantFillsIn,
        lost: false,
        aspects: &[SocketTimeout, ConnectTimeout, Startup],
        applies: |_| true,
        decides: false,
        text: "LiteLLM fills in 5 s, or REDIS_SOCKET_TIMEOUT, where no `socket_timeout` is set.",
    },
    Explanation {
        behaviour: Behaviour::AsyncClientUnderOneKey,
        lost: true,
        aspects: &[Server, Topology, Tls, Username, Password, Database, SocketTimeout, HostName],
        applies: not_the_first_async_client,
        decides: false,
        text: "Each Redis configuration has its own async client. Before, all parts got the client of the first one.",
    },
    Explanation {
        behaviour: Behaviour::ClusterNodesVariableMakesClusterCache,
        lost: false,
        aspects: &[Cache],
        applies: |_| true,
        decides: false,
        text: "REDIS_CLUSTER_NODES makes the cache a RedisClusterCache.",
    },
    Explanation {
        behaviour: Behaviour::UnknownCacheTypeIsRefused,
        lost: false,
        aspects: &[Startup],
        applies: |_| true,
        decides: false,
        text: "A cache type that LiteLLM does not know, or no longer knows, is refused by name.",
    },
    Explanation {
        behaviour: Behaviour::RouterRefusesHealthCheckInterval,
        lost: false,
        aspects: &[Startup],
        applies: |case| raises(&case.difference.after, "health_check_interval"),
        decides: false,
        text: "`router_settings.health_check_interval` stops start-up.",
    },
    Explanation {
        behaviour: Behaviour::RoutingStrategyIsChecked,
        lost: false,
        aspects: &[Startup],
        applies: |case| raises(&case.difference.after, "strategy"),
        decides: false,
        text: "An unknown `routing_strategy` stops start-up.",
    },
    Explanation {
        behaviour: Behaviour::SemanticCacheIsLazy,
        lost: false,
        aspects: &[Startup],
        applies: |_| true,
        decides: false,
        text: "The semantic cache builds its index on first use, not at start-up.",
    },
    Explanation {
        behaviour: Behaviour::AwsIam,
        lost: false,
        aspects: &[Iam, Startup],
        applies: |case| {
            signs_in(case.difference, |auth| matches!(auth, Auth::Aws { .. }))
                || raises(&case.difference.before, "aws_iam")
        },
        decides: false,
        text: "LiteLLM understands AWS IAM.",
    },
    Explanation {
        behaviour: Behaviour::AzureAd,
        lost: false,
        aspects: &[Iam, Startup],
        applies: |case| {
            signs_in(case.difference, |auth| matches!(auth, Auth::Azure(_)))
                || raises(&case.difference.before, "azure")
        },
        decides: false,
        text: "LiteLLM understands Microsoft Entra ID.",
    },
    Explanation {
        behaviour: Behaviour::AsyncClientUnderOneKey,
        lost: false,
        aspects: &[Server, Topology, Tls, Username, Password, Database, SocketTimeout, HostName],
        applies: not_the_first_async_client,
        decides: false,
        text: "All parts get the async client of the first Redis configuration. Before, each had its own.",
    },
    Explanation {
        behaviour: Behaviour::AsyncClusterCredentialProvider,
        lost: false,
        aspects: &[Iam, Username, Password, Error],
        applies: |case| case.difference.kind == Some(ClientKind::RedisCluster),
        decides: false,
        text: "The async cluster client signs in to Google Cloud with a token for each connection. Before, it sent one token as its password.",
    },
    Explanation {
        behaviour: Behaviour::AsyncCredentialProvider,
        lost: false,
        aspects: &[Iam, Username, Password, Error],
        applies: |case| case.difference.kind == Some(ClientKind::Redis),
        decides: false,
        text: "IAM for the async client goes through redis-py's credential provider.",
    },
    Explanation {
        behaviour: Behaviour::AsyncIamReplacesPassword,
        lost: false,
        aspects: &[Iam, Username, Password, Error],
        applies: |_| true,
        decides: false,
        text: "Where IAM signs in, the async client drops the user name and the password.",
    },
    Explanation {
        behaviour: Behaviour::GcpIam,
        lost: false,
        aspects: &[Iam, Password, Startup, Setting, Error],
        applies: |case| {
            raises(&case.difference.before, "gcp_")
                || raises(&case.difference.after, "gcp_")
                || signs_in(case.difference, |auth| matches!(auth, Auth::Gcp { .. }))
        },
        decides: false,
        text: "LiteLLM understands Google Cloud IAM.",
    },
    Explanation {
        behaviour: Behaviour::ClusterTakesCertificateSettings,
        lost: false,
        aspects: &[Verification, HostName, Authorities, Setting],
        applies: |_| true,
        decides: false,
        text: "Cluster clients get `ssl_cert_reqs`, `ssl_check_hostname` and `ssl_ca_certs`. Before, LiteLLM dropped them.",
    },
    Explanation {
        behaviour: Behaviour::RouterSharesCoordinationRedis,
        lost: false,
        aspects: &[Presence],
        applies: |case| consumer(case.difference) == Some(Consumer::Router),
        decides: false,
        text: "A router without a Redis of its own gets the response cache's.",
    },
    Explanation {
        behaviour: Behaviour::StartupNodesMakeClusterCache,
        lost: false,
        aspects: &[Cache],
        applies: |_| true,
        decides: false,
        text: "`redis_startup_nodes` make the response cache a RedisClusterCache.",
    },
    Explanation {
        behaviour: Behaviour::SyncSentinelSendsPassword,
        lost: false,
        aspects: &[Password],
        applies: |case| case.difference.kind == Some(ClientKind::Sentinel),
        decides: false,
        text: "The sync Sentinel client sends `sentinel_password`, to the master.",
    },
    Explanation {
        behaviour: Behaviour::EnvironmentVariablesSectionWins,
        lost: false,
        aspects: &[Server, Topology, Database, Username, Password, Tls, Startup, Error],
        applies: |_| true,
        decides: false,
        text: "`environment_variables` of the config replace what the environment has. Before, the environment won.",
    },
    Explanation {
        behaviour: Behaviour::AsyncClientTakesSocketTimeout,
        lost: false,
        aspects: &[Error],
        applies: |_| true,
        decides: false,
        text: "The async client takes `socket_timeout`. Before, LiteLLM gave one beside it, and Python refused the second.",
    },
    Explanation {
        behaviour: Behaviour::UnwrappedUrlSignatures,
        lost: false,
        aspects: &[SocketTimeout, ConnectTimeout, HealthCheck, Username, Setting],
        applies: |_| true,
        decides: false,
        text: "What goes beside a `url` is found behind redis-py's decorators, too.",
    },
    Explanation {
        behaviour: Behaviour::ClusterNodesVariableIsValidated,
        lost: false,
        aspects: &[Startup],
        applies: |case| raises(&case.difference.after, "REDIS_CLUSTER_NODES"),
        decides: false,
        text: "The JSON in REDIS_CLUSTER_NODES must be a list of mappings.",
    },
    Explanation {
        behaviour: Behaviour::EmptyConfigIsRefused,
        lost: false,
        aspects: &[Startup],
        applies: |case| raises(&case.difference.after, "None or Empty"),
        decides: false,
        text: "An empty config is refused as such.",
    },
    Explanation {
        behaviour: Behaviour::SyncClusterCredentialProvider,
        lost: false,
        aspects: &[Iam, Username, Password, Error],
        applies: |case| case.difference.kind == Some(ClientKind::RedisCluster),
        decides: false,
        text: "IAM for the sync cluster client goes through redis-py's credential provider, which fetches a token for each connection.",
    },
    Explanation {
        behaviour: Behaviour::CertNoneDropsHostnameCheck,
        lost: false,
        aspects: &[HostName],
        applies: |case| matches!(case.difference.after, State::Value(value) if is_true(&value.value) == Some(false)),
        decides: false,
        text: "redis-py does not check the host name where `ssl_cert_reqs` is `none`.",
    },
    Explanation {
        behaviour: Behaviour::AsyncTlsMatchesSync,
        lost: false,
        aspects: &[Authorities, ClientCertificate, Error],
        applies: |_| true,
        decides: false,
        text: "redis-py's asyncio client takes the TLS settings that the sync one takes.",
    },
    Explanation {
        behaviour: Behaviour::AsyncTakesNumericCertReqs,
        lost: false,
        aspects: &[Verification, Error],
        applies: |_| true,
        decides: false,
        text: "redis-py's asyncio client takes an `ssl_cert_reqs` that is not text.",
    },
];

fn not_the_first_async_client(case: &Case<'_>) -> bool {
    let user = case.difference.key.user;
    user.is_some_and(|user| user.api == Some(Api::Async) && user.consumer != Consumer::Response)
}

fn consumer(difference: &Difference<'_>) -> Option<Consumer> {
    difference.key.user.map(|user| user.consumer)
}

/// Whether a side's value comes from a variable, or its message names it.
fn mentions(state: &State<'_>, variable: &str) -> bool {
    let from = |origin: &Origin| origin.variable() == Some(variable);
    match state {
        State::Server(client) => {
            client.connection.as_ref().is_some_and(|connection| from(&connection.host.value.origin))
        }
        State::Value(setting) => from(&setting.value.origin),
        State::Password(setting) => from(&setting.origin),
        State::Tls(_, origin) | State::Honoured(origin) | State::Ignored(origin, _) => from(origin),
        _ => false,
    }
}

/// Whether a side's value was written by the user, or its message blames one that was.
fn is_written(state: &State<'_>) -> bool {
    use simulate::outcome::{Knowable, Startup};
    let written = |origin: &Origin| origin.variable().is_some() || origin.span().is_some();
    match state {
        State::Value(setting) => written(&setting.value.origin),
        State::Tls(_, origin) | State::Honoured(origin) | State::Ignored(origin, _) => {
            written(origin)
        }
        State::Server(client) => client
            .connection
            .as_ref()
            .is_some_and(|connection| written(&connection.port.value.origin)),
        State::Startup(Startup::Exception(exception))
        | State::Error(Some(Knowable::Known(exception))) => exception.origins.iter().any(written),
        _ => false,
    }
}

fn is_cluster(state: &State<'_>) -> bool {
    matches!(state, State::Server(client) if client.kind == ClientKind::RedisCluster)
}

fn raises(state: &State<'_>, word: &str) -> bool {
    use simulate::outcome::{Knowable, Startup};
    match state {
        State::Startup(Startup::Exception(exception))
        | State::Error(Some(Knowable::Known(exception))) => exception.message.contains(word),
        _ => false,
    }
}

fn signs_in(difference: &Difference<'_>, how: fn(&Auth) -> bool) -> bool {
    matches!(difference.after, State::Auth(auth) if how(auth))
}

/// A default of LiteLLM's or redis-py's that is another one.
fn default_changed(difference: &Difference<'_>) -> Option<&'static str> {
    let default = |state: &State<'_>| match state {
        State::Value(setting) => default_of(&setting.value.origin),
        State::Verify(tls) => default_of(&tls.verify_origin),
        _ => None,
    };
    match (default(&difference.before)?, default(&difference.after)?) {
        (Whose::RedisPy, Whose::RedisPy) => Some("redis-py has another default for it."),
        (Whose::LiteLlm, Whose::LiteLlm) => Some("LiteLLM has another default for it."),
        (Whose::RedisPy, Whose::LiteLlm) => Some("LiteLLM has a default of its own for it."),
        (Whose::LiteLlm, Whose::RedisPy) => None,
    }
}
