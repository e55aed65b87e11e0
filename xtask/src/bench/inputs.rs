//! Configurations of all sizes.

use std::fmt::Write as _;

/// A sound configuration of 24 lines; `number` makes it differ from its neighbours.
pub(crate) fn small(number: usize) -> String {
    format!(
        "---
model_list:
  - model_name: model-{number}
    litellm_params:
      model: openai/model-{number}
      api_key: os.environ/OPENAI_API_KEY
      rpm: {rpm}
litellm_settings:
  drop_params: true
  cache: true
  cache_params:
    type: redis
    host: redis-{number}.example.com
    port: 6380
    password: os.environ/REDIS_PASSWORD
    ssl: true
    ssl_ca_certs: /etc/redis/ca.pem
    ssl_check_hostname: true
    socket_timeout: 5
    ttl: 600
    namespace: team-{number}
router_settings:
  routing_strategy: simple-shuffle
  num_retries: 2
",
        rpm = 100 + number % 900
    )
}

/// A small one with two mistakes: a key that the router ignores, and TLS left unverified.
pub(crate) fn faulty(number: usize) -> String {
    small(number)
        .replace("num_retries: 2", "redis_ssl: true")
        .replace("ssl_check_hostname: true", "ssl_cert_reqs: none")
}

/// One of `lines` lines: a proxy of many models.
pub(crate) fn sized(lines: usize) -> String {
    let head = small(0);
    let (models, rest) = head.split_once("litellm_settings:").unwrap_or((&head, ""));
    let mut text = models.to_owned();
    let own = head.lines().count();
    let mut number = 1;
    let mut written = own;
    while written < lines {
        let _ = write!(
            text,
            "  - model_name: model-{number}
    litellm_params:
      model: azure/deployment-{number}
      api_base: https://region-{}.example.com/
      api_key: os.environ/AZURE_API_KEY_{}
      rpm: {}
    model_info:
      mode: chat
      # the region's second account
      tags: [\"eu\", tier-{}]
",
            number % 17,
            number % 17,
            100 + number % 900,
            number % 5,
        );
        number += 1;
        written += 10;
    }
    let _ = write!(text, "litellm_settings:{rest}");
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn inputs_have_their_lines() {
        assert_eq!(super::small(7).lines().count(), 24);
        assert_eq!(super::faulty(7).lines().count(), 24);
        assert!((1000..1010).contains(&super::sized(1000).lines().count()));
    }
}
