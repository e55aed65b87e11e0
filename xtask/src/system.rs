//! Programs that come from the operating system.

use crate::shell::{Done, command, run, step, which};

/// A program, the Debian package that holds it, and what needs it.
struct Needed {
    programs: &'static [&'static str],
    package: &'static str,
    purpose: &'static str,
}

const FOR_TESTS: &[Needed] = &[
    Needed {
        programs: &["redis-server"],
        package: "redis-server",
        purpose: "the tests against real servers",
    },
    Needed {
        programs: &["chromium", "chromium-browser", "google-chrome"],
        package: "chromium",
        purpose: "the browser tests",
    },
    Needed {
        programs: &["chromedriver"],
        package: "chromium-driver",
        purpose: "the browser tests",
    },
    Needed {
        programs: &["firefox-esr", "firefox"],
        package: "firefox-esr",
        purpose: "the browser tests",
    },
    #[cfg(target_os = "linux")]
    Needed { programs: &["musl-gcc"], package: "musl-tools", purpose: "the static wheel" },
    Needed { programs: &["valgrind"], package: "valgrind", purpose: "counting instructions" },
];

/// Installs what the tests need and the machine lacks; where it may not, says what to run.
pub(crate) fn install_for_tests() -> Done {
    install(FOR_TESTS)
}

/// Installs redis-server alone.
pub(crate) fn install_redis() -> Done {
    let is_redis = |needed: &&Needed| needed.package == "redis-server";
    FOR_TESTS.iter().find(is_redis).map_or(Ok(()), |redis| install(std::slice::from_ref(redis)))
}

fn install(wanted: &[Needed]) -> Done {
    let missing: Vec<&Needed> = wanted
        .iter()
        .filter(|needed| needed.programs.iter().all(|program| which(program).is_none()))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|needed| needed.package).collect();
    let by_hand = || {
        let why: Vec<String> = missing
            .iter()
            .map(|needed| format!("{} for {}", needed.package, needed.purpose))
            .collect();
        format!(
            "missing {}; install with\n\n    sudo apt-get install --no-install-recommends {}\n",
            why.join(", "),
            packages.join(" ")
        )
    };
    let mut apt = match prefix() {
        Some(prefix) if which("apt-get").is_some() => prefix,
        _ => return Err(by_hand()),
    };
    step(&format!("apt-get install {}", packages.join(" ")), || {
        apt.push("apt-get");
        let with = |words: &[&str]| {
            let mut command = command(apt[0]);
            // Debian starts a packaged server at once: the tests start their own.
            command.args(&apt[1..]).args(words).env("RUNLEVEL", "1");
            command.env("DEBIAN_FRONTEND", "noninteractive");
            command
        };
        let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
        install.extend(&packages);
        run(&mut with(&["update", "-qq"]))
            .and_then(|()| run(&mut with(&install)))
            .map_err(|error| format!("{error}\n{}", by_hand()))
    })
}

/// The words before a command that needs the administrator; `None` when that is not allowed
/// without asking for a password.
fn prefix() -> Option<Vec<&'static str>> {
    let id = crate::shell::output(command("id").arg("-u")).ok()?;
    if id.trim() == "0" {
        return Some(Vec::new());
    }
    which("sudo")?;
    crate::shell::output(command("sudo").args(["-n", "true"])).is_ok().then(|| vec!["sudo", "-n"])
}
