//! `redis-cli` and `openssl s_client`: each connection, tried by hand.

use std::fmt::Write as _;
use std::net::IpAddr;

use super::Draft;
use super::plan::Plan;
use super::quote::{comment, shell};
use super::servers::{self, Kind, Server, User};
use python::{Truth, Value};
use simulate::outcome::{Auth, Tls, Verify};

/// One connection's commands, with those who make it.
struct Block {
    heading: String,
    users: Vec<String>,
    /// Comments and commands.
    text: String,
    /// The variable that the password is read from, and what it is.
    variable: Option<String>,
}

pub(super) fn write(plan: &Plan, draft: &mut Draft) {
    let servers = servers::of(&plan.outcome, &mut draft.tokens);
    let mut blocks: Vec<Block> = vec![];
    for server in &servers {
        for user in &server.users {
            let block = block(server, user, draft);
            let same =
                |known: &&mut Block| known.heading == block.heading && known.text == block.text;
            match blocks.iter_mut().find(same) {
                Some(known) => known.users.extend(block.users),
                None => blocks.push(block),
            }
        }
    }
    let mut text = String::from("#!/bin/sh\n# LiteLLM's connections to Redis, tried by hand.\n");
    if blocks.is_empty() {
        let _ = writeln!(text, "# {}", comment(&servers::none(&plan.outcome)));
    }
    let mut variables: Vec<&str> =
        blocks.iter().filter_map(|block| block.variable.as_deref()).collect();
    variables.sort_unstable();
    variables.dedup();
    if !variables.is_empty() {
        text.push_str(
            "# No command line holds a password: put each into its variable first, in bash by\n",
        );
        let _ = writeln!(text, "#   read -rs {0} && export {0}", variables[0]);
    }
    for variable in variables {
        let _ = writeln!(text, ": \"${{{variable}:?put it into this variable first}}\"");
    }
    for block in blocks {
        let _ = writeln!(text, "\n# {}", comment(&block.heading));
        let _ = writeln!(text, "# For: {}.\n{}", block.users.join("; "), block.text.trim_end());
    }
    draft.file("commands.sh", text);
}

fn block(server: &Server<'_>, user: &User<'_>, draft: &mut Draft) -> Block {
    let connection = user.connection;
    let heading = match (server.kind, &server.service) {
        (Kind::Sentinel, Some(service)) => {
            format!("Sentinel {}:{}, asked for {service}", server.host, server.port)
        }
        (Kind::Master, Some(service)) => format!("The master of {service}"),
        (Kind::Cluster, _) => format!("Cluster node {}:{}", server.host, server.port),
        _ if server.is_socket() => format!("Redis at {}", server.host),
        _ => format!("Redis at {}:{}", server.host, server.port),
    };
    let mut text = String::new();
    let mut said = |line: &str| {
        let _ = writeln!(text, "# {}", comment(line));
    };
    if let Some(why) = server.tls_unknown() {
        said(&format!("Whether LiteLLM speaks TLS here is not known: {why}."));
    }
    let mut variable = None;
    let mut words = String::new();
    if let Some(token) = token_command(&connection.auth) {
        said(token.about);
        words.push_str(token.assignment);
        variable = token.variable.map(str::to_owned);
    } else if let Some(password) = servers::password(&connection.password, &mut draft.tokens) {
        let name = variable_name(&password.token);
        let _ = write!(words, "REDISCLI_AUTH=\"${name}\" ");
        variable = Some(name);
    }
    words.push_str("redis-cli");
    if server.is_socket() {
        let _ = write!(words, " -s {}", shell(&server.host));
    } else {
        let _ = write!(words, " -h {} -p {}", shell(&server.host), shell(&server.port));
    }
    let name =
        servers::text(&connection.username.value, "REDIS_USERNAME", "the user", &mut draft.tokens);
    if !name.is_empty() && variable.is_some() {
        let _ = write!(words, " --user {}", shell(&name));
    }
    let database =
        servers::text(&connection.db.value, "REDIS_DB", "the database", &mut draft.tokens);
    if server.kind == Kind::Cluster {
        words.push_str(" -c");
    } else if server.kind != Kind::Sentinel && !database.is_empty() && database != "0" {
        let _ = write!(words, " -n {}", shell(&database));
    }
    if let Some(tls) = user.tls() {
        differences(tls, &mut said);
        words.push_str(&redis_cli_tls(server, tls));
    }
    match (server.kind, &server.service) {
        (Kind::Sentinel, Some(service)) => {
            let _ = write!(words, " SENTINEL GET-MASTER-ADDR-BY-NAME {}", shell(service));
        }
        (Kind::Cluster, _) => words.push_str(" CLUSTER INFO"),
        _ => words.push_str(" PING"),
    }
    let _ = writeln!(text, "{words}");
    if let Some(tls) = user.tls() {
        let _ = writeln!(text, "{}", openssl(server, tls));
    }
    Block { heading, users: vec![user.name()], text, variable }
}

/// A token in the place of a password.
struct Token {
    about: &'static str,
    assignment: &'static str,
    variable: Option<&'static str>,
}

fn token_command(auth: &Auth) -> Option<Token> {
    Some(match auth {
        Auth::Static => return None,
        Auth::Gcp { .. } => Token {
            about: "LiteLLM signs in with a token of the service account; this takes that of whoever is signed in to gcloud.",
            assignment: "REDISCLI_AUTH=\"$(gcloud auth print-access-token)\" ",
            variable: None,
        },
        Auth::Azure(_) => Token {
            about: "LiteLLM signs in with a Microsoft Entra ID token; this takes that of whoever is signed in to az.",
            assignment: "REDISCLI_AUTH=\"$(az account get-access-token --scope https://redis.azure.com/.default --query accessToken --output tsv)\" ",
            variable: None,
        },
        Auth::Aws { .. } => Token {
            about: "LiteLLM signs in with an AWS IAM token, which lives 15 minutes and which no command of AWS prints: `redproof probe` makes one.",
            assignment: "REDISCLI_AUTH=\"$ELASTICACHE_IAM_TOKEN\" ",
            variable: Some("ELASTICACHE_IAM_TOKEN"),
        },
    })
}

/// The shell variable of a placeholder: `REDIS_PASSWORD` of `FILL_IN_REDIS_PASSWORD`.
fn variable_name(token: &str) -> String {
    let name = token.strip_prefix(super::tokens::START).unwrap_or(token);
    let digit = name.starts_with(|c: char| c.is_ascii_digit());
    if digit { format!("_{name}") } else { name.to_owned() }
}

/// Where redis-cli does not do as LiteLLM does.
fn differences(tls: &Tls, said: &mut impl FnMut(&str)) {
    let verifies = tls.verify != Verify::None;
    if verifies && tls.check_hostname.value.truth() == Truth::True {
        said(
            "redis-cli checks who signed the server's certificate, but not the names in it. LiteLLM checks both, and so does openssl.",
        );
    }
    if verifies && tls.check_hostname.value.truth() == Truth::False {
        said(
            "LiteLLM does not look at the names in the certificate here: any that its CA signed will do.",
        );
    }
    if !verifies {
        said("LiteLLM takes any certificate here.");
    } else if text(&tls.ca_certs.value).is_none() && text(&tls.ca_path.value).is_none() {
        said(
            "No CA is configured: LiteLLM trusts those of the machine that it runs on, these commands those of this one.",
        );
    }
    for (name, setting) in &tls.others {
        if setting.value.is_none() {
            continue;
        }
        match *name {
            "ca_data" => {
                said("LiteLLM trusts the certificates of ssl_ca_data, too: these commands do not.");
            }
            "certificate_password" => {
                said("The key is encrypted: both commands ask for its password.");
            }
            _ => {}
        }
    }
}

fn redis_cli_tls(server: &Server<'_>, tls: &Tls) -> String {
    let mut words = String::from(" --tls");
    if !is_address(&server.host) {
        let _ = write!(words, " --sni {}", shell(&server.host));
    }
    if tls.verify == Verify::None {
        words.push_str(" --insecure");
    }
    for (option, value) in [
        (" --cacert", &tls.ca_certs.value),
        (" --cacertdir", &tls.ca_path.value),
        (" --cert", &tls.certfile.value),
        (" --key", &tls.keyfile.value),
    ] {
        if let Some(value) = text(value) {
            let _ = write!(words, "{option} {}", shell(value));
        }
    }
    // redis-cli wants the key named, also where it is in the certificate's file.
    if let (Some(certificate), None) = (text(&tls.certfile.value), text(&tls.keyfile.value)) {
        let _ = write!(words, " --key {}", shell(certificate));
    }
    words
}

fn openssl(server: &Server<'_>, tls: &Tls) -> String {
    let host = &server.host;
    let address = if host.contains(':') { format!("[{host}]") } else { host.clone() };
    let mut words = format!(
        "openssl s_client -brief -connect {}",
        shell(&format!("{address}:{}", server.port))
    );
    if is_address(host) {
        words.push_str(" -noservername");
    } else {
        let _ = write!(words, " -servername {}", shell(host));
    }
    if tls.verify != Verify::None {
        words.push_str(" -verify_return_error");
        if tls.check_hostname.value.truth() == Truth::True {
            let option = if is_address(host) { "-verify_ip" } else { "-verify_hostname" };
            let _ = write!(words, " {option} {}", shell(host));
        }
    }
    // What is not configured must not be trusted.
    let (file, directory) = (text(&tls.ca_certs.value), text(&tls.ca_path.value));
    match file {
        Some(file) => {
            let _ = write!(words, " -CAfile {}", shell(file));
        }
        None if directory.is_some() => words.push_str(" -no-CAfile"),
        None => {}
    }
    match directory {
        Some(directory) => {
            let _ = write!(words, " -CApath {}", shell(directory));
        }
        None if file.is_some() => words.push_str(" -no-CApath"),
        None => {}
    }
    if file.is_some() || directory.is_some() {
        words.push_str(" -no-CAstore");
    }
    for (option, value) in [(" -cert", &tls.certfile.value), (" -key", &tls.keyfile.value)] {
        if let Some(value) = text(value) {
            let _ = write!(words, "{option} {}", shell(value));
        }
    }
    words.push_str(" </dev/null");
    words
}

/// Whether a host is an IP address, for which clients send no name.
fn is_address(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok()
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}
