//! The line that makes the least user.

use base::source::SourceId;
use deployment::environment::Environment;
use facts::Pair;
use redproof_serving::Serving;
use simulate::simulate;

fn lines(config: &str, litellm: &str) -> Vec<String> {
    let environment = Environment::exactly::<&str, &str>([]);
    let pair = Pair::parse(litellm, "5.3.1").expect("supported");
    let outcome = simulate(&yaml::read(SourceId::CONFIG, config), &environment, pair);
    let serving = Serving::new(&outcome, &environment, pair).expect("it starts");
    serving.acls(&outcome).iter().map(|acl| acl.set_user("litellm")).collect()
}

const NAMESPACE: &str =
    "litellm_settings: {cache: true, cache_params: {type: redis, host: h, namespace: my.ns}}";

/// From 1.91.0 on, all keys start with the namespace; before, scripts went without.
#[test]
fn a_namespace_narrows_the_keys_where_all_heed_it() {
    let [line] = &lines(NAMESPACE, "1.109.1")[..] else { panic!("one server") };
    assert_eq!(
        line,
        "ACL SETUSER litellm on >PASSWORD resetchannels ~my.ns:* -@all +del +evalsha +expire +get \
         +incr +incrby +incrbyfloat +info +mget +ping +script|load +set +time +ttl +zadd +zcard \
         +zrem +zremrangebyscore"
    );
    let [line] = &lines(NAMESPACE, "1.90.0")[..] else { panic!("one server") };
    assert!(line.contains(" ~* "), "{line}");
}

#[test]
fn each_server_gets_its_own() {
    let config = "
litellm_settings: {cache: true, cache_params: {type: redis, host: a, db: 3, client_name: lit}}
router_settings: {redis_host: b, redis_port: 6379}
general_settings: {coordination_redis: {host: c}}
";
    let lines = lines(config, "1.109.1");
    let of = |host: usize| lines[host].split("-@all ").nth(1).unwrap_or_default();
    assert_eq!(lines.len(), 3);
    assert_eq!(of(0), "+client|setname +get +info +ping +select +set");
    assert_eq!(of(2), "+expire +incrbyfloat +info +mget +ping +set +ttl");
}

#[test]
fn a_pattern_in_a_namespace_is_taken_as_text() {
    let config = NAMESPACE.replace("my.ns", "'a*[b]?'");
    let [line] = &lines(&config, "1.109.1")[..] else { panic!("one server") };
    assert!(line.contains(r" ~a\*\[b\]\?:* "), "{line}");
}
