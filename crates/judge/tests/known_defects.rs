//! Each known defect has a configuration that meets it on a release that has it, and is silent on the
//! releases on either side, and for a configuration that does not ask for what is broken.

use std::collections::BTreeSet;

use deployment::environment::gather;
use deployment::release_choice::Releases;
use facts::defects::Defect;
use facts::{Pair, Version};
use redproof_judge::defects::met;
use report::CheckInput;

/// A configuration, with its variables.
#[derive(Clone, Copy)]
struct Config(&'static str, &'static [(&'static str, &'static str)]);

/// The configuration that meets it, and one that does not.
struct Case(&'static [&'static str], Config, Config);

const fn plain(text: &'static str) -> Config {
    Config(text, &[])
}

const CACHE: &str =
    "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379}\n";
const NO_REDIS: &str = "general_settings: {master_key: sk-1}\n";
const CLUSTER: &str = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, redis_startup_nodes: [{host: h, port: 7000}]}\n";
const BUFFER: &str = "general_settings: {use_redis_transaction_buffer: true}\nlitellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379}\n";
const BUFFER_OFF: &str = "general_settings: {use_redis_transaction_buffer: false}\nlitellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379}\n";
const SEMANTIC: &str = "litellm_settings:\n  cache: true\n  cache_params: {type: qdrant-semantic, qdrant_api_base: 'http://q', qdrant_collection_name: c, similarity_threshold: 0.8, qdrant_quantization_config: binary}\n";
const REDIS_SEMANTIC: &str = "model_list:\n- {model_name: embed, litellm_params: {model: azure/e}}\nlitellm_settings:\n  cache: true\n  cache_params: {type: redis-semantic, host: h, port: 6379, password: p, similarity_threshold: 0.8, redis_semantic_cache_embedding_model: embed}\n";
const REDIS_SEMANTIC_BY_PROVIDER: &str = "model_list:\n- {model_name: embed, litellm_params: {model: azure/e}}\nlitellm_settings:\n  cache: true\n  cache_params: {type: redis-semantic, host: h, port: 6379, password: p, similarity_threshold: 0.8, redis_semantic_cache_embedding_model: azure/e}\n";
const CHAT_ONLY: &str = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379, supported_call_types: [acompletion]}\n";
const RESPONSES: &str = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379, supported_call_types: [acompletion, aresponses]}\n";
const NAMESPACE: &str = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379, namespace: team, username: u, password: p}\n";
const ROUTER: &str = "router_settings: {redis_host: h, redis_port: 6379}\n";
const ENTRA_CLUSTER: &str = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, ssl: true, azure_redis_ad_token: 'true', redis_startup_nodes: [{host: h, port: 7000}]}\n";
const GOOGLE: &[(&str, &str)] = &[("REDIS_GCP_SERVICE_ACCOUNT", "projects/-/serviceAccounts/a@b")];
const NOTHING: Config = plain(NO_REDIS);
const V3_BEFORE: &[(&str, &str)] = &[("EXPERIMENTAL_MULTI_INSTANCE_RATE_LIMITING", "true")];

static CASES: &[Case] = &[
    Case(
        &["LD30600", "LD21225", "LD33872", "LD10379", "LD16207", "LD10393"],
        plain(BUFFER),
        plain(BUFFER_OFF),
    ),
    Case(
        &["LD19163"],
        plain("general_settings: {use_redis_transaction_buffer: true}\n"),
        plain(BUFFER),
    ),
    Case(&["LD31288", "LD38308"], plain(NAMESPACE), plain(CACHE)),
    Case(
        &["LD17472"],
        plain(
            "general_settings: {use_redis_transaction_buffer: true}\nlitellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379, namespace: team}\n",
        ),
        plain(BUFFER),
    ),
    Case(
        &["LD11157"],
        plain(
            "litellm_settings:\n  turn_off_message_logging: true\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379}\n",
        ),
        plain(CACHE),
    ),
    Case(
        &["LD26434"],
        plain(
            "general_settings: {background_health_checks: true, use_shared_health_check: true}\nlitellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379}\n",
        ),
        plain(CACHE),
    ),
    Case(
        &["LD38988"],
        plain(
            "general_settings: {store_model_in_db: true, coordination_redis: {host: h, port: 6379}}\n",
        ),
        plain("general_settings: {coordination_redis: {host: h, port: 6379}}\n"),
    ),
    Case(&["LD32232"], Config(CACHE, V3_BEFORE), NOTHING),
    Case(
        &["LD38403"],
        plain(
            "general_settings: {use_redis_transaction_buffer: true}\nlitellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379, namespace: litellm}\n",
        ),
        plain(
            "general_settings: {use_redis_transaction_buffer: true}\nlitellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379, namespace: team}\n",
        ),
    ),
    Case(&["LD14968"], Config(CLUSTER, V3_BEFORE), Config(CACHE, V3_BEFORE)),
    Case(
        &["LD30065"],
        Config(
            "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: x.westeurope.redis.azure.net, port: 10000, ssl: true}\n",
            V3_BEFORE,
        ),
        Config(
            "litellm_settings:\n  cache: true\n  force_redis_hash_tag_grouping: true\n  cache_params: {type: redis, host: x.westeurope.redis.azure.net, port: 10000, ssl: true}\n",
            V3_BEFORE,
        ),
    ),
    Case(&["LD31577", "LD37863", "LD31206", "LD8760", "LD36804"], plain(CLUSTER), plain(CACHE)),
    Case(
        &["LD9010"],
        plain(
            "router_settings:\n  redis_host: h\n  redis_port: 6379\n  cache_kwargs: {startup_nodes: [{host: h, port: 7000}]}\n",
        ),
        plain(ROUTER),
    ),
    Case(
        &["LD25553", "LD34299", "LD39319", "LD8639", "LD35104", "LD24682", "LD26829", "LD30002"],
        plain(CACHE),
        NOTHING,
    ),
    Case(&["LD28247", "LD30684", "LD33325"], plain(CACHE), NOTHING),
    Case(
        &["LD6938"],
        Config(CACHE, &[("LEGACY_MULTI_INSTANCE_RATE_LIMITING", "true")]),
        Config(CACHE, V3_BEFORE),
    ),
    Case(&["LD34871", "LD38992"], plain(ROUTER), plain(CLUSTER)),
    Case(&["LD34636"], Config(CACHE, &[("STORE_MODEL_IN_DB", "True")]), plain(CACHE)),
    Case(
        &["LD32068"],
        plain(CACHE),
        plain(
            "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379, supported_call_types: [aembedding]}\n",
        ),
    ),
    Case(
        &["LD17495"],
        plain(
            "litellm_settings:\n  cache: true\n  cache_params: {type: qdrant-semantic, qdrant_api_base: 'http://q', qdrant_collection_name: c, similarity_threshold: 0.8, supported_call_types: [acompletion, aembedding]}\n",
        ),
        plain(SEMANTIC),
    ),
    Case(
        &["LD8430"],
        plain(
            "router_settings: {routing_strategy: usage-based-routing, redis_host: h, redis_port: 6379}\n",
        ),
        plain("router_settings: {routing_strategy: usage-based-routing}\n"),
    ),
    Case(&["LD40620"], plain(CACHE), Config(CACHE, &[("REDIS_CIRCUIT_BREAKER_ENABLED", "False")])),
    Case(
        &["LD31501", "LD35533", "LD17323", "LD30020", "LD32441", "LD39309", "LD14237"],
        Config(CACHE, V3_BEFORE),
        Config(CACHE, &[("LEGACY_MULTI_INSTANCE_RATE_LIMITING", "true")]),
    ),
    Case(
        &["LD22241"],
        plain("general_settings: {user_api_key_cache_ttl: 30}\n"),
        plain("general_settings: {user_api_key_cache_ttl: null}\n"),
    ),
    Case(
        &["LD33565", "LD34217"],
        plain(
            "litellm_settings:\n  cache: true\n  enable_redis_auth_cache: true\n  cache_params: {type: redis, host: h, port: 6379}\n",
        ),
        plain(CACHE),
    ),
    Case(
        &["LD36489"],
        plain("general_settings: {alerting: [slack], spend_report_frequency: 1d}\n"),
        plain("general_settings: {alerting: [email]}\n"),
    ),
    Case(
        &["LD28427"],
        plain(
            "router_settings: {optional_pre_call_checks: [prompt_caching], redis_host: h, redis_port: 6379}\n",
        ),
        plain(ROUTER),
    ),
    Case(&["LD38646"], Config(CACHE, &[("STORE_MODEL_IN_DB", "True")]), plain(CACHE)),
    Case(&["LD29086", "LD19575"], plain(SEMANTIC), plain(CACHE)),
    Case(&["LD9265", "LD28272"], plain(REDIS_SEMANTIC), plain(SEMANTIC)),
    Case(&["LD14889"], plain(REDIS_SEMANTIC), plain(REDIS_SEMANTIC_BY_PROVIDER)),
    // LiteLLM understands it without the router.
    Case(
        &["LD14889"],
        plain(REDIS_SEMANTIC),
        plain(
            "model_list:\n- {model_name: ollama/e, litellm_params: {model: 'ollama/e:latest'}}\nlitellm_settings:\n  cache: true\n  cache_params: {type: redis-semantic, host: h, port: 6379, password: p, similarity_threshold: 0.8, redis_semantic_cache_embedding_model: ollama/e}\n",
        ),
    ),
    Case(&["LD13250", "LD10850", "LD29284", "LD25673", "LD24579"], plain(CACHE), plain(CHAT_ONLY)),
    Case(&["LD19048"], plain(RESPONSES), plain(CACHE)),
    Case(
        &["LD18728"],
        plain("general_settings: {token_rate_limit_type: total}\n"),
        plain("general_settings: {token_rate_limit_type: output}\n"),
    ),
    Case(
        &["LD17558", "LD18953"],
        plain("litellm_settings: {callbacks: [dynamic_rate_limiter_v3]}\n"),
        plain("litellm_settings: {callbacks: dynamic_rate_limiter}\n"),
    ),
    Case(
        &["LD18953"],
        plain("litellm_settings: {callbacks: [dynamic_rate_limiter_v3]}\n"),
        plain(
            "litellm_settings: {callbacks: [dynamic_rate_limiter_v3], priority_reservation: {prod: 0.9}}\n",
        ),
    ),
    Case(
        &["LD27736"],
        plain(
            "router_settings: {routing_strategy: usage-based-routing-v2, redis_host: h, redis_port: 6379}\n",
        ),
        plain("router_settings: {routing_strategy: usage-based-routing-v2}\n"),
    ),
    Case(
        &["LD40169"],
        plain("router_settings: {routing_strategy: usage-based-routing-v2}\n"),
        plain(
            "router_settings: {routing_strategy: usage-based-routing-v2, redis_host: h, redis_port: 6379}\n",
        ),
    ),
    Case(
        &["LD33032"],
        plain(
            "model_list:\n- {model_name: m, litellm_params: {model: openai/m, rpm: 5}}\nrouter_settings: {routing_strategy: usage-based-routing-v2}\n",
        ),
        plain(
            "model_list:\n- {model_name: m, litellm_params: {model: openai/m}}\nrouter_settings: {routing_strategy: usage-based-routing-v2}\n",
        ),
    ),
    Case(
        &["LD40291"],
        plain(
            "router_settings: {optional_pre_call_checks: [enforce_model_rate_limits], redis_host: h, redis_port: 6379}\n",
        ),
        plain(
            "router_settings: {optional_pre_call_checks: [router_budget_limiting], redis_host: h, redis_port: 6379}\n",
        ),
    ),
    Case(
        &["LD40009"],
        plain("router_settings: {routing_strategy: least-busy, redis_host: h, redis_port: 6379}\n"),
        plain(ROUTER),
    ),
    Case(
        &["LD35048", "LD39970"],
        plain(
            "router_settings: {routing_strategy: latency-based-routing, redis_host: h, redis_port: 6379}\n",
        ),
        plain(ROUTER),
    ),
    Case(
        &["LD32614", "LD34733"],
        plain(
            "router_settings:\n  redis_host: h\n  redis_port: 6379\n  provider_budget_config: {openai: {budget_limit: 1, time_period: 1d}}\n",
        ),
        plain(ROUTER),
    ),
    Case(
        &["LD32614"],
        plain(
            "model_list:\n- {model_name: m, litellm_params: {model: openai/m, max_budget: 5, budget_duration: 1d}}\nrouter_settings: {redis_host: h, redis_port: 6379}\n",
        ),
        plain(
            "model_list:\n- {model_name: m, litellm_params: {model: openai/m, max_budget: 5, budget_duration: 1d}}\n",
        ),
    ),
    Case(&["LD40956"], plain(CACHE), plain("litellm_settings: {drop_params: true}\n")),
    Case(
        &["LD32180", "LD37261"],
        plain(
            "router_settings:\n  provider_budget_config: {openai: {budget_limit: 1, time_period: 1d}}\n",
        ),
        plain(ROUTER),
    ),
    Case(
        &["LD32295"],
        plain(
            "litellm_settings:\n  cache: true\n  cache_params: {type: valkey-semantic, host: h, port: 6379, similarity_threshold: 0.8}\n",
        ),
        plain(SEMANTIC),
    ),
    Case(
        &["LD29273"],
        plain("general_settings: {store_model_in_db: true}\n"),
        plain("general_settings: {store_model_in_db: false}\n"),
    ),
    Case(
        &["LD12108", "LD12037"],
        plain(
            "model_list:\n- {model_name: m, litellm_params: {model: openai/m, cooldown_time: 0}}\n",
        ),
        plain("model_list:\n- {model_name: m, litellm_params: {model: openai/m}}\n"),
    ),
    Case(
        &["LD12108"],
        plain(
            "model_list:\n- {model_name: m, litellm_params: {model: openai/m, cooldown_time: 0.0}}\n",
        ),
        plain(
            "model_list:\n- {model_name: m, litellm_params: {model: openai/m, cooldown_time: 3}}\n",
        ),
    ),
    Case(
        &["LD8668"],
        plain(
            "model_list:\n- {model_name: m, litellm_params: {model: openai/m}}\nrouter_settings: {allowed_fails: 1}\n",
        ),
        plain(
            "model_list:\n- {model_name: m, litellm_params: {model: openai/m}}\n- {model_name: m, litellm_params: {model: azure/m}}\nrouter_settings: {allowed_fails: 1}\n",
        ),
    ),
    Case(
        &["LD40025"],
        plain(ROUTER),
        plain(
            "litellm_settings: {default_redis_batch_cache_expiry: 1}\nrouter_settings: {redis_host: h, redis_port: 6379}\n",
        ),
    ),
    Case(
        &["LD34238"],
        plain(
            "litellm_settings:\n  cache: true\n  max_end_user_budget: 1.0\n  cache_params: {type: redis, host: h, port: 6379}\n",
        ),
        plain(CACHE),
    ),
    Case(
        &["LD33923"],
        plain("general_settings: {fail_closed_budget_enforcement: true}\n"),
        NOTHING,
    ),
    Case(
        &["LD36497"],
        plain(CACHE),
        plain(
            "general_settings: {disable_reset_budget: true}\nlitellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379}\n",
        ),
    ),
    Case(
        &["LD30534"],
        Config(CACHE, &[("REDIS_HEALTH_CHECK_INTERVAL", "30")]),
        plain(
            "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379, health_check_interval: 30}\n",
        ),
    ),
    Case(
        &["LD37335"],
        plain(
            "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6380, ssl: true, username: id, azure_redis_ad_token: 'true'}\n",
        ),
        plain(
            "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6380, ssl: true, azure_redis_ad_token: 'true'}\n",
        ),
    ),
    Case(
        &["LD37740"],
        Config(
            "litellm_settings:\n  cache: true\n  cache_params: {type: redis, url: 'rediss://h:6380'}\n",
            GOOGLE,
        ),
        Config(CACHE, GOOGLE),
    ),
    Case(&["LD37726"], plain(ENTRA_CLUSTER), plain(CLUSTER)),
    Case(&["LD28379", "LD24426", "LD26441"], Config(CLUSTER, GOOGLE), Config(CACHE, GOOGLE)),
    Case(&["LD42653"], Config(NO_REDIS, &[("REDIS_HOST", "h")]), plain(CACHE)),
    Case(
        &["LD10276"],
        plain(
            "litellm_settings:\n  cache: true\n  cache_params: {type: redis, sentinel_nodes: [[s, 26379]], service_name: m, db: 2}\n",
        ),
        plain(
            "litellm_settings:\n  cache: true\n  cache_params: {type: redis, sentinel_nodes: [[s, 26379]], service_name: m}\n",
        ),
    ),
];

/// Whether a configuration meets a defect on a release.
fn meets(id: &str, Config(text, variables): Config, release: Version) -> bool {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let variables: Vec<(String, String)> = variables.iter().map(owned).collect();
    let report = redproof_judge::check(&CheckInput {
        name: "config.yaml",
        text,
        environment: &gather(&[], &variables, true),
        releases: Releases::parse(Some(&release.to_string()), Some("5.3.1")).expect("supported"),
        now: None,
    });
    met(&report).iter().any(|defect| defect.id == id)
}

/// The release before another, of those that are known.
fn before(release: Version) -> Option<Version> {
    Pair::litellm_releases().iter().copied().filter(|one| *one < release).max()
}

#[test]
fn each_defect_is_met_where_it_is_and_nowhere_else() {
    let mut wrong = vec![];
    let mut said = BTreeSet::new();
    for Case(ids, config, other) in CASES {
        for id in *ids {
            said.insert(*id);
            let defect = Defect::named(id).expect("a known defect");
            for affected in defect.affected {
                let last = affected.until.map_or_else(
                    || Pair::newest().litellm,
                    |until| before(until).expect("a release before its end"),
                );
                if !meets(id, *config, last) {
                    wrong.push(format!("{id}: not met on {last}"));
                }
                if meets(id, *other, last) {
                    wrong.push(format!("{id}: met on {last} by what does not ask for it"));
                }
                let outside = [before(affected.since), affected.until];
                for release in outside.into_iter().flatten() {
                    if meets(id, *config, release) {
                        wrong.push(format!("{id}: met on {release}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let missing: Vec<_> = Defect::all().filter(|one| !said.contains(one.id)).collect();
    assert!(
        missing.is_empty(),
        "no case for {:?}",
        missing.iter().map(|one| one.id).collect::<Vec<_>>()
    );
}
