//! What a connection's settings come to: verification, login, timeouts, and what is dropped.

use simulate::outcome::{Auth, Setting, Tls};
use simulate::trace::DropReason;

use super::Judgement;
use crate::connection::{is_nothing, is_true, seconds, verifies};

pub(super) fn verification(after: &Tls) -> Judgement {
    if verifies(after) {
        return Judgement::changes(
            "The server's certificate is verified now: one that no trusted authority signed is \
             refused.",
        )
        .advice("`redproof probe` on the new releases shows whether yours is.");
    }
    Judgement::weakens(
        "The server's certificate is not verified: anyone in between can read along.",
    )
    .advice("Write `ssl_cert_reqs: required` and `ssl_ca_certs` into the config.")
}

pub(super) fn host_name(after: &Setting) -> Judgement {
    match is_true(&after.value) {
        Some(true) => Judgement::changes(
            "The certificate must name the host that LiteLLM connects to. Before, any trusted \
             certificate would do.",
        )
        .advice("`redproof probe` on the new releases shows whether yours does."),
        Some(false) => Judgement::weakens(
            "A trusted certificate for any other host is accepted: its owner can read along.",
        )
        .advice("Write `ssl_check_hostname: true` into the config."),
        None => {
            Judgement::weakens("Whether the certificate's host name is checked can't be known.")
                .advice("Write `ssl_check_hostname: true` into the config.")
        }
    }
}

pub(super) fn iam(before: &Auth, after: &Auth, password: bool) -> Judgement {
    match (before, after) {
        (_, Auth::Static) => Judgement::breaks(
            "LiteLLM no longer signs in by IAM: a server that asks for a token refuses it.",
        ),
        (Auth::Static, _) if password => Judgement::improves(
            "LiteLLM signs in by IAM, with a token for each connection, in place of a password.",
        ),
        (Auth::Static, _) => Judgement::improves("LiteLLM signs in by IAM."),
        _ => Judgement::breaks("LiteLLM signs in by IAM as someone else."),
    }
}

pub(super) fn timeout(before: &Setting, after: &Setting) -> Judgement {
    let text = |setting: &Setting| setting.value.as_str().is_some();
    if text(before) && !text(after) {
        return Judgement::improves("It is a number now. As text, it makes the connection fail.");
    }
    match (seconds(&before.value), seconds(&after.value)) {
        _ if is_nothing(&after.value) => {
            Judgement::weakens("LiteLLM waits without end for a server that does not answer.")
                .advice("Write `socket_timeout: 5` into the config.")
        }
        _ if is_nothing(&before.value) => Judgement::improves(
            "LiteLLM gives up on a server that does not answer. Before, it waited without end.",
        ),
        (Some(before), Some(after)) if after < before => Judgement::changes(
            "LiteLLM gives up sooner: a slow answer that was waited for becomes an error.",
        ),
        (Some(_), Some(_)) => {
            Judgement::changes("LiteLLM waits longer for a server that does not answer.")
        }
        _ => Judgement::changes("How long LiteLLM waits can't be known."),
    }
}

pub(super) fn health_check(before: &Setting, after: &Setting) -> Judgement {
    if before.value.as_str().is_some() && after.value.as_str().is_none() {
        return Judgement::improves("It is a number now. As text, it makes the connection fail.");
    }
    let off = |setting: &Setting| seconds(&setting.value).is_none_or(|seconds| seconds <= 0.0);
    match (off(before), off(after)) {
        (true, false) => {
            Judgement::improves("Idle connections are tried with a PING before they are used.")
        }
        (false, true) => Judgement::changes(
            "Idle connections are no longer tried: the first command on a dead one fails.",
        ),
        _ => Judgement::changes("Idle connections are tried at another interval."),
    }
}

pub(super) fn ignored(why: DropReason) -> &'static str {
    match why {
        DropReason::NotARouterSetting => "LiteLLM's router does not take it: it has no effect.",
        DropReason::RouterHasNoTarget => {
            "`router_settings` names no complete Redis, so the router ignores it."
        }
        DropReason::UrlTakesNoSettings => "With a `url`, LiteLLM drops it.",
        DropReason::UrlReplacesTarget => "The `url` replaces it.",
        DropReason::ClusterReplacesTarget => "The cluster's start-up nodes replace it.",
        DropReason::ConfiguredTargetReplacesUrl => "The target in the config replaces it.",
        DropReason::NotForSyncCluster => "LiteLLM does not pass it to its sync cluster client.",
        DropReason::NotForAsyncCluster => "LiteLLM does not pass it to its async cluster client.",
        DropReason::ClusterClientDropsIt => "redis-py's sync cluster client drops it.",
        DropReason::NotForSentinel => "LiteLLM does not pass it to its Sentinel clients.",
        DropReason::CacheSwallowsIt => "LiteLLM's cache takes it, and does nothing with it.",
        DropReason::NotForThisCacheType => "This cache type does not use it.",
        DropReason::IamReplacesPassword => "IAM replaces the user name and the password.",
        DropReason::NotConvertible => {
            "The text is not what redis-py takes there: LiteLLM drops it, and redis-py's default applies."
        }
        DropReason::BlockedVariable => "`environment_variables` may not set it.",
        DropReason::SectionNotKnown => "This release does not know the section.",
        DropReason::NotForRustClient => {
            "The Rust client of budgets, limits, cooldowns and usage does not take it."
        }
        DropReason::CacheIsOff => "Caching is off.",
    }
}
