//! A cure that a help text names is a claim: it is applied, and the finding is gone.

use redproof_core::cure::Cure;
use redproof_core::releases::Pair;
use redproof_core::rules::advice::holds;
use redproof_core::rules::{CHECKS, Check, Example};

/// Configurations whose advice was wrong once, with the rule that speaks of them.
const CASES: &[(&str, Example)] = &[
    ("RP501", Example::new(SENTINEL).on("1.97.0", "8.1.0")),
    ("RP501", Example::new(SENTINEL).on("1.92.0", "6.1.0")),
    ("RP801", Example::new(HOST).on("1.63.8", "5.2.1")),
    ("RP302", Example::new(ROUTER).env("REDIS_URL=redis://localhost\nREDIS_PASSWORD=pw\n")),
    (
        "RP302",
        Example::new("litellm_settings:\n  cache: true\n")
            .env("REDIS_HOST=redis.example.com\nREDIS_PORT=6379\nREDIS_PASSWORD=pw\n"),
    ),
    (
        "RP302",
        Example::new(
            "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    url: redis://:correct-horse@redis.example.com:6379\n",
        ),
    ),
    (
        "RP307",
        Example::new(
            "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    sentinel_nodes: [[localhost, 26379]]\n    service_name: m\n    sentinel_password: correct-horse\n",
        ),
    ),
];

const SENTINEL: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    sentinel_nodes: [[localhost, 26379]]\n    service_name: mymaster\n    ssl: true\n    password: os.environ/P\n";
const HOST: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n";
const ROUTER: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    url: os.environ/REDIS_URL\nrouter_settings:\n  redis_host: redis\n  redis_port: 6379\n  redis_password: os.environ/REDIS_PASSWORD\n";

/// The check of the rule of this code.
fn check(code: &str) -> &'static Check {
    CHECKS.iter().find(|check| check.rule.code == code).expect("a rule")
}

/// Tries what is advised on a pair; says what does not cure, and how many cures were tried.
fn tried(check: &Check, example: &Example, pair: Pair, wrong: &mut Vec<String>) -> usize {
    example.read().on(pair, |context| {
        let mut tried = 0;
        for found in (check.check)(context) {
            for cure in &found.cures {
                tried += usize::from(!matches!(cure, Cure::Elsewhere { .. }));
                if !holds(context, check, &found, cure) {
                    wrong.push(format!("{} on {pair:?}: {cure}: {found:?}", check.rule.code));
                }
            }
        }
        tried
    })
}

#[test]
fn what_is_advised_cures() {
    let mut wrong = vec![];
    let mut cures = 0;
    let mut inputs = 0;
    let examples = CHECKS.iter().map(|check| (*check, &check.failing));
    let cases = CASES.iter().map(|(code, example)| (check(code), example));
    for (check, example) in examples.chain(cases) {
        let own = (example.litellm, example.redis_py);
        // Beside its own pair, every tenth release on the oldest and the newest redis-py.
        let redis_pys = Pair::redis_py_releases();
        let ends = [redis_pys.first(), redis_pys.last()].into_iter().flatten();
        let others = ends.flat_map(|redis_py| {
            let releases = Pair::litellm_releases().iter().step_by(10);
            releases.map(move |litellm| (litellm.to_string(), redis_py.to_string()))
        });
        for (litellm, redis_py) in [(own.0.to_owned(), own.1.to_owned())].into_iter().chain(others)
        {
            let Ok(pair) = Pair::parse(&litellm, &redis_py) else { continue };
            inputs += 1;
            cures += tried(check, example, pair, &mut wrong);
        }
    }
    println!("{cures} cures on {inputs} inputs");
    assert!(cures > 100, "hardly any cure was tried: {cures}");
    assert!(wrong.is_empty(), "{} do not cure:\n{}", wrong.len(), wrong.join("\n"));
}

/// The cures of the cases, in words.
#[test]
fn what_was_wrong_is_advised_rightly() {
    let said: Vec<String> = CASES
        .iter()
        .map(|(code, example)| {
            let pair = Pair::parse(example.litellm, example.redis_py).expect("known");
            let found = example.read().on(pair, |context| (check(code).check)(context));
            let help = found.first().and_then(|one| one.help.clone()).unwrap_or_default();
            format!("{code}: {help}")
        })
        .collect();
    let expected = [
        "RP501: Use LiteLLM 1.101.0 or newer. Or: use redis-py 5.3.1 or older.",
        "RP501: Use LiteLLM 1.101.0 or newer. Or: use redis-py 5.3.1 or older.",
        "RP801: Use LiteLLM 1.63.12 or newer.",
        "RP302: Set `router_settings.cache_kwargs.ssl: true`.",
        "RP302: Set REDIS_SSL=True where LiteLLM runs.",
        "RP302: Write `litellm_settings.cache_params.url` with `rediss://`.",
        "RP307: Put it into a Secret and write `os.environ/REDIS_SENTINEL_PASSWORD`.",
    ];
    assert_eq!(said, expected);
}
