//! Forms and texts are one document.

use redproof_core::Report;
use redproof_core::document::patch::apply;
use redproof_core::finding::{Edit, Severity};
use redproof_core::guide::{
    Answer, Field, Kind, Node, Place, Reading, Started, System, detect, read, start, write,
};
use redproof_core::releases::Pair;
use redproof_core::source::SourceId;
use support::Checking;

fn pair(litellm: &str, redis_py: &str) -> Pair {
    Pair::parse(litellm, redis_py).expect("known releases")
}

fn report(texts: &Started, pair: Pair) -> Report {
    Checking::new(&*texts.config).files([(".env", &*texts.env)]).on_pair(pair).report()
}

fn hand(config: &str, env: &str) -> Started {
    Started { config: config.to_owned(), env: env.to_owned() }
}

/// The texts with edits made.
fn edited(texts: &Started, edits: &[Edit]) -> Started {
    let of = |source: u16| -> Vec<Edit> {
        edits.iter().filter(|edit| edit.span.source == SourceId(source)).cloned().collect()
    };
    Started { config: apply(&texts.config, &of(0)), env: apply(&texts.env, &of(1)) }
}

fn written(system: System, id: &str, answer: &Answer, texts: &Started, pair: Pair) -> Started {
    let edits = write(system, id, answer, &report(texts, pair));
    edited(texts, &edits.unwrap_or_else(|error| panic!("{system:?} {id}: {error}")))
}

fn reading(system: System, id: &str, texts: &Started, pair: Pair) -> Reading {
    let readings = read(system, &report(texts, pair)).expect("YAML");
    let found = readings.into_iter().find(|reading| reading.field.id == id);
    found.unwrap_or_else(|| panic!("{system:?} has {id}"))
}

fn text(text: &str) -> Answer {
    Answer::Text(text.to_owned())
}

fn node(host: &str, port: &str) -> Node {
    Node { host: host.to_owned(), port: port.to_owned() }
}

/// Every LiteLLM release, on an old redis-py and on the newest in turn.
fn pairs() -> impl Iterator<Item = Pair> {
    let newest = Pair::newest().redis_py.to_string();
    Pair::litellm_releases().iter().enumerate().map(move |(at, litellm)| {
        let redis_py = ["5.2.1", &newest, "5.3.1", &newest][at % 4];
        pair(&litellm.to_string(), redis_py)
    })
}

fn errors(report: &Report) -> Vec<String> {
    let errors = report.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    errors.map(|found| format!("{} {}", found.code, found.message)).collect()
}

#[test]
fn what_starts_has_no_errors_on_any_release() {
    let mut wrong = Vec::new();
    for pair in pairs() {
        for system in System::all() {
            let Ok(texts) = start(system, pair) else {
                assert!(system.offer(pair).refused.is_some());
                continue;
            };
            let errors = errors(&report(&texts, pair));
            if !errors.is_empty() {
                wrong.push(format!("{system:?} on {pair:?}: {errors:?}\n{}", texts.config));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong, such as {}", wrong.len(), wrong[0]);
}

/// What a release is said not to do, it does not: the newest release's texts are found fault with.
#[test]
fn what_is_refused_would_not_work() {
    let newest = Pair::newest();
    for pair in pairs() {
        for system in System::all() {
            let texts = start(system, newest).expect("the newest release does all");
            let refused = system.offer(pair).refused;
            if refused.is_some() {
                let report = report(&texts, pair);
                assert!(!report.diagnostics.is_empty(), "{system:?} on {pair:?}: {refused:?}");
                continue;
            }
            let fields = system.fields().filter(|field| field.refused(pair).is_some());
            for reading in fields.map(|field| reading(system, field.id, &texts, pair)) {
                let there = !matches!(reading.answer, Answer::Nothing | Answer::Flag(false));
                let id = reading.field.id;
                assert!(!there || !reading.findings.is_empty(), "{system:?} {id} on {pair:?}");
            }
        }
    }
}

#[test]
fn the_texts_are_read_as_written() {
    for pair in [Pair::newest(), pair("1.60.0", "5.2.1"), pair("1.80.0", "8.1.0")] {
        for system in System::all() {
            let Ok(texts) = start(system, pair) else { continue };
            let report = report(&texts, pair);
            assert_eq!(detect(&report), Some(system));
            for reading in read(system, &report).expect("YAML") {
                let Reading { field, answer, .. } = reading;
                if field.place == Place::Router || field.refused(pair).is_some() {
                    continue;
                }
                let started = match field.kind.read(field.default) {
                    Answer::Nothing if matches!(field.kind, Kind::Flag(_)) => None,
                    answer => Some(answer),
                };
                if let Some(started) = started {
                    assert_eq!(answer, started, "{system:?} {}", field.id);
                }
                assert_eq!(reading.disagreement, None, "{system:?} {}", field.id);
            }
        }
    }
}

/// Values that YAML or python-dotenv would take for something else, were they not quoted.
fn awkward(field: &Field) -> Vec<Answer> {
    let texts: &[&str] = match field.kind {
        Kind::Host => &["10.0.0.1", "::1", "rédis", "yes", "1e3", "os.environ/SOME_HOST", "-h"],
        Kind::Port => &["1", "65535", "os.environ/SOME_PORT"],
        Kind::Text => &[
            "no",
            "1",
            "0x10",
            "~x",
            "null",
            "a: b",
            "a # b",
            "'",
            "\"",
            "- x",
            "[a]",
            "{a}",
            "é🔑",
            "C:\\x",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "1_000",
            "2001-01-01",
            "12:30:45",
            "=",
            "?",
        ],
        Kind::Path => &["/etc/ca #1.crt", "relative/ca.crt", "/with 'quotes'/ca.crt", "C:/ca.crt"],
        Kind::Seconds => &["1", "0.5", "3600", "5.0", "os.environ/SECONDS"],
        Kind::Fraction => &["0", "1", "0.85"],
        Kind::Count => &["1", "4000"],
        Kind::Choice(known) => return known.iter().map(|one| text(one)).collect(),
        Kind::Secret => &["A", "_MY_SECRET_2"],
        Kind::Flag(_) => return vec![Answer::Flag(false), Answer::Flag(true)],
        Kind::Several(known) => {
            return vec![
                Answer::Several(vec![known[0].to_owned()]),
                Answer::Several(known.iter().map(|one| (*one).to_owned()).collect()),
            ];
        }
        Kind::Nodes | Kind::Pairs => {
            return vec![
                Answer::Nodes(vec![node("yes", "1")]),
                Answer::Nodes(vec![
                    node("a", "1"),
                    node("::1", "2"),
                    node("c", "3"),
                    node("d", "4"),
                ]),
                Answer::Nodes(vec![node("a", "1"), node("c", "3"), node("d", "4")]),
                Answer::Nodes(vec![node("d", "4"), node("a", "9")]),
            ];
        }
    };
    let texts = texts.iter().map(|value| text(value));
    texts.chain((!field.required).then_some(Answer::Nothing)).collect()
}

#[test]
fn every_answer_is_read_back() {
    for pair in [Pair::newest(), pair("1.60.0", "5.2.1"), pair("1.95.1", "5.3.1")] {
        for system in System::all() {
            let Ok(fresh) = start(system, pair) else { continue };
            for field in system.fields().filter(|field| field.is_shown(pair)) {
                if field.refused(pair).is_some() {
                    continue;
                }
                let mut texts = fresh.clone();
                let seconds = field.kind == Kind::Path
                    && field.place == Place::Variable("GOOGLE_APPLICATION_CREDENTIALS");
                for answer in awkward(field) {
                    let what = format!("{system:?} {} {answer:?}", field.id);
                    let report = report(&texts, pair);
                    let edits = match write(system, field.id, &answer, &report) {
                        Ok(edits) => edits,
                        Err(error) => panic!("{what}: {error}"),
                    };
                    texts = edited(&texts, &edits);
                    let reading = reading(system, field.id, &texts, pair);
                    assert_eq!(reading.answer, answer, "{what}\n{}", texts.config);
                    assert_eq!(reading.disagreement, None, "{what}\n{}", texts.config);
                    let again = write(system, field.id, &answer, &self::report(&texts, pair));
                    assert_eq!(again, Ok(vec![]), "{what}: nothing to do twice");
                    assert!(seconds || texts.config.starts_with("# "), "{what}");
                }
            }
        }
    }
}

/// The lines of one text that the other has not.
fn changed<'t>(before: &'t str, after: &'t str) -> (Vec<&'t str>, Vec<&'t str>) {
    let missing = |from: &'t str, other: &str| -> Vec<&'t str> {
        let other: Vec<&str> = other.lines().collect();
        from.lines().filter(|line| !other.contains(line)).collect()
    };
    (missing(before, after), missing(after, before))
}

const HAND: &str = "\
# Ours.
router_settings: {routing_strategy: simple-shuffle}   # flow
litellm_settings:
    # the cache
    cache_params:
        ssl: yes          # TLS
        'password': \"os.environ/REDIS_PASSWORD\"  # secret
        port: '6379'      # quoted
        # the host
        host: &host redis.example.com  # anchored
        type: redis

        ttl: 600.0
    cache: on
    success_callback: [*host]
model_list: []
";

#[test]
fn only_the_place_changes_in_texts_by_hand() {
    let pair = Pair::newest();
    let texts = hand(HAND, "# mine\nexport REDIS_PASSWORD='a b'  # kept\nOTHER=1\n");
    let system = System::InClusterTls;
    assert_eq!(detect(&report(&texts, pair)), Some(system));
    let cases = [
        ("port", text("6380"), "        port: 6380      # quoted"),
        ("ttl", text("60"), "        ttl: 60"),
        ("tls", Answer::Flag(false), ""),
        (
            "namespace",
            text("litellm"),
            "        namespace: litellm  # the prefix of LiteLLM's keys",
        ),
        ("password", text("OTHER"), "        'password': os.environ/OTHER  # secret"),
    ];
    for (id, answer, line) in cases {
        let after = written(system, id, &answer, &texts, pair);
        let (gone, new) = changed(&texts.config, &after.config);
        assert!(gone.len() <= 1, "{id}: {gone:?}");
        assert_eq!(new, if line.is_empty() { vec![] } else { vec![line] }, "{id}");
    }
    assert_eq!(write(system, "port", &text("6379"), &report(&texts, pair)), Ok(vec![]));
}

#[test]
fn what_an_alias_would_change_elsewhere_is_left_alone() {
    let texts = hand(HAND, "");
    let error =
        write(System::InClusterTls, "host", &text("other"), &report(&texts, Pair::newest()));
    assert!(error.is_err(), "{error:?}");
}

#[test]
fn flow_mappings_stay_flow() {
    let texts = hand(
        "litellm_settings: {cache: true, cache_params: {type: redis, host: a, port: 1, ssl: true}} # one line\n",
        "",
    );
    let system = System::InClusterTls;
    let after = written(system, "port", &text("2"), &texts, Pair::newest());
    assert_eq!(after.config, texts.config.replace("port: 1", "port: 2"));
    let after = written(system, "ttl", &text("60"), &texts, Pair::newest());
    assert_eq!(after.config, texts.config.replace("ssl: true", "ssl: true, ttl: 60"));
}

#[test]
fn a_renamed_variable_keeps_its_value() {
    let pair = Pair::newest();
    let texts = hand(HAND, "# mine\nexport REDIS_PASSWORD='a b'  # kept\nOTHER=1\n");
    let system = System::InClusterTls;
    let after = written(system, "password", &text("NEW"), &texts, pair);
    assert_eq!(after.env, "# mine\nexport NEW='a b'  # kept\nOTHER=1\n");
    let after = written(system, "password", &text("OTHER"), &texts, pair);
    assert_eq!(after.env, texts.env, "it is there already");
    assert!(!reading(system, "password", &texts, pair).placeholder);
    let fresh = start(system, pair).expect("all releases do it");
    assert!(reading(system, "password", &fresh, pair).placeholder);
    let gone = written(system, "password", &Answer::Nothing, &texts, pair);
    assert_eq!(gone.env, "# mine\nOTHER=1\n");
    assert!(!gone.config.contains("password"), "{}", gone.config);
}

#[test]
fn a_secret_in_the_config_is_not_shown_and_moves_out() {
    let pair = Pair::newest();
    let system = System::InClusterTls;
    let texts = hand(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: a\n    password: open 'sesame'\n",
        "A=1",
    );
    let shown = reading(system, "password", &texts, pair);
    assert_eq!(shown.answer, Answer::Other("a secret in the text itself".to_owned()));
    let after = written(system, "password", &text("REDIS_PASSWORD"), &texts, pair);
    assert_eq!(after.env, "A=1\n# Password.\nREDIS_PASSWORD=\"open 'sesame'\"\n");
    assert!(
        after.config.ends_with("    password: os.environ/REDIS_PASSWORD\n"),
        "{}",
        after.config
    );
}

#[test]
fn the_router_gets_the_same_redis_and_loses_it() {
    for pair in [Pair::newest(), pair("1.60.0", "5.2.1")] {
        for system in [System::InClusterTls, System::MutualTls] {
            let fresh = start(system, Pair::newest()).expect("all releases do it");
            let with = written(system, "router", &Answer::Flag(true), &fresh, pair);
            let report = report(&with, pair);
            assert_eq!(errors(&report), Vec::<String>::new());
            let router = report.outcome.clients.iter().filter(|client| client.connection.is_some());
            assert_eq!(router.count(), 4, "two consumers, sync and async");
            for reading in read(system, &report).expect("YAML") {
                assert_eq!(reading.disagreement, None, "{}", reading.field.id);
            }
            let moved = written(system, "host", &text("other"), &with, pair);
            assert_eq!(moved.config.matches("host: other").count(), 2, "{}", moved.config);
            let plain = written(system, "tls", &Answer::Flag(false), &with, pair);
            assert!(!plain.config.contains("ssl"), "{}", plain.config);
            assert!(!plain.config.contains("cache_kwargs"), "{}", plain.config);
            let without = written(system, "router", &Answer::Flag(false), &with, pair);
            assert_eq!(without, fresh);
        }
    }
}

#[test]
fn a_router_that_says_otherwise_is_shown() {
    let pair = Pair::newest();
    let texts = hand(
        "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: a, port: 6379, ssl: true}\n\
         router_settings:\n  redis_host: b\n  redis_port: '6379'\n",
        "",
    );
    let said = |id| reading(System::InClusterTls, id, &texts, pair).disagreement;
    assert_eq!(said("host").as_deref(), Some("The router has `b` at router_settings.redis_host."));
    assert_eq!(said("port"), None);
    assert_eq!(
        said("tls").as_deref(),
        Some("The router does not have it: router_settings.cache_kwargs.ssl.")
    );
    let after = written(System::InClusterTls, "tls", &Answer::Flag(true), &texts, pair);
    assert!(after.config.contains("cache_kwargs"), "the router gets it: {}", after.config);
    assert_eq!(reading(System::InClusterTls, "tls", &after, pair).disagreement, None);
}

#[test]
fn servers_keep_what_is_said_of_them() {
    let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    redis_startup_nodes:\n      - {port: 1, host: a}  # first\n      - host: b  # second\n        port: '2'\n      - host: c\n        port: 3  # third\n";
    let texts = hand(config, "");
    let pair = Pair::newest();
    let system = System::Cluster;
    let all = [node("a", "1"), node("b", "2"), node("c", "3")];
    assert_eq!(reading(system, "nodes", &texts, pair).answer, Answer::Nodes(all.to_vec()));
    let case = |nodes: &[Node]| {
        written(system, "nodes", &Answer::Nodes(nodes.to_vec()), &texts, pair).config
    };
    assert_eq!(
        case(&[all[0].clone(), node("x", "2"), all[2].clone()]),
        config.replace("host: b", "host: x")
    );
    assert_eq!(
        case(&[all[0].clone(), all[2].clone()]),
        config.replace("      - host: b  # second\n        port: '2'\n", "")
    );
    assert_eq!(
        case(&[all.to_vec(), vec![node("d", "4")]].concat()),
        format!("{config}      - host: d\n        port: 4\n")
    );
}

#[test]
fn one_endpoint_takes_the_place_of_the_other() {
    let pair = Pair::newest();
    let system = System::ElastiCache;
    let fresh = start(system, pair).expect("the newest release does it");
    let nodes = Answer::Nodes(vec![node("clustercfg.my-cache.euc1.cache.amazonaws.com", "6379")]);
    let cluster = written(system, "nodes", &nodes, &fresh, pair);
    assert_eq!(reading(system, "host", &cluster, pair).answer, Answer::Nothing);
    assert_eq!(errors(&report(&cluster, pair)), Vec::<String>::new());
    assert_eq!(detect(&report(&cluster, pair)), Some(system));
    let back = written(system, "host", &text("h"), &cluster, pair);
    assert_eq!(reading(system, "nodes", &back, pair).answer, Answer::Nothing);
}

#[test]
fn a_config_inside_a_manifest_is_written_where_it_stands() {
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: litellm\ndata:\n  config.yaml: |\n    litellm_settings:\n      cache: true\n      cache_params:\n        type: redis\n        host: a  # here\n        port: 1\n";
    let texts = hand(manifest, "");
    let pair = Pair::newest();
    let after = written(System::InClusterTls, "host", &text("b"), &texts, pair);
    assert_eq!(after.config, manifest.replace("host: a", "host: b"));
    let after = written(System::InClusterTls, "ttl", &text("5"), &texts, pair);
    assert_eq!(reading(System::InClusterTls, "ttl", &after, pair).answer, text("5"));
}

#[test]
fn findings_stand_by_their_fields() {
    let pair = pair("1.80.0", "5.3.1");
    let texts = start(System::Sentinel, Pair::newest()).expect("the newest release does it");
    let report = report(&texts, pair);
    let readings = read(System::Sentinel, &report).expect("YAML");
    let tls = readings.iter().find(|reading| reading.field.id == "tls").expect("there");
    assert!(tls.refused.as_deref().is_some_and(|why| why.contains("1.85.0")), "{:?}", tls.refused);
    let codes: Vec<_> = tls.findings.iter().map(|at| report.diagnostics[*at].code).collect();
    assert!(codes.contains(&"RP501"), "{codes:?}");
    let error = write(System::Sentinel, "tls", &Answer::Flag(true), &report);
    assert!(error.is_err(), "{error:?}");
    assert!(write(System::Sentinel, "tls", &Answer::Flag(false), &report).is_ok());
}

#[test]
fn a_config_that_is_not_yaml_is_left_alone() {
    let texts = hand("a: [\n", "");
    let report = report(&texts, Pair::newest());
    assert!(read(System::Local, &report).is_none());
    assert_eq!(detect(&report), None);
    assert!(write(System::Local, "ttl", &text("5"), &report).is_err());
}

#[test]
fn the_seeds_are_what_they_mean_to_be() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/seeds");
    for (name, system) in [
        ("basic-tls", Some(System::InClusterTls)),
        ("mtls", Some(System::MutualTls)),
        ("cluster-tls", Some(System::Cluster)),
        ("sentinel-tls", Some(System::Sentinel)),
        ("gcp-iam", Some(System::Memorystore)),
        ("gcp-iam-cluster", Some(System::Memorystore)),
        ("local", Some(System::Local)),
        ("production", Some(System::InClusterTls)),
        ("from-environment", None),
    ] {
        let config = std::fs::read_to_string(folder.join(format!("{name}.yaml"))).expect("a seed");
        let report = report(&hand(&config, ""), Pair::newest());
        assert_eq!(detect(&report), system, "{name}");
        if let Some(system) = system {
            assert!(read(system, &report).is_some());
        }
    }
}
