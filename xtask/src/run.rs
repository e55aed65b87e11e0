//! Builds the editor and serves it with live probes, on a throw-away TLS Redis where one can run.

use std::process::{Child, Command, Stdio};

use crate::shell::{Done, cargo, run as run_command, step, target_dir, which};
use crate::{setup, site};

/// Where the throw-away Redis keeps its certificates: `examples/local-tls.env` names them.
const REDIS_FOLDER: &str = "target/throw-away-redis";
/// The port and password of `examples/local-tls.yaml` and its `.env`.
const REDIS_PORT: &str = "6390";
const REDIS_PASSWORD: &str = "open-sesame";

/// Sets up, builds, and serves until interrupted. Words after `run` go to `redproof serve`.
pub(crate) fn run(rest: &[String]) -> Done {
    setup::for_page()?;
    site::build()?;
    step("build the binary", || {
        run_command(&mut cargo(&["build", "--quiet", "--locked", "--package", "redproof"]))
    })?;
    let redis = throw_away_redis()?;
    let mut serve = crate::shell::command(target_dir().join("debug/redproof"));
    serve.arg("serve").arg("--site").arg(site::folder());
    if redis.is_some() {
        serve.args(["--allow-files", REDIS_FOLDER]);
    }
    serve.args(rest);
    let served = run_command(&mut serve);
    if let Some(mut redis) = redis {
        // It may have ended by the same interrupt.
        let _ = redis.kill();
        let _ = redis.wait();
    }
    served
}

/// A TLS Redis for the last of the page's examples; `None` where redis-server is missing.
fn throw_away_redis() -> Result<Option<Child>, String> {
    if which("redis-server").is_none() {
        println!("   redis-server is not installed: the live test of the example will be refused");
        return Ok(None);
    }
    step("certificates for a throw-away Redis", || {
        let binary = "throw-away-certificates";
        run_command(cargo(&["run", "--quiet", "--locked", "--package", "redproof-tests"]).args([
            "--bin",
            binary,
            REDIS_FOLDER,
        ]))
    })?;
    let file = |name: &str| format!("{REDIS_FOLDER}/{name}");
    let redis = redis_server()
        .args(["--bind", "127.0.0.1", "--save", "", "--loglevel", "warning", "--port", "0"])
        .args(["--requirepass", REDIS_PASSWORD, "--tls-port", REDIS_PORT])
        .args(["--tls-auth-clients", "no", "--tls-ca-cert-file", &file("ca.crt")])
        .args(["--tls-cert-file", &file("redis.crt"), "--tls-key-file", &file("redis.key")])
        .spawn()
        .map_err(|error| format!("cannot start redis-server: {error}"))?;
    println!("   a throw-away Redis speaks TLS on localhost:{REDIS_PORT}, until this ends");
    Ok(Some(redis))
}

fn redis_server() -> Command {
    let mut command = crate::shell::command("redis-server");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}
