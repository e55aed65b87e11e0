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
        "ACL SETUSER litellm on >PASSWORD resetchannels ~my.ns:* &my.ns:* -@all +del +evalsha +expire \
         +get +incr +incrby +incrbyfloat +info +mget +ping +publish +script|load +set +subscribe \
         +time +ttl +zadd +zcard +zrem +zremrangebyscore"
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
    // ACL takes no blank.
    let [line] = &lines(&NAMESPACE.replace("my.ns", "'two words'"), "1.109.1")[..] else {
        panic!("one")
    };
    assert!(line.contains(" ~two?words:* &two?words:* -@all"), "{line}");
}

/// Replicas with a database tell each other of changes, on the coordination Redis alone.
#[test]
fn channels_are_those_of_the_release() {
    let plain = "litellm_settings: {cache: true, cache_params: {type: redis, host: h}}";
    let channels = |config: &str, litellm: &str| -> Vec<Vec<String>> {
        let all = lines(config, litellm);
        let of = |line: &String| {
            line.split(' ').filter(|word| word.starts_with('&')).map(str::to_owned).collect()
        };
        all.iter().map(of).collect()
    };
    assert_eq!(channels(plain, "1.95.1"), [[""; 0]]);
    for litellm in ["1.96.0", "1.97.0", "1.109.1", "1.110.2"] {
        assert_eq!(channels(plain, litellm), [["&litellm_proxy.*"]], "{litellm}");
        assert_eq!(channels(NAMESPACE, litellm), [["&my.ns:*"]], "{litellm}");
    }
    let apart = "
litellm_settings: {cache: true, cache_params: {type: redis, host: a}}
general_settings: {coordination_redis: {host: c}}
";
    assert_eq!(channels(apart, "1.109.1"), [vec![], vec!["&litellm_proxy.*"]]);
    // Only what is asked by exact name is listed.
    let environment = Environment::exactly::<&str, &str>([]);
    let subscribed = |litellm: &str| {
        let pair = Pair::parse(litellm, "5.3.1").expect("supported");
        let outcome = simulate(&yaml::read(SourceId::CONFIG, NAMESPACE), &environment, pair);
        let serving = Serving::new(&outcome, &environment, pair).expect("it starts");
        serving.acls(&outcome).into_iter().flat_map(|acl| acl.subscribed).collect::<Vec<_>>()
    };
    assert_eq!(subscribed("1.96.0"), ["my.ns:litellm_proxy.config_change"]);
    assert_eq!(
        subscribed("1.97.0"),
        ["my.ns:litellm_proxy.auth_cache_invalidation", "my.ns:litellm_proxy.config_change"]
    );
}

/// The user is the configuration's, and each has what its own clients need.
#[test]
fn users_are_those_of_the_configuration() {
    let config = "
litellm_settings: {cache: true, cache_params: {type: redis, host: a, username: cache}}
general_settings: {coordination_redis: {host: a, username: limits}}
";
    let lines = lines(config, "1.109.1");
    assert!(lines[0].starts_with("ACL SETUSER cache on "), "{lines:?}");
    assert!(lines[1].starts_with("ACL SETUSER limits on "), "{lines:?}");
    assert!(!lines[0].contains("publish") && lines[1].contains("+publish"), "{lines:?}");
}
