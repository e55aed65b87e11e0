//! The commands that LiteLLM's clients send on a new connection, and the probe's own.

use redproof_core::releases::Pair;

use crate::login::Credentials;
use crate::plan::{Address, Settings};

/// A command and what its reply means.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    /// The step's name in reports; holds no secret.
    pub(crate) label: &'static str,
    pub(crate) args: Vec<Vec<u8>>,
    pub(crate) expect: Expect,
    /// No step of the report.
    pub(crate) quiet: bool,
}

/// What a reply must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    /// The client swallows an error; redis-py (`except ResponseError: pass`) if it is a `ResponseError`.
    Anything,
    /// The probe's own question, which redis-py does not ask: an error is not a failure.
    Whatever,
    /// Any reply but an error.
    NoError,
    /// This text.
    Text(&'static str),
    /// These bytes.
    Bytes(Vec<u8>),
    /// HELLO's map.
    Map,
    /// Any reply but that the user may not ask.
    Permission,
    /// Any reply of a server that knows the command: its search module is there.
    Search,
}

impl Command {
    pub(crate) fn new<const N: usize>(
        label: &'static str,
        args: [&[u8]; N],
        expect: Expect,
    ) -> Self {
        let args = args.iter().map(|arg| arg.to_vec()).collect();
        Self { label, args, expect, quiet: false }
    }
}

impl Command {
    /// A command of the probe's own that makes no step, whatever the reply.
    pub(crate) fn quiet(label: &'static str, args: Vec<Vec<u8>>) -> Self {
        Self { label, args, expect: Expect::Whatever, quiet: true }
    }
}

/// A server's error as it came.
pub(crate) fn error_text(error: &redis::ServerError) -> String {
    error
        .details()
        .map_or_else(|| error.code().to_owned(), |details| format!("{} {details}", error.code()))
}

/// All commands as one stretch of bytes.
pub(crate) fn pack(commands: &[Command]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(64 * commands.len());
    for command in commands {
        let mut cmd = redis::Cmd::new();
        for arg in &command.args {
            cmd.arg(arg.as_slice());
        }
        packed.extend_from_slice(&cmd.get_packed_command());
    }
    packed
}

/// `AbstractConnection.on_connect`. redis-py waits for each reply; the replies are the same when
/// the commands travel together.
pub(crate) fn on_connect(
    settings: &Settings,
    credentials: Option<&Credentials>,
    pair: Pair,
) -> Vec<Command> {
    let resp3 = settings.resp3;
    let mut commands = Vec::new();
    match credentials {
        Some(credentials) if resp3 => commands.push(hello_auth(credentials)),
        Some(credentials) => commands.push(auth(credentials)),
        None if resp3 => commands.push(Command::new("HELLO", [b"HELLO", b"3"], Expect::Map)),
        None => {}
    }
    let notifies = pair.redis_py_data().connection().names("maint_notifications_config");
    if resp3
        && notifies
        && let Address::Tcp { host, .. } = &settings.address
    {
        commands.push(maintenance_notifications(host));
    }
    if let Some(name) = &settings.client_name {
        commands.push(Command::new(
            "CLIENT SETNAME",
            [b"CLIENT", b"SETNAME", name.as_bytes()],
            Expect::Text("OK"),
        ));
    }
    let version = pair.redis_py.to_string();
    commands.push(Command::new(
        "CLIENT SETINFO",
        [b"CLIENT", b"SETINFO", b"LIB-NAME", b"redis-py"],
        Expect::Anything,
    ));
    commands.push(Command::new(
        "CLIENT SETINFO",
        [b"CLIENT", b"SETINFO", b"LIB-VER", version.as_bytes()],
        Expect::Anything,
    ));
    if let Some(db) = &settings.db {
        commands.push(Command::new("SELECT", [b"SELECT", db.as_bytes()], Expect::Text("OK")));
    }
    commands
}

/// What redis-rs sends on a new connection: `connection_setup_pipeline`.
pub(crate) fn on_native_connect(
    settings: &Settings,
    credentials: Option<&Credentials>,
) -> Vec<Command> {
    let mut commands: Vec<Command> = credentials.map(auth).into_iter().collect();
    if let Some(db) = &settings.db {
        commands.push(Command::new("SELECT", [b"SELECT", db.as_bytes()], Expect::Text("OK")));
    }
    let client: [[&[u8]; 4]; 2] = [
        [b"CLIENT", b"SETINFO", b"LIB-NAME", b"redis-rs"],
        [b"CLIENT", b"SETINFO", b"LIB-VER", b"1.8.0"],
    ];
    commands.extend(client.map(|words| Command::new("CLIENT SETINFO", words, Expect::Anything)));
    commands
}

/// The second try of redis-py and redis-rs, when AUTH takes one argument only (Redis before 6.0).
pub(crate) fn auth_without_username(credentials: &Credentials) -> Command {
    Command::new("AUTH", [b"AUTH", credentials.password.reveal().as_bytes()], Expect::Text("OK"))
}

fn auth(credentials: &Credentials) -> Command {
    let Some(username) = &credentials.username else {
        return auth_without_username(credentials);
    };
    Command::new(
        "AUTH",
        [b"AUTH", username.as_bytes(), credentials.password.reveal().as_bytes()],
        Expect::Text("OK"),
    )
}

fn hello_auth(credentials: &Credentials) -> Command {
    Command::new(
        "HELLO",
        [
            b"HELLO",
            b"3",
            b"AUTH",
            credentials.username.as_deref().unwrap_or("default").as_bytes(),
            credentials.password.reveal().as_bytes(),
        ],
        Expect::Map,
    )
}

/// `CLIENT MAINT_NOTIFICATIONS`, which redis-py tries and does without.
fn maintenance_notifications(host: &str) -> Command {
    let endpoint: &[u8] = match host.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(address)) if address.is_private() || address.is_loopback() => {
            b"internal-ip"
        }
        Ok(_) => b"external-ip",
        Err(_) => b"internal-fqdn",
    };
    Command::new(
        "CLIENT MAINT_NOTIFICATIONS",
        [b"CLIENT", b"MAINT_NOTIFICATIONS", b"ON", b"moving-endpoint-type", endpoint],
        Expect::Anything,
    )
}

/// `PING`
pub(crate) fn ping() -> Command {
    Command::new("PING", [b"PING"], Expect::Text("PONG"))
}

/// `ROLE`: what the server thinks it is.
pub(crate) fn role() -> Command {
    Command::new("ROLE", [b"ROLE"], Expect::Whatever)
}

/// Writes and reads a key of the probe's own, which is gone after a minute in any case.
pub(crate) fn write_and_read(key: &str, value: &str) -> [Command; 2] {
    let (key, value) = (key.as_bytes(), value.as_bytes());
    [
        Command::new("SET", [b"SET", key, value, b"EX", b"60"], Expect::Text("OK")),
        Command::new("GET", [b"GET", key], Expect::Bytes(value.to_vec())),
    ]
}

/// What the Rust client does with a counter, on a key of the probe's own. It is made beforehand with its end, so
/// that it does not stay where only EXPIRE is refused.
pub(crate) fn count_and_read(key: &str) -> [Command; 4] {
    let words = |words: &[&str]| words.iter().map(|word| word.as_bytes().to_vec()).collect();
    let key_bytes = key.as_bytes();
    [
        Command::quiet("SET", words(&["SET", key, "0", "EX", "60"])),
        Command::new("INCRBYFLOAT", [b"INCRBYFLOAT", key_bytes, b"1"], Expect::NoError),
        Command::new("EXPIRE", [b"EXPIRE", key_bytes, b"60"], Expect::NoError),
        Command::new("GET", [b"GET", key_bytes], Expect::NoError),
    ]
}

/// Removes the key.
pub(crate) fn delete(key: &str) -> Command {
    Command::new("DEL", [b"DEL", key.as_bytes()], Expect::Whatever)
}
