//! The settings of a Redis server, as the options of its command line say them: what its settings file
//! and its image's variables say comes before.

use crate::bring::{Brought, below, brought};
use crate::environment::{Environment, Lookup, NamedText, VariableValue};
use crate::model::{Sets, Workload, World};
use crate::paths;
use crate::words;
use crate::worked::work_out;

/// What a server is started with.
pub(crate) struct Started {
    /// Its options: `--port 6380`; a value with `$` is not known.
    pub(crate) command: Vec<String>,
    /// Nothing else has a say.
    pub(crate) whole: bool,
}

/// The settings of a server.
pub(crate) fn started(files: &[NamedText], world: &World, server: &Workload) -> Started {
    let image = server.image.as_ref().map_or("", |image| image.text.as_str());
    if let Some(prefix) = bitnami(image) {
        return by_variables(files, world, server, prefix);
    }
    let (conf, own) = split_file(&server.args);
    let plain = is_plain(image, &own) && server.whole;
    match conf.as_slice() {
        [] => Started { command: own, whole: plain },
        [path] => match mounted(files, world, server, path) {
            Some(text) => {
                let (mut command, whole) = directives(&text);
                command.extend(own);
                Started { command, whole: whole && plain }
            }
            None => Started { command: own, whole: false },
        },
        _ => Started { command: own, whole: false },
    }
}

/// The settings file that a command line names, apart from the rest: `nodes.conf` behind `--cluster-config-file` is
/// none.
fn split_file(words: &[String]) -> (Vec<&String>, Vec<String>) {
    let (mut files, mut rest) = (vec![], vec![]);
    let mut before = "";
    for word in words {
        if paths::extension(word) == "conf" && !before.starts_with("--") {
            files.push(word);
        } else {
            rest.push(word.clone());
        }
        before = word;
    }
    (files, rest)
}

/// The text of a file that a mount brings.
fn mounted(files: &[NamedText], world: &World, server: &Workload, path: &str) -> Option<String> {
    server.mounts.iter().rev().find_map(|mount| {
        let all = brought(world, server, mount, below(mount, path)?);
        all.into_iter().find_map(|one| match one {
            Brought::File(file) => Some(files.get(file)?.text.clone()),
            Brought::Text(file, range) => files.get(file)?.text.get(range).map(str::to_owned),
            Brought::Key { key, .. } => match &key.variable.value {
                VariableValue::Known(text) => Some(text.reveal().to_owned()),
                VariableValue::Unknown(_) => None,
            },
        })
    })
}

/// The lines of a `redis.conf` as options, and whether it names no other file.
fn directives(text: &str) -> (Vec<String>, bool) {
    let mut options = vec![];
    let mut whole = true;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        let mut words = words::split(line).into_iter().map(|word| word.text);
        let Some(name) = words.next() else { continue };
        let name = name.to_ascii_lowercase();
        whole &= !matches!(name.as_str(), "include" | "aclfile");
        options.push(format!("--{name}"));
        options.extend(words);
    }
    (options, whole)
}

/// What the names of the variables begin with that bitnami's image takes its settings from.
fn bitnami(image: &str) -> Option<&'static str> {
    let path = image.split('@').next().unwrap_or(image);
    let ends = |name: &str| {
        let (path, tag) = path.rsplit_once(':').unwrap_or((path, ""));
        !tag.contains('/') && path.ends_with(name)
    };
    let of = |product: &str| {
        ["bitnami", "bitnamilegacy"].iter().any(|owner| ends(&format!("{owner}/{product}")))
    };
    if of("redis") {
        Some("REDIS")
    } else if of("valkey") {
        Some("VALKEY")
    } else {
        None
    }
}

/// The settings that bitnami's image makes of its variables (`libredis.sh`).
fn by_variables(files: &[NamedText], world: &World, server: &Workload, prefix: &str) -> Started {
    let environment: Environment = work_out(files, world, server).environment;
    let open = server.sets.iter().any(|set| !matches!(set, Sets::Variable(..) | Sets::Key { .. }));
    // `$` stands for what is not known.
    let value = |name: &str| match environment.get(&format!("{prefix}_{name}")) {
        Some(variable) => match &variable.value {
            VariableValue::Known(value) => Some(value.reveal().to_owned()),
            VariableValue::Unknown(_) => Some("$".to_owned()),
        },
        None => None,
    };
    let mut command = vec![];
    let mut whole = server.whole && !open && value("REPLICATION_MODE").is_none();
    let mut option = |name: &str, value: String| {
        whole &= !value.contains('$') || name == "--requirepass";
        command.extend([name.to_owned(), value]);
    };
    let default = || "6379".to_owned();
    let port = value("PORT_NUMBER").unwrap_or_else(default);
    if value("TLS_ENABLED").is_some_and(|on| on == "yes") {
        let tls = value("TLS_PORT_NUMBER").unwrap_or_else(default);
        option("--port", if port == tls { "0".to_owned() } else { port });
        option("--tls-port", tls);
        option("--tls-auth-clients", value("TLS_AUTH_CLIENTS").unwrap_or_else(|| "yes".to_owned()));
    } else {
        option("--port", port);
    }
    let file = value("PASSWORD_FILE").map(|_| "$".to_owned());
    if let Some(password) = file.or_else(|| value("PASSWORD")).filter(|one| !one.is_empty()) {
        option("--requirepass", password);
    }
    if value("REPLICATION_MODE").is_some_and(|mode| mode == "slave" || mode == "replica") {
        option("--replicaof", "$".to_owned());
    }
    let more = value("EXTRA_FLAGS").unwrap_or_default();
    command.extend(words::split(&more).into_iter().map(|word| word.text));
    command.extend(server.args.iter().cloned());
    let asked = matches!(environment.lookup(&format!("{prefix}_ACLFILE")), Lookup::Set(_));
    Started { command, whole: whole && !asked }
}

/// Whether the command line says all of a server's settings: the image is Redis' own, and names no file.
fn is_plain(image: &str, command: &[String]) -> bool {
    let path = image.split('@').next().unwrap_or(image);
    let path = path.rsplit_once(':').map_or(path, |(path, tag)| match tag.contains('/') {
        true => image,
        false => path,
    });
    let official = [
        "redis",
        "library/redis",
        "docker.io/redis",
        "docker.io/library/redis",
        "public.ecr.aws/docker/library/redis",
        "valkey/valkey",
        "docker.io/valkey/valkey",
    ];
    let runs = command.first().is_none_or(|word| word.starts_with("--"))
        || command
            .iter()
            .any(|word| matches!(word.rsplit('/').next(), Some("redis-server" | "valkey-server")));
    // A password that is filled in is not a question here.
    let filled = command.iter().enumerate().any(|(at, word)| {
        let is_password = |option: &String| option == "--requirepass" || option == "--masterauth";
        word.contains('$') && !at.checked_sub(1).is_some_and(|before| is_password(&command[before]))
    });
    official.contains(&path) && runs && !filled && !command.iter().any(|word| word == "-")
}

#[cfg(test)]
mod tests {
    use super::{bitnami, directives, is_plain};

    #[test]
    fn a_servers_settings_are_known_where_nothing_else_says_more() {
        let words =
            |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
        for (image, command, plain) in [
            ("redis:7.4-alpine", "", true),
            ("redis@sha256:abc", "redis-server --requirepass x", true),
            ("valkey/valkey:8", "valkey-server --port 6380", true),
            ("redis:7", "--requirepass x", true),
            ("redis:7", "sh -c redis-server --requirepass $PASSWORD", true),
            ("redis:7", "redis-server $EXTRA", false),
            ("redis:7", "redis-server --port ${REDIS_PORT:-6379}", false),
            ("redis:7", "/start.sh", false),
            ("bitnami/redis:7", "", false),
            ("redis/redis-stack-server:7.4.0", "", false),
            ("localhost:5000/redis", "", false),
        ] {
            assert_eq!(is_plain(image, &words(command)), plain, "{image} {command}");
        }
        assert_eq!(bitnami("docker.io/bitnami/redis:7.2"), Some("REDIS"));
        assert_eq!(bitnami("bitnamilegacy/valkey"), Some("VALKEY"));
        assert_eq!(bitnami("bitnami/redis-sentinel"), None);
        assert_eq!(bitnami("localhost:5000/redis"), None);
    }

    #[test]
    fn lines_of_a_settings_file_are_options() {
        let (options, whole) =
            directives("# x\nport 0\nTLS-Port 6380\n\nrequirepass \"a b\"\nsave 60 1\n");
        let expected =
            ["--port", "0", "--tls-port", "6380", "--requirepass", "a b", "--save", "60", "1"];
        assert_eq!(options, expected);
        assert!(whole);
        assert!(!directives("include /etc/more.conf\n").1);
    }
}
