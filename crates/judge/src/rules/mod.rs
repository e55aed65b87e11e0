//! What is wrong with a configuration: one file per rule, and the closed list of them.

pub mod advice;
pub mod context;
mod other_releases;
pub mod rule;
mod startup_kind;

mod async_client_fails;
mod cache_is_not_a_boolean;
mod cache_is_off;
mod cache_type_is_missing;
mod certificate_is_not_verified;
mod client_certificate_is_lost;
mod configured_value_beats_variable;
mod coordination_is_not_known;
mod databases_differ;
mod dead_variable;
mod deprecated_router_db;
mod does_not_start;
mod environment_url_replaces_target;
mod environment_url_without_effect;
mod gcp_iam_without_effect;
mod gcp_service_account_form;
mod host_is_a_url;
mod hostname_is_not_checked;
mod ignored_router_key;
mod key_stands_twice;
mod known_defect;
mod managed;
mod misleading_character;
mod misplaced_cache_settings;
mod no_redis_target;
mod no_settings_here;
mod no_socket_timeout;
mod not_yaml;
mod password_in_config;
mod password_is_reused;
mod plaintext_password;
mod reader_endpoint;
mod redis_py_release_matters;
mod redis_variables_are_not_read;
mod reference_is_unset;
mod router_redis_is_incomplete;
mod router_uses_the_cache_client;
mod sentinel_beside_host;
mod sentinel_settings_are_dropped;
mod sentinel_timeout_is_short;
mod service_has_one_database;
mod service_is_a_cluster;
mod service_listens_elsewhere;
mod service_speaks_tls;
mod service_wants_a_login;
mod setting_without_effect;
mod shell_variable_is_not_expanded;
mod startup_nodes_in_plain_cache;
mod tls_differs_between_clients;
mod tls_hangs_on_variable;
mod tls_settings_beside_url;
mod ttl_is_text;
mod unknown_cache_type;
mod unknown_redis_argument;
mod unknown_redis_variable;
mod url_replaces_target;

pub use context::{Context, Notes};
pub use rule::{Example, Rule};

use base::diagnostic::Diagnostic;
use base::source::Span;

/// All rules, by code.
pub static RULES: &[&Rule] = &[
    &does_not_start::RULE,
    &not_yaml::RULE,
    &unknown_redis_argument::RULE,
    &no_redis_target::RULE,
    &reference_is_unset::RULE,
    &unknown_cache_type::RULE,
    &cache_is_not_a_boolean::RULE,
    &async_client_fails::RULE,
    &host_is_a_url::RULE,
    &misleading_character::RULE,
    &ignored_router_key::RULE,
    &misplaced_cache_settings::RULE,
    &router_redis_is_incomplete::RULE,
    &cache_is_off::RULE,
    &cache_type_is_missing::RULE,
    &setting_without_effect::RULE,
    &shell_variable_is_not_expanded::RULE,
    &unknown_redis_variable::RULE,
    &redis_variables_are_not_read::RULE,
    &coordination_is_not_known::RULE,
    &key_stands_twice::RULE,
    &no_settings_here::RULE,
    &dead_variable::RULE,
    &tls_differs_between_clients::RULE,
    &plaintext_password::RULE,
    &certificate_is_not_verified::RULE,
    &hostname_is_not_checked::RULE,
    &tls_settings_beside_url::RULE,
    &client_certificate_is_lost::RULE,
    &password_in_config::RULE,
    &password_is_reused::RULE,
    &tls_hangs_on_variable::RULE,
    &service_speaks_tls::RULE,
    &environment_url_replaces_target::RULE,
    &environment_url_without_effect::RULE,
    &url_replaces_target::RULE,
    &configured_value_beats_variable::RULE,
    &databases_differ::RULE,
    &router_uses_the_cache_client::RULE,
    &sentinel_settings_are_dropped::RULE,
    &startup_nodes_in_plain_cache::RULE,
    &sentinel_beside_host::RULE,
    &service_is_a_cluster::RULE,
    &service_has_one_database::RULE,
    &reader_endpoint::RULE,
    &service_listens_elsewhere::RULE,
    &gcp_iam_without_effect::RULE,
    &service_wants_a_login::RULE,
    &gcp_service_account_form::RULE,
    &no_socket_timeout::RULE,
    &sentinel_timeout_is_short::RULE,
    &ttl_is_text::RULE,
    &deprecated_router_db::RULE,
    &redis_py_release_matters::RULE,
    &known_defect::RULE,
];

/// The rule of this code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code).copied()
}

/// Everything that the rules find, in the order of the config.
pub fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    in_order(RULES.iter().flat_map(|rule| (rule.check)(context)).collect())
}

/// What the rules find that look at this one outcome. The others ask what other releases or values
/// would do: none of their findings is an error.
pub(crate) fn check_here(context: &Context<'_>) -> Vec<Diagnostic> {
    let elsewhere = [tls_hangs_on_variable::RULE.code, redis_py_release_matters::RULE.code];
    let rules = RULES.iter().filter(|rule| !elsewhere.contains(&rule.code));
    rules.flat_map(|rule| (rule.check)(context)).collect()
}

/// Findings in the order of the config.
pub fn in_order(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by_key(|diagnostic| {
        // `RP201`: codes have one length, so that their numbers order them.
        let code = diagnostic.code.get(2..).and_then(|number| number.parse().ok()).unwrap_or(0);
        match diagnostic.primary.span {
            None => [usize::MAX, 0, 0, code],
            Some(Span { source, start, end }) => {
                [usize::from(source.0), start as usize, end as usize, code]
            }
        }
    });
    found
}
