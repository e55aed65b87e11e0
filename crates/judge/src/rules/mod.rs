//! What is wrong with a configuration: one file per rule, and the closed list of them.

pub mod advice;
pub mod case;
pub mod check;
pub mod context;
pub mod example;
mod other_releases;

mod answers_are_gathered;
mod beside;
mod cache_is_not_a_boolean;
mod cache_is_off;
mod cache_type_is_missing;
mod certificate_is_not_verified;
mod client_certificate_is_dropped;
mod client_fails;
mod config_is_in_a_bucket;
mod configured_value_beats_variable;
mod cooldown_settings_disagree;
mod coordination_redis_is_ignored;
mod database_is_refused;
mod databases_differ;
mod dead_variable;
mod deprecated_router_db;
mod does_not_start;
mod duplicate_key;
mod environment_url_replaces_target;
mod environment_url_without_effect;
mod file_is_not_mounted;
mod gcp_iam_without_effect;
mod gcp_service_account_form;
mod host_is_a_url;
mod host_is_not_beside;
mod hostname_is_not_checked;
mod ignored_router_key;
mod key_of_other_releases;
mod kind_differs_by_name;
mod known_defect;
mod localhost_in_container;
mod managed;
mod manifest_value_is_refused;
mod master_key_is_refused;
mod memory_policy_does_not_fit;
mod misleading_character;
mod misplaced_cache_settings;
mod misplaced_key;
mod misspelled_key;
mod module_is_not_mounted;
mod name_check_without_verification;
mod namespace_does_not_cover;
mod no_password_and_no_tls;
mod no_redis_target;
mod no_socket_timeout;
mod not_a_litellm_config;
mod not_yaml;
mod nothing_is_cached;
mod password_in_config;
mod password_in_manifest;
mod password_is_reused;
mod plaintext_password;
mod pools_exceed_server;
mod quotes_in_value;
mod reader_endpoint;
mod redis_beside_differs;
mod redis_py_release_matters;
mod redis_variables_are_not_read;
mod reference_is_unset;
mod reference_stays_as_written;
mod role_not_fed;
mod router_redis_is_incomplete;
mod router_uses_the_cache_client;
mod rust_client_ignores_setting;
mod rust_client_keeps_state_in_memory;
mod sentinel_beside_host;
mod sentinel_settings_are_dropped;
mod sentinels_speak_resp3;
mod service_has_one_database;
mod service_is_a_cluster;
mod service_listens_elsewhere;
mod service_speaks_tls;
mod service_wants_a_login;
mod setting_without_effect;
mod shell_variable_is_not_expanded;
mod socket_timeout_is_short;
mod startup_cures;
mod startup_nodes_in_plain_cache;
mod startup_waits_for_redis;
mod targets;
mod tls_depends_on_variable;
mod tls_differs_between_clients;
mod tls_settings_beside_url;
mod transaction_buffer_lacks_redis;
mod ttl_is_text;
mod unknown_cache_type;
mod unknown_model_group;
mod unknown_redis_argument;
mod unknown_redis_variable;
mod url_password_is_misread;
mod url_replaces_target;
mod value_trips_later;
mod written_keys;

pub use case::Case;
pub use check::Check;
pub use context::{Context, Memo, Sections};
pub use example::Example;

use base::finding::Finding;
use base::rule::Rule;
use base::source::Span;

/// The rules of these modules, in this order, each with a test of the module's name.
macro_rules! rules {
    ($($module:ident,)*) => {
        /// All rules on configurations, by code, with their examples and cases.
        pub static CHECKS: &[&Check] = &[$(&$module::CHECK,)*];

        /// The same, as far as a check needs them: what only checks then carries no examples.
        static RULES: &[(&Rule, fn(&Context<'_>) -> Vec<Finding>)] =
            &[$((&$module::RULE, $module::CHECK.check),)*];

        #[cfg(test)]
        mod tests {
            $(
                #[test]
                fn $module() {
                    super::case::prove(&super::$module::CHECK, stringify!($module));
                }
            )*
        }
    };
}

rules![
    does_not_start,
    not_yaml,
    unknown_redis_argument,
    no_redis_target,
    reference_is_unset,
    unknown_cache_type,
    cache_is_not_a_boolean,
    client_fails,
    host_is_a_url,
    misleading_character,
    url_password_is_misread,
    transaction_buffer_lacks_redis,
    master_key_is_refused,
    ignored_router_key,
    misplaced_cache_settings,
    router_redis_is_incomplete,
    cache_is_off,
    cache_type_is_missing,
    setting_without_effect,
    shell_variable_is_not_expanded,
    unknown_redis_variable,
    redis_variables_are_not_read,
    coordination_redis_is_ignored,
    duplicate_key,
    not_a_litellm_config,
    dead_variable,
    misspelled_key,
    misplaced_key,
    key_of_other_releases,
    unknown_model_group,
    value_trips_later,
    rust_client_ignores_setting,
    cooldown_settings_disagree,
    config_is_in_a_bucket,
    tls_differs_between_clients,
    plaintext_password,
    certificate_is_not_verified,
    hostname_is_not_checked,
    tls_settings_beside_url,
    client_certificate_is_dropped,
    password_in_config,
    password_is_reused,
    tls_depends_on_variable,
    service_speaks_tls,
    name_check_without_verification,
    password_in_manifest,
    no_password_and_no_tls,
    environment_url_replaces_target,
    environment_url_without_effect,
    url_replaces_target,
    configured_value_beats_variable,
    databases_differ,
    router_uses_the_cache_client,
    sentinel_settings_are_dropped,
    startup_nodes_in_plain_cache,
    sentinel_beside_host,
    service_is_a_cluster,
    service_has_one_database,
    reader_endpoint,
    service_listens_elsewhere,
    kind_differs_by_name,
    database_is_refused,
    sentinels_speak_resp3,
    gcp_iam_without_effect,
    service_wants_a_login,
    gcp_service_account_form,
    manifest_value_is_refused,
    file_is_not_mounted,
    redis_beside_differs,
    localhost_in_container,
    host_is_not_beside,
    quotes_in_value,
    reference_stays_as_written,
    module_is_not_mounted,
    no_socket_timeout,
    socket_timeout_is_short,
    ttl_is_text,
    role_not_fed,
    nothing_is_cached,
    answers_are_gathered,
    namespace_does_not_cover,
    rust_client_keeps_state_in_memory,
    memory_policy_does_not_fit,
    startup_waits_for_redis,
    pools_exceed_server,
    deprecated_router_db,
    redis_py_release_matters,
    known_defect,
];

/// All rules on configurations, by code.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().map(|(rule, _)| *rule)
}

/// Everything that the rules find, in the order of the config.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    in_order(RULES.iter().flat_map(|(_, check)| check(context)).collect())
}

/// What the rules find that look at this one outcome. The others ask what other releases or values
/// would do: none of their findings is an error.
pub(crate) fn check_here(context: &Context<'_>) -> Vec<Finding> {
    let elsewhere = [tls_depends_on_variable::RULE.code, redis_py_release_matters::RULE.code];
    let checks = RULES.iter().filter(|(rule, _)| !elsewhere.contains(&rule.code));
    checks.flat_map(|(_, check)| check(context)).collect()
}

/// Findings in the order of the config.
pub fn in_order(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by_key(|finding| {
        let place = match finding.primary.span {
            None => [usize::MAX, 0, 0],
            Some(Span { source, start, end }) => {
                [usize::from(source.0), start as usize, end as usize]
            }
        };
        (place, finding.code)
    });
    found
}
