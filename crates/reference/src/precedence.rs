//! Which of a key and its variable wins, release by release: asked of the simulation.

use std::fmt::Write as _;

use crate::outcome_table;
use base::source::SourceId;
use deployment::environment::Environment;
use facts::catalogue::words::code;
use facts::catalogue::{Field, Kind, Reach, Section, fields};
use facts::stretch::{self, Stretch};
use facts::{Pair, Version};
use simulate::outcome::Startup;
use simulate::{held, simulate};
use yaml::{Document, ReadError};

/// What becomes of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Nothing,
    KeyWins,
    VariableWins,
    VariableAlone,
    Neither,
    Read,
    Fails,
}

impl Answer {
    fn words(self) -> &'static str {
        match self {
            Self::Nothing => "no effect",
            Self::KeyWins => "read, the key wins",
            Self::VariableWins => "read, and wins over the key",
            Self::VariableAlone => "read; the key has no effect",
            Self::Neither => "read; it and the key both have an effect",
            Self::Read => "read",
            Self::Fails => "read, and LiteLLM or its client fails",
        }
    }
}

/// A key's trial: what is next to it, and two values.
struct Trial {
    field: &'static Field,
    variable: String,
    /// Lines of `cache_params`.
    beside: &'static str,
    in_variable: &'static str,
    in_config: &'static str,
}

const HOST: &str = "    host: config.example\n    port: 6379\n";
const TLS: &str = "    host: config.example\n    port: 6379\n    ssl: true\n";
const SENTINEL: &str =
    "    sentinel_nodes: [[config.example, 26379]]\n    service_name: mymaster\n";
const AWS: &str = "    host: config.example\n    port: 6379\n    ssl: true\n    aws_iam_auth: true\n    \
                   aws_iam_user_name: u\n    aws_iam_cache_name: c\n    aws_iam_region: r\n";
const AZURE: &str = "    host: config.example\n    port: 6379\n    ssl: true\n    \
                     azure_redis_ad_token: true\n    azure_client_id: i\n    azure_tenant_id: t\n    \
                     azure_client_secret: s\n";

impl Trial {
    fn of(field: &'static Field) -> Option<Self> {
        let variable = field.variable()?;
        let (in_variable, in_config) = match (field.name, field.kind) {
            ("ssl_cert_reqs", _) => ("none", "optional"),
            ("protocol", _) => ("2", "3"),
            ("ssl_min_version", _) => ("771", "772"),
            ("encoding", _) => ("ascii", "latin-1"),
            (_, Kind::Nodes) => (
                r#"[{"host": "variable.example", "port": 1}]"#,
                r#"[{"host": "other", "port": 2}]"#,
            ),
            (_, Kind::Pairs) => (r#"[["variable.example", 1]]"#, r#"[["other.example", 2]]"#),
            (_, Kind::Bool) if field.default == "true" => ("false", "true"),
            (_, Kind::Bool) => ("true", "false"),
            (_, Kind::Int | Kind::Float) => ("7", "8"),
            (_, Kind::Str | Kind::Path) => ("variable.example", "other.example"),
            (_, Kind::Url) => ("redis://variable.example:1", "redis://other.example:2"),
            _ => return None,
        };
        let beside = match field.name {
            "host" => "    port: 6379\n",
            "port" => "    host: config.example\n",
            "url" | "startup_nodes" | "redis_startup_nodes" => "",
            "sentinel_nodes" | "service_name" | "sentinel_password" => SENTINEL,
            name if name.starts_with("aws_") => AWS,
            name if name.starts_with("azure_") => AZURE,
            _ if field.reach == Reach::Tls || field.name.starts_with("ssl_") => TLS,
            _ => HOST,
        };
        Some(Self { field, variable, beside, in_variable, in_config })
    }

    /// The config without the key.
    fn without(&self) -> String {
        let own = format!("    {}: ", self.field.name);
        let others = self.beside.split_inclusive('\n').filter(|line| !line.starts_with(&own));
        let start = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n";
        format!("{start}{}", others.collect::<String>())
    }

    /// The config with this value of the key.
    fn with(&self, value: &str) -> String {
        let quote = if self.field.kind == Kind::Str { "\"" } else { "" };
        format!("{}    {}: {quote}{value}{quote}\n", self.without(), self.field.name)
    }

    /// Asks for an answer on any pair.
    fn asked(&self) -> impl Fn(Pair) -> Answer {
        let without = yaml::read(SourceId::CONFIG, &self.without());
        let with_key = yaml::read(SourceId::CONFIG, &self.with(self.in_config));
        let with_same = yaml::read(SourceId::CONFIG, &self.with(self.in_variable));
        let empty = Environment::exactly([] as [(&str, &str); 0]);
        let set = Environment::exactly([(self.variable.as_str(), self.in_variable)]);
        move |pair| {
            let neither = held(&without, &empty, pair);
            let variable = held(&without, &set, pair);
            if variable == neither {
                return Answer::Nothing;
            }
            let key = held(&with_key, &empty, pair);
            let both = held(&with_key, &set, pair);
            match (variable.is_ok(), both == key, both == variable) {
                (_, true, false) => Answer::KeyWins,
                (false, _, _) => Answer::Fails,
                (true, true, true) => Answer::Read,
                (true, false, true) if held(&with_same, &empty, pair) == neither => {
                    Answer::VariableAlone
                }
                (true, false, true) => Answer::VariableWins,
                (true, false, false) => Answer::Neither,
            }
        }
    }
}

/// The page of the variables that repeat a key.
pub(super) fn page() -> String {
    let newest = Pair::newest().redis_py;
    let mut text = format!(
        "# Variables and precedence\n\n\
         LiteLLM reads a variable for each connection setting. Whether it is read, and whether it or the \
         key of the config counts, depends on the release of LiteLLM and of redis-py. The tables are \
         answers of the simulation: for each release line, the response cache's clients were built with the \
         key alone, with the variable alone, and with both. [The other \
         variables](settings/environment.md) have no key in the config.\n\n\
         `os.environ/NAME` as the value of a key is the key's value, not the variable of this table. Where \
         the config has no `cache_params` at all, LiteLLM reads REDIS_HOST, REDIS_PORT and REDIS_PASSWORD by \
         name, on every redis-py.\n\n\
         ## Key against variable\n\n\
         | variable and key | on redis-py of LiteLLM's images | on redis-py {newest} |\n\
         | --- | --- | --- |\n"
    );
    let connection = fields().filter(|field| field.sections.contains(&Section::CacheParams));
    for trial in connection.filter_map(Trial::of) {
        let asked = trial.asked();
        let ask = |litellm, redis_py| pair(litellm, redis_py).map_or(Answer::Nothing, &asked);
        let image = stretch::of_lines(|litellm| ask(litellm, Pair::image_redis_py(litellm).0));
        let latest = stretch::of_lines(|litellm| ask(litellm, newest));
        writeln!(
            text,
            "| {}<br>{} | {} | {} |",
            code(&trial.variable),
            code(trial.field.name),
            cell(&image),
            cell(&latest)
        )
        .unwrap_or_default();
    }
    text.push_str(&urls());
    text
}

fn cell(stretches: &[Stretch<Answer>]) -> String {
    let part = |stretch: &Stretch<Answer>| {
        let answer = stretch.answer.words();
        match stretch.words(Pair::litellm_releases()) {
            None => answer.to_owned(),
            Some(releases) => format!("{releases}: {answer}"),
        }
    };
    stretches.iter().map(part).collect::<Vec<_>>().join("<br>")
}

fn pair(litellm: Version, redis_py: Version) -> Option<Pair> {
    Pair::parse(&litellm.to_string(), &redis_py.to_string()).ok()
}

/// Configurations that `REDIS_URL` is next to, each with a title.
const BESIDE_URL: [(&str, &str); 6] = [
    (
        "No target in the config",
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n",
    ),
    (
        "A host in the config",
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: config.example\n    \
         port: 6379\n    password: from-config\n    ssl: true\n",
    ),
    (
        "A `url` in the config",
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    url: \
         rediss://:from-config@config.example:6380\n",
    ),
    (
        "Nodes of a cluster in the config",
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    redis_startup_nodes:\n      \
         - {host: config.example, port: 7000}\n    password: from-config\n",
    ),
    (
        "Sentinels in the config",
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    sentinel_nodes: \
         [[config.example, 26379]]\n    service_name: mymaster\n    password: from-config\n",
    ),
    (
        "A host for the router",
        "router_settings:\n  redis_host: config.example\n  redis_port: 6379\n  redis_password: \
         from-config\n",
    ),
];

/// What `REDIS_URL` does beside other targets.
fn urls() -> String {
    let mut text = String::from(
        "\n## `REDIS_URL` beside other targets\n\n\
         In each, the environment is `REDIS_URL=redis://variable.example:6379`, without a password, and \
         redis-py is that of LiteLLM's image.\n",
    );
    let environment = Environment::exactly([("REDIS_URL", "redis://variable.example:6379")]);
    for (title, config) in BESIDE_URL {
        let document = yaml::read(SourceId::CONFIG, config);
        let stretches = stretch::of_lines(|litellm| {
            let pair = pair(litellm, Pair::image_redis_py(litellm).0);
            pair.map_or_else(String::new, |pair| connections(&document, &environment, pair))
        });
        write!(
            text,
            "\n### {title}\n\n```yaml\n{config}```\n\n| LiteLLM | what it does |\n| --- | --- |\n"
        )
        .unwrap_or_default();
        for stretch in &stretches {
            let releases = stretch.words(Pair::litellm_releases());
            let releases = releases.unwrap_or_else(|| "every release".to_owned());
            writeln!(text, "| {releases} | {} |", stretch.answer).unwrap_or_default();
        }
    }
    text
}

/// Each client with where it connects to, in a line.
fn connections(
    document: &Result<Document, ReadError>,
    environment: &Environment,
    pair: Pair,
) -> String {
    let outcome = simulate(document, environment, pair);
    if let Startup::Exception(exception) = &outcome.startup {
        return format!("stops: `{exception}`");
    }
    let client = |(name, [target, tls, login]): (String, [String; 3])| {
        let parts = [target, tls, login];
        let parts: Vec<&str> =
            parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        format!("{name}: {}", parts.join(", "))
    };
    let clients: Vec<String> = outcome_table::rows(&outcome).into_iter().map(client).collect();
    match clients.is_empty() {
        true => "no connection to Redis".to_owned(),
        false => clients.join("<br>"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Trial, fields};
    use facts::Pair;

    #[test]
    fn answers_are_what_litellm_does() {
        use Answer::{Fails, KeyWins, Nothing, VariableAlone};
        for (variable, key, litellm, redis_py, answer) in [
            ("REDIS_HOST", "host", "1.80.0", "5.3.1", KeyWins),
            ("REDIS_HOST", "host", "1.80.0", "8.1.0", Nothing),
            ("REDIS_SSL", "ssl", "1.80.0", "5.3.1", KeyWins),
            ("REDIS_SSL", "ssl", "1.80.0", "8.1.0", Nothing),
            ("REDIS_SSL", "ssl", "1.109.1", "8.1.0", KeyWins),
            // LiteLLM's cache gives a timeout of its own.
            ("REDIS_SOCKET_TIMEOUT", "socket_timeout", "1.109.1", "8.1.0", Nothing),
            ("REDIS_SSL_CA_PATH", "ssl_ca_path", "1.80.0", "5.3.1", Fails),
            ("REDIS_GCP_SERVICE_ACCOUNT", "gcp_service_account", "1.109.1", "8.1.0", VariableAlone),
        ] {
            let field = fields().find(|field| field.name == key).expect("a field");
            let trial = Trial::of(field).expect("a field with a variable");
            assert_eq!(trial.variable, variable);
            let pair = Pair::parse(litellm, redis_py).expect("supported");
            assert_eq!(trial.asked()(pair), answer, "{variable} on {pair:?}");
        }
    }
}
