//! What a form asks for.

use facts::Pair;

/// One question of a form.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name, unique within a system.
    pub id: &'static str,
    /// What is next to the input. Two or three words.
    pub label: &'static str,
    /// One sentence that says what to give.
    pub help: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether the configuration needs an answer.
    pub required: bool,
    /// What a new configuration starts with, as [`Kind::read`] reads it; empty for nothing.
    pub default: &'static str,
    /// The comment behind its line.
    pub comment: &'static str,
    /// Where it is written.
    pub place: Place,
    /// Other paths that say the same: read, and written where they are, when the place is empty.
    pub otherwise: &'static [&'static str],
    /// Where the router's settings say it, for a router with a Redis of its own.
    pub router: Option<&'static str>,
    /// What is in the environment file until the secret does.
    pub placeholder: &'static str,
    /// Fields that an answer to this one makes void: they are taken out.
    pub replaces: &'static [&'static str],
    /// Fields that make no sense without this one: they are taken out with it.
    pub carries: &'static [&'static str],
    pub(super) needs: fn(Pair) -> Needs,
}

/// Where a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At this path of the config.
    Config(&'static str),
    /// In this variable of the environment.
    Variable(&'static str),
    /// The router's own settings as a whole: there or not.
    Router,
}

/// Whether a release does what a field asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// It does.
    Met,
    /// It does not; one sentence says why, and from which release on.
    Not(String),
    /// It says this by another field.
    Hidden,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A host name or address.
    Host,
    /// A port.
    Port,
    /// One line of text.
    Text,
    /// A file that LiteLLM can read where it runs.
    Path,
    /// Seconds.
    Seconds,
    /// A number from 0 to 1.
    Fraction,
    /// A whole number, at least 1.
    Count,
    /// One of these.
    Choice(&'static [&'static str]),
    /// Some of these.
    Several(&'static [&'static str]),
    /// Yes or no.
    Flag(Off),
    /// Servers, each a mapping of `host` and `port`.
    Nodes,
    /// Servers, each a `[host, port]` pair.
    Pairs,
    /// The name of the variable that holds a secret.
    Secret,
}

/// How "no" is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// By leaving the key out.
    Absent,
    /// As `false`.
    False,
}

/// What a form holds for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Nothing,
    /// One line: a host, a number as it is written, a path, a choice, the name of a secret's
    /// variable.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Servers.
    Nodes(Vec<Node>),
    /// Some of the choices.
    Several(Vec<String>),
    /// What the text has is nothing that the form could hold; these words say what it is. It can
    /// be replaced, not written.
    Other(String),
}

/// A server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The host name or address.
    pub host: String,
    /// The port, as it is written.
    pub port: String,
}

impl Kind {
    /// Reads an answer from one line: servers as `host:port` with blanks between, choices with
    /// commas.
    pub fn read(self, text: &str) -> Answer {
        match self {
            _ if text.is_empty() => Answer::Nothing,
            Self::Flag(_) => Answer::Flag(text == "true"),
            Self::Nodes | Self::Pairs => {
                Answer::Nodes(text.split_whitespace().map(Node::read).collect())
            }
            Self::Several(_) => {
                Answer::Several(text.split(',').map(|item| item.trim().to_owned()).collect())
            }
            _ => Answer::Text(text.to_owned()),
        }
    }
}

impl Node {
    fn read(text: &str) -> Self {
        let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
        Self { host: host.to_owned(), port: port.to_owned() }
    }
}

impl Answer {
    /// An answer without blanks around it; empty text is not an answer.
    #[must_use]
    pub(super) fn trimmed(&self) -> Self {
        let trim = |text: &String| text.trim().to_owned();
        match self {
            Self::Text(text) if text.trim().is_empty() => Self::Nothing,
            Self::Text(text) => Self::Text(trim(text)),
            Self::Nodes(nodes) => {
                let node = |node: &Node| Node { host: trim(&node.host), port: trim(&node.port) };
                let nodes: Vec<Node> = nodes.iter().map(node).collect();
                if nodes.is_empty() { Self::Nothing } else { Self::Nodes(nodes) }
            }
            Self::Several(chosen) if chosen.is_empty() => Self::Nothing,
            other => other.clone(),
        }
    }
}

impl Field {
    /// Why this pair of releases can't do what the field asks for; `None` when it can.
    pub fn refused(&self, pair: Pair) -> Option<String> {
        match (self.needs)(pair) {
            Needs::Not(why) => Some(why),
            Needs::Met | Needs::Hidden => None,
        }
    }

    /// Whether a form for this pair of releases shows the field.
    pub fn is_shown(&self, pair: Pair) -> bool {
        (self.needs)(pair) != Needs::Hidden
    }

    /// Whether this pair of releases does what the field asks for.
    pub(super) fn is_met(&self, pair: Pair) -> bool {
        (self.needs)(pair) == Needs::Met
    }

    /// The field's paths in the config, the first the one to write.
    pub(super) fn paths(&self) -> impl Iterator<Item = &'static str> + use<> {
        let main = match self.place {
            Place::Config(path) => Some(path),
            Place::Variable(_) | Place::Router => None,
        };
        main.into_iter().chain(self.otherwise.iter().copied())
    }

    /// What is wrong with an answer, and what to give instead.
    ///
    /// # Errors
    /// One sentence.
    pub fn accepts(&self, answer: &Answer) -> Result<(), String> {
        let wrong = || Err(format!("{} can't hold this.", self.label));
        match (self.kind, &answer.trimmed()) {
            (_, Answer::Nothing) if self.required => Err("An answer is needed here.".to_owned()),
            (_, Answer::Nothing) | (Kind::Flag(_), Answer::Flag(_)) => Ok(()),
            (Kind::Nodes, Answer::Nodes(nodes)) => {
                nodes.iter().try_for_each(|node| host(&node.host).and_then(|()| port(&node.port)))
            }
            (Kind::Pairs, Answer::Nodes(nodes)) => nodes.iter().try_for_each(|node| {
                if is_reference(&node.host) || is_reference(&node.port) {
                    return Err(
                        "LiteLLM does not look up `os.environ/` inside this list: write the \
                        host and the port."
                            .to_owned(),
                    );
                }
                host(&node.host).and_then(|()| port(&node.port))
            }),
            (Kind::Several(known), Answer::Several(chosen)) => {
                match chosen.iter().find(|one| !known.contains(&one.as_str())) {
                    Some(one) => Err(format!("`{one}` is not one of: {}.", known.join(", "))),
                    None => Ok(()),
                }
            }
            (kind, Answer::Text(text)) => accepts_text(kind, text).unwrap_or_else(wrong),
            _ => wrong(),
        }
    }
}

/// Whether this is `os.environ/NAME`.
pub(super) fn is_reference(text: &str) -> bool {
    text.strip_prefix("os.environ/").is_some_and(is_variable)
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `None` where a text is not an answer at all.
fn accepts_text(kind: Kind, text: &str) -> Option<Result<(), String>> {
    if kind == Kind::Secret {
        let hint = "Give the name of a variable, such as REDIS_PASSWORD: the secret itself does not \
            belong into the config.";
        return Some(if is_variable(text) { Ok(()) } else { Err(hint.to_owned()) });
    }
    if text.chars().any(char::is_control) {
        return Some(Err("Write it on one line.".to_owned()));
    }
    if is_reference(text) && !matches!(kind, Kind::Choice(_)) {
        return Some(Ok(()));
    }
    if text.starts_with("os.environ/") {
        return Some(Err("The name of a variable follows `os.environ/`.".to_owned()));
    }
    if text.contains("${") {
        let hint = "LiteLLM does not fill in `${…}`: write `os.environ/` and the variable's name.";
        return Some(Err(hint.to_owned()));
    }
    match kind {
        Kind::Host => Some(host(text)),
        Kind::Port => Some(port(text)),
        Kind::Path if text.starts_with('~') => {
            Some(Err("LiteLLM does not fill in `~`: write the whole path.".to_owned()))
        }
        Kind::Text | Kind::Path => Some(Ok(())),
        Kind::Seconds => Some(match decimal(text) {
            Some(seconds) if seconds > 0.0 => Ok(()),
            _ => Err("Give seconds as a number above 0, such as 5 or 0.5.".to_owned()),
        }),
        Kind::Fraction => Some(match decimal(text) {
            Some(fraction) if fraction <= 1.0 => Ok(()),
            _ => Err("Give a number from 0 to 1, such as 0.8.".to_owned()),
        }),
        Kind::Count => Some(match text.parse::<u32>() {
            Ok(1..) => Ok(()),
            _ => Err("Give a whole number, at least 1.".to_owned()),
        }),
        Kind::Choice(known) if known.contains(&text) => Some(Ok(())),
        Kind::Choice(known) => Some(Err(format!("Choose one of: {}.", known.join(", ")))),
        Kind::Flag(_) | Kind::Nodes | Kind::Pairs | Kind::Several(_) | Kind::Secret => None,
    }
}

/// Digits with at most one point: what YAML and Rust both read as a number.
pub(super) fn decimal(text: &str) -> Option<f64> {
    let digits = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let ends = |end: fn(char) -> bool| text.starts_with(end) && text.ends_with(end);
    let zeros = text.len() > 1 && text.starts_with('0') && !text.starts_with("0.");
    if digits && !zeros && ends(|c| c.is_ascii_digit()) && text.len() <= 15 {
        text.parse().ok()
    } else {
        None
    }
}

fn host(text: &str) -> Result<(), String> {
    if is_reference(text) {
        return Ok(());
    }
    let problem = if text.is_empty() {
        "A host is needed here."
    } else if text.contains("://") {
        "Give the host name alone, without `redis://`."
    } else if text.contains(['[', ']']) {
        "Write an IPv6 address without brackets."
    } else if text.matches(':').count() == 1 {
        "Give the host name alone: the port has its own field."
    } else if text.contains('@') {
        "Give the host name alone: user and password have their own fields."
    } else if text.contains(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '/' | ',' | '"' | '\'' | '{' | '}')
    }) {
        "A host name has no blanks, commas, quotes, braces or slashes."
    } else {
        return Ok(());
    };
    Err(problem.to_owned())
}

fn port(text: &str) -> Result<(), String> {
    let plain = !text.starts_with(['+', '0']);
    match text.parse::<u16>() {
        Ok(1..) if plain => Ok(()),
        _ if is_reference(text) => Ok(()),
        _ => Err("Give a port from 1 to 65535.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Kind, accepts_text};

    #[test]
    fn answers_that_would_not_work_are_refused() {
        let wrong = [
            (Kind::Host, "redis://redis"),
            (Kind::Host, "redis:6379"),
            (Kind::Host, "user@redis"),
            (Kind::Host, "[::1]"),
            (Kind::Host, "two hosts"),
            (Kind::Host, "${REDIS_HOST}"),
            (Kind::Host, "os.environ/"),
            (Kind::Port, "0"),
            (Kind::Port, "06379"),
            (Kind::Port, "+1"),
            (Kind::Port, "65536"),
            (Kind::Path, "~/ca.crt"),
            (Kind::Path, "/ca\n.crt"),
            (Kind::Seconds, "0"),
            (Kind::Seconds, "1e3"),
            (Kind::Seconds, "-1"),
            (Kind::Seconds, "."),
            (Kind::Seconds, "007"),
            (Kind::Fraction, "1.1"),
            (Kind::Count, "0"),
            (Kind::Choice(&["a"]), "os.environ/A"),
            (Kind::Secret, "open-sesame"),
            (Kind::Secret, "os.environ/REDIS_PASSWORD"),
        ];
        for (kind, text) in wrong {
            assert!(matches!(accepts_text(kind, text), Some(Err(_))), "{kind:?} {text}");
        }
    }

    #[test]
    fn answers_that_work_are_taken() {
        let right = [
            (Kind::Host, "redis-master.redis.svc.cluster.local"),
            (Kind::Host, "::1"),
            (Kind::Host, "rédis"),
            (Kind::Host, "os.environ/REDIS_HOST"),
            (Kind::Port, "65535"),
            (Kind::Port, "os.environ/REDIS_PORT"),
            (Kind::Path, "/etc/redis certs/ca #1.crt"),
            (Kind::Seconds, "0.5"),
            (Kind::Fraction, "1"),
            (Kind::Secret, "_REDIS_PASSWORD_2"),
        ];
        for (kind, text) in right {
            assert_eq!(accepts_text(kind, text), Some(Ok(())), "{kind:?} {text}");
        }
    }

    #[test]
    fn defaults_read_as_answers() {
        assert_eq!(Kind::Host.read(""), Answer::Nothing);
        assert_eq!(
            Kind::Several(&["a", "b"]).read("a, b"),
            Answer::Several(vec!["a".into(), "b".into()])
        );
    }
}
