//! Asks the programs that read exported files what they read in them.

use std::path::Path;
use std::process::Stdio;

use crate::shell::{Done, cargo, command, root, run, target_dir, which};
use crate::truth::download_dotenv;

/// The last compose in Python. It asks for a `PyYAML` that no longer builds, and works with this.
const COMPOSE: &str = "docker-compose==1.29.2";
const COMPOSE_NEEDS: [&str; 11] = [
    "PyYAML==6.0.3",
    "cached-property==2.0.1",
    "distro==1.9.0",
    "docker==6.1.3",
    "dockerpty==0.4.1",
    "docopt==0.6.2",
    "jsonschema==3.2.0",
    "python-dotenv==0.21.1",
    "setuptools==80.9.0",
    "texttable==1.7.2",
    "websocket-client==0.59.0",
];
/// AWS's client, which checks task definitions before it sends them.
const AWS: &str = "botocore==1.40.0";
/// The published schemas of Kubernetes' API.
const KUBERNETES: &str = "kubernetes-validate==1.34.1";

/// Writes `truth/exports/recording.json` again.
pub(crate) fn record() -> Done {
    for program in ["docker", "kubectl"] {
        if which(program).is_none() {
            return Err(format!(
                "{program} is missing: install its command line; no server is asked"
            ));
        }
    }
    let folder = target_dir().join("exports");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let compose =
        environment(&folder.join("compose"), &[&["--no-deps", COMPOSE], &COMPOSE_NEEDS, &[AWS]])?;
    let kubernetes = environment(&folder.join("kubernetes"), &[&[KUBERNETES]])?;
    download_dotenv(&kubernetes, &folder)?;
    asked("exported-cases", "judge.py", "recording.json", &compose, &folder)?;
    asked("patched-cases", "patches.py", "patches.json", &compose, &folder)
}

/// Gives the cases that a program writes to a recorder, and keeps what it records.
fn asked(program: &str, recorder: &str, golden: &str, python: &Path, folder: &Path) -> Done {
    run(&mut cargo(&["build", "--quiet", "--locked", "-p", "redproof-tests", "--bin", program]))?;
    let (cases, answers) = (folder.join("cases.json"), folder.join("recorded.json"));
    let golden = root().join("truth/exports").join(golden);
    run(command(target_dir().join("debug").join(program)).stdout(file(&cases)?))?;
    let input = std::fs::File::open(&cases).map_err(|error| said(&cases, &error))?;
    run(command(python)
        .arg("-B")
        .arg(Path::new("truth/exports").join(recorder))
        .arg(folder)
        .stdin(Stdio::from(input))
        .stdout(file(&answers)?))?;
    std::fs::copy(&answers, &golden).map(|_| ()).map_err(|error| said(&golden, &error))
}

/// The Python of an environment with these packages.
fn environment(folder: &Path, installs: &[&[&str]]) -> Result<std::path::PathBuf, String> {
    let python = folder.join("bin/python");
    if !python.is_file() {
        run(command("python3").args(["-m", "venv"]).arg(folder))?;
    }
    for packages in installs {
        run(command(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(*packages))?;
    }
    Ok(python)
}

fn file(path: &Path) -> Result<Stdio, String> {
    std::fs::File::create(path).map(Stdio::from).map_err(|error| said(path, &error))
}

fn said(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
