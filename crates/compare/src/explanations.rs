//! What releases do differently, in a sentence, where it explains a difference.

use facts::{Behaviour, Pair};
use python::{Origin, Raise};
use simulate::outcome::{Api, Auth, ClientKind, Consumer};

use difference::connection::is_true;
use difference::difference::{Difference, State};
use difference::sides::{Whose, default_of};
use facts::Aspect;

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
            && one.behaviour.row().shows_in.contains(&difference.key.aspect)
            && (one.applies)(&case)
    });
    match (candidates.next(), candidates.next()) {
        (Some(one), another) if one.decides || another.is_none() => one.text(),
        (None, _) => default_changed(difference),
        _ => None,
    }
}

/// Whether redis-py's signature becomes unreadable to LiteLLM.
fn hides_arguments(earlier: Pair, later: Pair) -> bool {
    !later.behaves(Behaviour::UnwrappedSignatures)
        && !earlier.redis_py_data().redis().decorated()
        && later.redis_py_data().redis().decorated()
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
    /// Whether it can have brought this difference.
    applies: fn(&Case<'_>) -> bool,
    /// Where it applies, it explains the difference, whatever else the release brought.
    decides: bool,
}

impl Explanation {
    fn text(&self) -> Option<&'static str> {
        let row = self.behaviour.row();
        if self.lost { row.explains_loss } else { row.explains }
    }
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
            other.key.user == user && matches!(other.key.aspect, Aspect::Server | Aspect::Topology)
        }))
    }
}

static EXPLANATIONS: &[Explanation] = &[
    Explanation {
        behaviour: Behaviour::RustClient,
        lost: false,
        applies: |case| case.difference.key.user.and_then(|user| user.api) == Some(Api::Native),
        decides: true,
    },
    Explanation {
        behaviour: Behaviour::CoordinationRedis,
        lost: false,
        applies: |case| {
            let about = |difference: &Difference<'_>| {
                matches!(difference.key.aspect, Aspect::Presence | Aspect::Sharing)
                    && consumer(difference) == consumer(case.difference)
            };
            match consumer(case.difference) {
                None => true,
                Some(Consumer::Response | Consumer::Semantic) => false,
                Some(_) => case.all.iter().any(about),
            }
        },
        decides: true,
    },
    Explanation {
        behaviour: Behaviour::ConfiguredTargetBeatsEnvironmentUrl,
        lost: false,
        applies: |case| {
            case.target().any(|target| {
                mentions(&target.before, "REDIS_URL") || mentions(&target.after, "REDIS_URL")
            })
        },
        decides: true,
    },
    Explanation {
        behaviour: Behaviour::StartupNodesBeatUrl,
        lost: false,
        applies: |case| {
            is_cluster(&case.difference.before) != is_cluster(&case.difference.after)
                || raises(&case.difference.after, &Raise::ClusterRefuses)
                || case
                    .target()
                    .any(|target| is_cluster(&target.before) != is_cluster(&target.after))
        },
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::FalsySslMeansPlaintextPool,
        lost: false,
        applies: |case| {
            is_written(&case.difference.after) || takes_no(&case.difference.before, "ssl")
        },
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::TypeCoercion,
        lost: false,
        applies: |case| {
            is_written(&case.difference.before)
                && (case.difference.key.aspect != Aspect::Tls || is_written(&case.difference.after))
        },
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::UnwrappedSignatures,
        lost: false,
        applies: |case| {
            case.earlier.redis_py_data().redis().decorated()
                || case.difference.kind == Some(ClientKind::RedisCluster)
        },
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::SentinelGetsRedisSettings,
        lost: false,
        applies: |case| {
            case.difference.kind == Some(ClientKind::Sentinel)
                || matches!(reason(&case.difference.after), Some(Raise::RepeatedArgument(_)))
        },
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::ClusterTakesTimeouts,
        lost: false,
        applies: |case| case.difference.kind == Some(ClientKind::RedisCluster),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::ClusterTakesHealthCheck,
        lost: false,
        applies: |case| case.difference.kind == Some(ClientKind::RedisCluster),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::UrlTakesConnectionSettings,
        lost: false,
        applies: |_| true,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::CoordinationFromEnvironmentAlone,
        lost: false,
        applies: |case| matches!(case.difference.after, State::Uses(uses) if uses.only_if_reachable),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::SocketTimeoutConstantFillsIn,
        lost: false,
        applies: |_| true,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::AsyncClientUnderOneKey,
        lost: true,
        applies: not_the_first_async_client,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::ClusterNodesVariableMakesClusterCache,
        lost: false,
        applies: |_| true,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::UnknownCacheTypeIsRefused,
        lost: false,
        applies: |_| true,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::RouterRefusesHealthCheckInterval,
        lost: false,
        applies: |case| raises(&case.difference.after, &Raise::MisplacedRouterSetting),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::RoutingStrategyIsChecked,
        lost: false,
        applies: |case| raises(&case.difference.after, &Raise::RoutingStrategy),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::SemanticCacheIsLazy,
        lost: false,
        applies: |_| true,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::AwsIam,
        lost: false,
        applies: |case| {
            signs_in(case.difference, |auth| matches!(auth, Auth::Aws { .. }))
                || takes_no(&case.difference.before, "aws_iam")
        },
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::AzureAd,
        lost: false,
        applies: |case| {
            signs_in(case.difference, |auth| matches!(auth, Auth::Azure(_)))
                || takes_no(&case.difference.before, "azure")
        },
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::AsyncClientUnderOneKey,
        lost: false,
        applies: not_the_first_async_client,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::AsyncClusterCredentialProvider,
        lost: false,
        applies: |case| case.difference.kind == Some(ClientKind::RedisCluster),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::AsyncCredentialProvider,
        lost: false,
        applies: |case| case.difference.kind == Some(ClientKind::Redis),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::AsyncIamReplacesPassword,
        lost: false,
        applies: |_| true,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::GcpIam,
        lost: false,
        applies: |case| {
            takes_no(&case.difference.before, "gcp_")
                || takes_no(&case.difference.after, "gcp_")
                || signs_in(case.difference, |auth| matches!(auth, Auth::Gcp { .. }))
        },
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::ClusterTakesCertificateSettings,
        lost: false,
        applies: |_| true,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::RouterSharesCoordinationRedis,
        lost: false,
        applies: |case| consumer(case.difference) == Some(Consumer::Router),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::StartupNodesMakeClusterCache,
        lost: false,
        applies: |_| true,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::SyncSentinelSendsPassword,
        lost: false,
        applies: |case| case.difference.kind == Some(ClientKind::Sentinel),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::EnvironmentVariablesSectionWins,
        lost: false,
        applies: |_| true,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::AsyncClientTakesSocketTimeout,
        lost: false,
        applies: |_| true,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::UnwrappedUrlSignatures,
        lost: false,
        applies: |_| true,
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::ClusterNodesVariableIsValidated,
        lost: false,
        applies: |case| raises(&case.difference.after, &Raise::ClusterNodesVariable),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::EmptyConfigIsRefused,
        lost: false,
        applies: |case| raises(&case.difference.after, &Raise::EmptyConfig),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::SyncClusterCredentialProvider,
        lost: false,
        applies: |case| case.difference.kind == Some(ClientKind::RedisCluster),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::CertNoneDropsHostnameCheck,
        lost: false,
        applies: |case| matches!(case.difference.after, State::Value(value) if is_true(&value.value) == Some(false)),
        decides: false,
    },
    Explanation {
        behaviour: Behaviour::AsyncTlsMatchesSync,
        lost: false,
        applies: |_| true,
        decides: false,
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

/// What a side raises its exception for.
fn reason<'s>(state: &State<'s>) -> Option<&'s Raise> {
    use simulate::outcome::{Knowable, Startup};
    match state {
        State::Startup(Startup::Exception(exception))
        | State::Error(Some(Knowable::Known(exception))) => Some(&exception.reason),
        _ => None,
    }
}

fn raises(state: &State<'_>, why: &Raise) -> bool {
    reason(state) == Some(why)
}

/// Whether a side raises for an argument whose name starts so.
fn takes_no(state: &State<'_>, start: &str) -> bool {
    matches!(reason(state), Some(Raise::UnexpectedArgument(name)) if name.starts_with(start))
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
