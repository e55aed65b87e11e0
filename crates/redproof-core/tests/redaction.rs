//! What is shown and shared of a configuration holds none of its secrets.

use redproof_core::source::SourceId;
use support::Checking;

fn cached(params: &str) -> Checking {
    let config = format!("litellm_settings: {{cache: true, cache_params: {params}}}");
    Checking::new(config).incomplete()
}

#[test]
fn what_is_shared_holds_no_secret() {
    let config = "litellm_settings: # hunter2 is the password\n  cache: true\n  cache_params:\n    \
                  type: redis\n    host: h\n    password: hunter2\n";
    let secret = "apiVersion: v1\ndata:\n  redis-url: cmVkaXM6Ly86aHVudGVyMkBoOjE=\n  \
                  other: |\n    c2VjcmV0\n    b3RoZXI=\n# a comment\nkind: Secret\nmetadata:\n  \
                  name: redis\n---\nkind: ConfigMap\ndata:\n  REDIS_HOST: h\n";
    let env = "REDIS_URL=redis://:hunter2@h:1\nREDIS_HOST=h\n";
    let files = [(".env", env), ("secret.yaml", secret)];
    let report = Checking::new(config).files(files).incomplete().report();
    let shared = |source: u16, text: &str| report.redaction.shareable(SourceId(source), text);
    assert_eq!(shared(0, config), config.replace("hunter2", "•••"));
    assert_eq!(shared(1, env), "REDIS_URL=redis://:•••@h:1\nREDIS_HOST=h\n");
    let expected = secret
        .replace("cmVkaXM6Ly86aHVudGVyMkBoOjE=", "•••")
        .replace("c2VjcmV0", "•••")
        .replace("b3RoZXI=", "•••");
    assert_eq!(shared(2, secret), expected);
    let json = "{\"kind\": \"Secret\", \"data\": {\"a\": \"c2VjcmV0\"}}";
    assert_eq!(shared(3, json), json.replace("c2VjcmV0", "•••"));
}

#[test]
fn what_an_exception_quotes_is_found() {
    let cases = [
        ("{type: redis, url: 'redis://:hunter2/x@host:6379'}", "'hunter2'"),
        ("{type: redis, host: h, password: os.environ/MINE}", "hunter2"),
    ];
    // A password may look like the name of one.
    let likely = ["redispass", "my_token", "password1", "cache_url", "db_host"];
    let likely: Vec<_> = likely
        .iter()
        .map(|word| (format!("{{type: redis, url: 'redis://:{word}#x@host:6379'}}"), *word))
        .collect();
    for (params, word) in &likely {
        let report = cached(params).report();
        assert!(!report.diagnostics.is_empty(), "{params}");
        assert!(report.diagnostics.iter().all(|found| !found.message.contains(word)), "{params}");
    }
    for (params, quoted) in cases {
        let report = cached(params).variables([("MINE", "hunter2")]).report();
        let said = format!("cast to integer value as {quoted}");
        assert!(report.redaction.quotes_secret(&said), "{params}");
        assert!(!report.redaction.clean_text(&said).contains("hunter2"), "{params}");
        assert!(report.diagnostics.iter().all(|found| !found.message.contains("hunter2")));
    }
}

/// A secret that is a word of our own sentences is hidden where it is a value, and no sentence tells it.
#[test]
fn a_mask_in_a_sentence_tells_no_secret() {
    for word in ["word", "client", "secret", "answer"] {
        let report = cached(&format!("{{type: redis, host: h, password: {word}}}")).report();
        let said: Vec<&str> =
            report.diagnostics.iter().map(|found| found.message.as_str()).collect();
        assert!(said.iter().any(|said| said.contains("password is readable")), "{word}: {said:?}");
        let hidden = ["'@'", "\"@\"", "`@`", "password: @", "=@", "redis://:@@h"];
        for text in hidden {
            let cleaned = report.redaction.clean_text(&text.replacen('@', word, 1));
            assert_eq!(cleaned, text.replacen('@', "•••", 1));
        }
    }
}
