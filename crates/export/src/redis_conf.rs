//! `redis.conf` and `sentinel.conf`: what the servers need for what the clients do.

use std::fmt::Write as _;

use super::Draft;
use super::plan::Plan;
use super::quote::{comment, redis_conf as quoted};
use super::servers::{self, Kind, Password, Server, User};
use python::{Data, Truth, convert};
use serving::Acl;
use simulate::outcome::ClientKind;

/// How many databases a server has unless it is told.
const DATABASES: u64 = 16;

pub(super) fn write(plan: &Plan, draft: &mut Draft) {
    let servers = servers::of(&plan.outcome, &mut draft.tokens);
    let groups = groups(&servers);
    if groups.is_empty() {
        draft.file("redis.conf", format!("# {}\n", comment(&servers::none(&plan.outcome))));
        return;
    }
    for group in &groups {
        let first = group[0];
        let sentinel = first.kind == Kind::Sentinel;
        let alike = groups.iter().filter(|other| (other[0].kind == Kind::Sentinel) == sentinel);
        let program = if sentinel { "sentinel" } else { "redis" };
        let name =
            if alike.count() == 1 { format!("{program}.conf") } else { file_name(program, first) };
        let text = if sentinel {
            sentinel_conf(group, &servers, plan, draft)
        } else {
            server_conf(group, plan, draft)
        };
        draft.file(&name, text);
    }
}

/// Servers that take the same file: each alone, and the nodes of a cluster, or the sentinels, that
/// listen on the same port.
fn groups<'s, 'r>(servers: &'s [Server<'r>]) -> Vec<Vec<&'s Server<'r>>> {
    let mut groups: Vec<Vec<&Server<'r>>> = vec![];
    for server in servers {
        let shared = matches!(server.kind, Kind::Cluster | Kind::Sentinel);
        let same = |group: &&mut Vec<&Server<'r>>| {
            shared
                && group[0].kind == server.kind
                && group[0].port == server.port
                && group[0].service == server.service
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(server),
            None => groups.push(vec![server]),
        }
    }
    groups
}

fn file_name(program: &str, server: &Server<'_>) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    let host: String = server.host.chars().map(plain).collect();
    format!(
        "{program}-{}-{}.conf",
        host.trim_matches(['-', '.']),
        server.port.replace(|c| !char::is_alphanumeric(c), "-")
    )
}

/// Everybody who connects to a group's servers, each once.
fn users<'r>(group: &[&Server<'r>]) -> Vec<User<'r>> {
    let mut users: Vec<User<'r>> = vec![];
    for user in group.iter().flat_map(|server| &server.users) {
        if !users.iter().any(|known| known.name() == user.name()) {
            users.push(*user);
        }
    }
    users
}

fn heading(group: &[&Server<'_>], users: &[User<'_>]) -> String {
    let what = match group[0].kind {
        Kind::Redis => "Redis",
        Kind::Cluster => "Each node of the cluster",
        Kind::Sentinel => "Each sentinel",
        Kind::Master => "The master and its replicas",
    };
    let address = |server: &&Server<'_>| match server.is_socket() {
        true => server.host.clone(),
        false => format!("{}:{}", server.host, server.port),
    };
    let at: Vec<String> = group.iter().map(address).collect();
    let at = if group[0].kind == Kind::Master {
        format!(" of {}", group[0].service.as_deref().unwrap_or("the service"))
    } else {
        format!(" at {}", at.join(", "))
    };
    let names: Vec<String> = users.iter().map(User::name).collect();
    format!(
        "# {}\n# What LiteLLM's clients need: {}.\n",
        comment(&format!("{what}{at}.")),
        names.join("; ")
    )
}

/// The port, and TLS on it.
fn listen(group: &[&Server<'_>], users: &[User<'_>], draft: &mut Draft) -> String {
    let server = group[0];
    let mut text = String::new();
    if server.is_socket() {
        let _ = writeln!(text, "unixsocket {}", quoted(&server.host));
        return text;
    }
    let port = quoted(&server.port);
    let with_tls: Vec<_> = users.iter().filter_map(User::tls).collect();
    if let Some(why) = group.iter().find_map(|server| server.tls_unknown()) {
        let _ = writeln!(text, "# Whether clients speak TLS is not known: {}.", comment(why));
        let _ = writeln!(text, "# If they do: `port 0` and `tls-port {port}`.");
    }
    if with_tls.is_empty() {
        let _ = writeln!(text, "port {port}");
        return text;
    }
    if with_tls.len() < users.len() {
        let plain: Vec<String> =
            users.iter().filter(|user| user.tls().is_none()).map(User::name).collect();
        let _ = writeln!(
            text,
            "# These clients do not speak TLS, and one port takes no other: {}.",
            plain.join("; ")
        );
    }
    let _ = writeln!(text, "port 0\ntls-port {port}");
    if with_tls.iter().any(|tls| tls.check_hostname.value.truth() == Truth::True) {
        let hosts: Vec<&str> = group.iter().map(|server| server.host.as_str()).collect();
        let _ = writeln!(
            text,
            "# Clients look for the name that they connect to in this certificate: {}.",
            comment(&hosts.join(", "))
        );
    }
    let file = |name: &str, what: &str, draft: &mut Draft| draft.tokens.named(name, what);
    let certificate = file("TLS_CERT_FILE", "the path of the server's certificate", draft);
    let key = file("TLS_KEY_FILE", "the path of the key of the server's certificate", draft);
    let _ = writeln!(text, "tls-cert-file {certificate}\ntls-key-file {key}");
    let presenting =
        with_tls.iter().filter(|tls| tls.certfile.value.truth() != Truth::False).count();
    if presenting > 0 || server.kind != Kind::Redis {
        let what = "the path of the certificate of the CA that signed the clients' and the servers' certificates";
        let authority = file("TLS_CA_CERT_FILE", what, draft);
        let _ = writeln!(text, "tls-ca-cert-file {authority}");
    }
    let clients = match presenting {
        0 => "no",
        all if all == users.len() => "yes",
        _ => "optional",
    };
    let _ = writeln!(text, "tls-auth-clients {clients}");
    text
}

/// What replicas do at their master, as the user that `masteruser` names.
const REPLICATION: &str = "+psync +replconf";
/// What sentinels do at the servers that they watch, as the user that `sentinel auth-user` names.
const WATCHING: &str = "&__sentinel__:hello +client|kill +client|setname +config|rewrite +exec +info +multi +ping \
     +publish +role +script|kill +slaveof +subscribe";
/// What redis-py asks sentinels.
const ASKING: &str = "resetchannels -@all +client|setname +ping +sentinel|masters";

/// What a user of a group's servers may do: the least, where that is known.
fn rules(name: &str, kind: Kind, users: &[User<'_>], plan: &Plan) -> String {
    let concerned =
        |acl: &&Acl| acl.of.iter().any(|of| users.iter().any(|user| user.client.consumer == *of));
    let named = plan.acls.iter().filter(concerned).filter(|acl| acl.user.as_deref() == Some(name));
    let unnamed = plan.acls.iter().filter(concerned).filter(|acl| acl.user.is_none());
    let mut found = named.chain(unnamed);
    let more = match kind {
        Kind::Sentinel => return ASKING.to_owned(),
        Kind::Redis => String::new(),
        Kind::Cluster => format!(" {REPLICATION}"),
        Kind::Master => format!(" {REPLICATION} {WATCHING}"),
    };
    let Some(mut acl) = found.next().cloned() else {
        return "~* &* +@all".to_owned();
    };
    found.for_each(|other| acl.extend(other));
    acl.rules() + &more
}

/// Who may sign in.
fn sign_in(
    kind: Kind,
    users: &[User<'_>],
    plan: &Plan,
    draft: &mut Draft,
) -> (String, Vec<Password>) {
    let mut text = String::new();
    let mut default: Vec<Password> = vec![];
    let mut named: Vec<(String, Password)> = vec![];
    let mut open = false;
    for User { connection, .. } in users {
        if let Some(kind) = servers::token_of(&connection.auth) {
            let line = format!(
                "# LiteLLM signs in with a token of {kind}: a managed service checks it, no redis.conf does.\n"
            );
            if !text.contains(&line) {
                text.push_str(&line);
            }
            continue;
        }
        let Some(password) = servers::password(&connection.password, &mut draft.tokens) else {
            open = true;
            continue;
        };
        let name = servers::text(
            &connection.username.value,
            "REDIS_USERNAME",
            "the user",
            &mut draft.tokens,
        );
        if name.is_empty() || name == "default" {
            if !default.contains(&password) {
                default.push(password);
            }
        } else if !named.contains(&(name.clone(), password.clone())) {
            named.push((name, password));
        }
    }
    if open && (!default.is_empty() || !named.is_empty()) {
        text.push_str("# Not all clients send a password: those that do not are refused.\n");
    } else if open {
        text.push_str(
            "# No client sends a password. Redis's protected mode then refuses clients from other machines.\n",
        );
    }
    let argument = |password: &Password| quoted(&format!(">{}", password.written(plan.revealed)));
    match default.as_slice() {
        [] => {}
        [password] => {
            let _ = writeln!(text, "requirepass {}", quoted(password.written(plan.revealed)));
        }
        several => {
            let all: Vec<String> = several.iter().map(argument).collect();
            let _ = writeln!(text, "user default on {} ~* &* +@all", all.join(" "));
        }
    }
    let mut written: Vec<&str> = vec![];
    for (name, _) in &named {
        if written.contains(&name.as_str()) {
            continue;
        }
        let all: Vec<String> =
            named.iter().filter(|(other, _)| other == name).map(|(_, one)| argument(one)).collect();
        let rules = rules(name, kind, users, plan);
        let _ = writeln!(text, "user {} on {} {rules}", quoted(name), all.join(" "));
        written.push(name);
    }
    let passwords = default.into_iter().chain(named.into_iter().map(|(_, password)| password));
    (text, passwords.collect())
}

fn server_conf(group: &[&Server<'_>], plan: &Plan, draft: &mut Draft) -> String {
    let users = users(group);
    let mut text = heading(group, &users);
    text.push_str(&listen(group, &users, draft));
    let (lines, passwords) = sign_in(group[0].kind, &users, plan, draft);
    text.push_str(&lines);
    let tls = users.iter().any(|user| user.tls().is_some());
    match group[0].kind {
        Kind::Cluster => {
            text.push_str("cluster-enabled yes\n");
            if tls {
                text.push_str("tls-cluster yes\ntls-replication yes\n");
            }
            let checked = users.iter().filter_map(User::tls);
            if checked.into_iter().any(|tls| tls.check_hostname.value.truth() == Truth::True) {
                text.push_str("# Nodes tell clients their names, or the check of the certificate's names fails.\n");
                let host = draft
                    .tokens
                    .named("NODE_HOST", "the name of this node, as its certificate has it");
                let _ = writeln!(
                    text,
                    "cluster-announce-hostname {host}\ncluster-preferred-endpoint-type hostname"
                );
            }
        }
        Kind::Master if tls => text.push_str("tls-replication yes\n"),
        _ => {}
    }
    if let (Kind::Cluster | Kind::Master, Some(password)) = (group[0].kind, passwords.first()) {
        let _ = writeln!(text, "# Replicas sign in to their master.");
        let _ = writeln!(text, "masterauth {}", quoted(password.written(plan.revealed)));
        let user = users.iter().map(|user| &user.connection.username.value);
        let user = user.filter(|user| !user.is_none()).find_map(|user| convert::str_of(user).ok());
        if let Some(user) = user.filter(|_| !lines.contains("requirepass")) {
            let _ = writeln!(text, "masteruser {}", quoted(&user));
        }
    }
    let database = users.iter().filter_map(|user| match &user.connection.db.value.data {
        Data::Int(number) => u64::try_from(number).ok(),
        _ => None,
    });
    if let Some(database) = database.max().filter(|database| *database >= DATABASES) {
        let _ = writeln!(text, "databases {}", database.saturating_add(1));
    }
    text
}

fn sentinel_conf(
    group: &[&Server<'_>],
    servers: &[Server<'_>],
    plan: &Plan,
    draft: &mut Draft,
) -> String {
    let users = users(group);
    let mut text = heading(group, &users);
    text.push_str(&listen(group, &users, draft));
    text.push_str(&sign_in(Kind::Sentinel, &users, plan, draft).0);
    let service = group[0].service.clone().unwrap_or_default();
    let master = servers
        .iter()
        .find(|server| server.kind == Kind::Master && server.service == group[0].service);
    let Some(master) = master else { return text };
    let masters: Vec<User<'_>> = master.users.clone();
    if masters.iter().any(|user| user.tls().is_some()) {
        text.push_str("tls-replication yes\n");
    }
    let checked = masters.iter().filter_map(User::tls);
    if checked.into_iter().any(|tls| tls.check_hostname.value.truth() == Truth::True) {
        text.push_str("# Sentinels tell clients the master's name, or the check of its certificate's names fails.\n");
    }
    text.push_str("sentinel resolve-hostnames yes\nsentinel announce-hostnames yes\n");
    let sentinels = servers
        .iter()
        .filter(|server| server.kind == Kind::Sentinel && server.service == group[0].service);
    let quorum = sentinels.count() / 2 + 1;
    let service = quoted(&service);
    let _ = writeln!(text, "# {quorum} sentinels must agree that the master is gone.");
    let _ = writeln!(text, "sentinel monitor {service} {} {} {quorum}", master.host, master.port);
    for User { connection, client } in masters.iter().take(1) {
        debug_assert!(client.kind == ClientKind::Sentinel, "masters are found through sentinels");
        if let Some(password) = servers::password(&connection.password, &mut draft.tokens) {
            let user = servers::text(
                &connection.username.value,
                "REDIS_USERNAME",
                "the user",
                &mut draft.tokens,
            );
            if !user.is_empty() {
                let _ = writeln!(text, "sentinel auth-user {service} {}", quoted(&user));
            }
            let _ = writeln!(
                text,
                "sentinel auth-pass {service} {}",
                quoted(password.written(plan.revealed))
            );
        }
    }
    text
}
