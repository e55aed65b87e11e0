//! The wheel: the command and the built site, for `pip install` and `uvx`.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::shell::{Done, cargo, command, output, root, run, step, target_dir};
use crate::{setup, site};

/// What builds the wheel.
const MATURIN: &str = "1.16.0";

/// What the wheel's command is built for: on Linux nothing of the system is linked, so that one file serves
/// each distribution, and an image without any.
const STATIC: Option<&str> = if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
    Some("x86_64-unknown-linux-musl")
} else if cfg!(all(target_os = "linux", target_arch = "aarch64")) {
    Some("aarch64-unknown-linux-musl")
} else {
    None
};

/// Builds the wheel as it is published, for this machine, and tries it; the profile `dev` builds one
/// quickly.
pub(crate) fn wheel(profile: &str) -> Done {
    if !site::folder().join("index.html").is_file() {
        site::build()?;
    }
    let mut wheel = PathBuf::new();
    step("build the wheel", || {
        wheel = build(profile)?;
        Ok(())
    })?;
    step("install the wheel and use it", || try_it(&wheel))?;
    step("run the pre-commit hooks over the wheel", || hooks(&wheel))
}

/// What runs the hooks.
const PRE_COMMIT: &str = "4.7.0";

/// `deploy/pre-commit` as a repository of its own, tried by pre-commit on a repository with two configs.
fn hooks(wheel: &Path) -> Done {
    let pre_commit = from_pypi("pre-commit", PRE_COMMIT)?;
    let folder = target_dir().join("hooks-try");
    site::clear(&folder)?;
    let (hooks, user) = (folder.join("hooks"), folder.join("user"));
    site::copy(&root().join("deploy/pre-commit"), &hooks)?;
    fs::create_dir_all(&user).map_err(|error| error.to_string())?;
    let write = |name: &str, text: &str| {
        fs::write(user.join(name), text).map_err(|error| format!("{name}: {error}"))
    };
    write("compose.yaml", "services: {web: {image: nginx}}\n")?;
    write("litellm.yaml", WRONG)?;
    for repository in [&hooks, &user] {
        run(command("git").args(["init", "--quiet"]).current_dir(repository))?;
        run(command("git").args(["add", "--all"]).current_dir(repository))?;
        let name = ["-c", "user.name=Redproof", "-c", "user.email=redproof@localhost"];
        let commit = ["commit", "--quiet", "--message", "As it is"];
        run(command("git").args(name).args(commit).current_dir(repository))?;
    }
    let wheels = wheel.parent().unwrap_or(wheel);
    let tried = |hook: &str| {
        let done = command(&pre_commit)
            .args(["try-repo", "--all-files", "--verbose"])
            .arg(&hooks)
            .arg(hook)
            .current_dir(&user)
            .env("PIP_FIND_LINKS", wheels)
            .env("PRE_COMMIT_HOME", folder.join("cache"))
            .output()
            .map_err(|error| format!("pre-commit: {error}"))?;
        Ok::<_, String>((done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned()))
    };
    let (passed, said) = tried("redproof")?;
    if passed || !said.contains("litellm.yaml:6") || !said.contains("RP103") {
        return Err(format!("the hook does not find what is wrong: {said}"));
    }
    let (passed, said) = tried("redproof-fix")?;
    if passed || !said.contains("files were modified by this hook") {
        return Err(format!("the hook fixes nothing: {said}"));
    }
    let (passed, said) = tried("redproof")?;
    if passed { Ok(()) } else { Err(format!("what was fixed is still wrong: {said}")) }
}

/// A misspelt setting, which needs no guess.
const WRONG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    hots: x\n";

/// What the wheel holds beside the command: the site, and the manual pages.
pub(crate) fn data() -> Done {
    // Where pyproject.toml says, whatever cargo's target folder is.
    let share = root().join("deploy/wheel/data/share");
    let site = share.join("redproof/site");
    site::clear(&site)?;
    site::copy(&site::folder(), &site)?;
    let pages = share.join("man/man1");
    site::clear(&pages)?;
    let manual = ["run", "--quiet", "--locked", "--package", "redproof", "--", "man"];
    run(cargo(&manual).arg(pages))
}

fn build(profile: &str) -> Result<PathBuf, String> {
    data()?;
    let wheels = target_dir().join("wheels");
    site::clear(&wheels)?;
    let mut maturin = command(from_pypi("maturin", MATURIN)?);
    maturin.args(["build", "--quiet", "--profile", profile, "--out"]).arg(&wheels);
    if let Some(target) = STATIC {
        setup::target(target)?;
        maturin.args(["--target", target]);
        // It needs neither C library, so both kinds of distribution may have it.
        maturin.args(["--compatibility", "manylinux2014", "--compatibility", "musllinux_1_2"]);
    }
    run(maturin.env("CARGO_TARGET_DIR", target_dir()))?;
    let built = fs::read_dir(&wheels).map_err(|error| format!("{}: {error}", wheels.display()))?;
    let mut built = built.filter_map(Result::ok).map(|entry| entry.path());
    built.next().ok_or_else(|| "maturin wrote no wheel".to_owned())
}

/// A program that pip installs, in an environment of its own.
fn from_pypi(name: &str, release: &str) -> Result<PathBuf, String> {
    let folder = root().join(".tools").join(name);
    let program = folder.join("bin").join(name);
    let there = output(Command::new(&program).arg("--version"));
    if !there.is_ok_and(|printed| printed.contains(release)) {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        let python = folder.join("bin/python");
        run(Command::new(python).args(install).arg(format!("{name}=={release}")))?;
    }
    Ok(program)
}

/// Installs the wheel into a fresh environment, without a network, and uses it as its users do.
fn try_it(wheel: &Path) -> Done {
    let folder = target_dir().join("wheel-try");
    run(command("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let start = Instant::now();
    let install = ["-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check"];
    run(command(folder.join("bin/python")).args(install).arg(wheel))?;
    let redproof = folder.join("bin/redproof");
    let checked = command(&redproof)
        .args(["check", "examples/seeds/basic-tls.yaml"])
        .output()
        .map_err(|error| format!("{}: {error}", redproof.display()))?;
    let printed = String::from_utf8_lossy(&checked.stdout);
    if checked.status.code() != Some(1) || !printed.contains("error[RP") {
        return Err(format!("the installed command finds nothing: {printed}"));
    }
    let size = fs::metadata(wheel).map_or(0, |data| data.len());
    println!(
        "   {}: {size} bytes, {:.1} s from pip install to the first finding",
        wheel.file_name().unwrap_or_default().display(),
        start.elapsed().as_secs_f32()
    );
    if STATIC.is_some() {
        runs_alone(&redproof)?;
    }
    serves_its_site(&redproof)
}

/// The installed command runs where there is nothing else: no C library, no shell, no `/etc`.
fn runs_alone(redproof: &Path) -> Done {
    let folder = target_dir().join("wheel-alone");
    site::clear(&folder)?;
    let copied = |from: &Path, name: &str| {
        fs::copy(from, folder.join(name)).map_err(|error| format!("{}: {error}", from.display()))
    };
    let size = copied(redproof, "redproof")?;
    copied(&root().join("examples/seeds/basic-tls.yaml"), "config.yaml")?;
    let start = Instant::now();
    let mut tried = vec![];
    for changes_root in [&["unshare", "--map-root-user", "--root"][..], &["chroot"]] {
        let (program, options) = changes_root.split_first().unwrap_or((&"", &[]));
        let checked = Command::new(program)
            .args(options)
            .arg(&folder)
            .args(["/redproof", "check", "/config.yaml"])
            .output();
        match checked {
            Ok(done) if String::from_utf8_lossy(&done.stdout).contains("error[RP") => {
                println!(
                    "   static: {size} bytes run in an empty folder, {:.2} s to the first finding",
                    start.elapsed().as_secs_f32()
                );
                return Ok(());
            }
            Ok(done) => tried.push(format!("{program}: {}", String::from_utf8_lossy(&done.stderr))),
            Err(error) => tried.push(format!("{program}: {error}")),
        }
    }
    Err(format!("the installed command does not run alone: {}", tried.join("; ")))
}

/// The installed command serves the page that came with it.
fn serves_its_site(redproof: &Path) -> Done {
    let failed = |error: std::io::Error| format!("redproof serve: {error}");
    let mut serve = Command::new(redproof)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let fetched = (|| {
        // Kept open: the command ends where nobody reads what it says.
        let mut said = BufReader::new(serve.stdout.take().ok_or("no output")?);
        let mut line = String::new();
        said.read_line(&mut line).map_err(failed)?;
        let address = line.strip_prefix("http://").and_then(|rest| rest.split('/').next());
        let address = address.ok_or_else(|| format!("no address in {line:?}"))?;
        let mut stream = TcpStream::connect(address).map_err(failed)?;
        write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
            .map_err(failed)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map_err(failed)?;
        if answer.starts_with("HTTP/1.1 200") && answer.contains("<title>") {
            Ok(())
        } else {
            Err("the installed command does not serve the page".to_owned())
        }
    })();
    // It may have ended by itself; then there is nothing to stop.
    let _ = serve.kill();
    serve.wait().map_err(failed)?;
    fetched
}
