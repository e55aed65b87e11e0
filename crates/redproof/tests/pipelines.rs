//! What pipelines call: the pre-commit hooks' entries, the action's script, the command alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const WRONG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    hots: x\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run(command: &mut Command) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = command.output().expect("it starts");
    let said = [stdout, stderr].concat();
    (status.code(), String::from_utf8_lossy(&said).into_owned())
}

/// The entry of a hook of `.pre-commit-hooks.yaml`, as pre-commit calls it: with the changed files.
fn hook(id: &str) -> Command {
    let manifest = fs::read_to_string(root().join(".pre-commit-hooks.yaml")).expect("the hooks");
    let hooks: Value = serde_yaml::from_str(&manifest).expect("YAML");
    let hooks = hooks.as_array().expect("a list");
    let hook = hooks.iter().find(|hook| hook["id"] == id).expect("the hook");
    let mut words = hook["entry"].as_str().expect("an entry").split(' ');
    assert_eq!(words.next(), Some("redproof"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_redproof"));
    command.args(words);
    command
}

#[test]
fn the_hooks_pass_over_what_is_no_config() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("config.yaml");
    let other = folder.path().join("compose.yaml");
    fs::write(&other, "services: {web: {image: nginx}}\n").expect("a file");
    fs::write(&config, WRONG).expect("a file");
    let (code, said) = run(hook("redproof").arg(&other));
    assert_eq!((code, said.contains("RP")), (Some(0), false), "{said}");
    let (code, said) = run(hook("redproof").arg(&other).arg(&config));
    assert!(code == Some(1) && said.contains("RP103"), "{said}");
    let (code, said) = run(hook("redproof-fix").arg(&other).arg(&config));
    assert_eq!(code, Some(0), "{said}");
    let fixed = fs::read_to_string(&config).expect("the config");
    assert!(!fixed.contains("hots: x"), "{fixed}");
    assert_eq!(fs::read_to_string(&other).expect("a file"), "services: {web: {image: nginx}}\n");
}

/// pre-commit installs a repository from source: that of the hooks alone asks for the wheel.
#[test]
fn the_hooks_over_the_wheel_are_the_same() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("a file");
    assert_eq!(read("deploy/pre-commit/.pre-commit-hooks.yaml"), read(".pre-commit-hooks.yaml"));
    let package = read("deploy/pre-commit/pyproject.toml");
    let version = env!("CARGO_PKG_VERSION");
    for line in
        [format!("version = \"{version}\""), format!("dependencies = [\"redproof=={version}\"]")]
    {
        assert!(package.contains(&line), "{line} in {package}");
    }
}

/// GitLab takes components from this folder alone.
#[test]
fn the_gitlab_component_runs_the_command() {
    let text = fs::read_to_string(root().join("templates/redproof.yml")).expect("the component");
    let (inputs, job) = text.split_once("\n---\n").expect("inputs, then jobs");
    let inputs: Value = serde_yaml::from_str(inputs).expect("YAML");
    let mut script = job.to_owned();
    for (name, input) in inputs["spec"]["inputs"].as_object().expect("inputs") {
        let given = input["default"].as_str().expect("each has a default");
        script = script.replace(&format!("$[[ inputs.{name} ]]"), given);
    }
    assert!(!script.contains("$[["), "{script}");
    let job: Value = serde_yaml::from_str(&script).expect("YAML");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("config.yaml"), WRONG).expect("a file");
    let programs = Path::new(env!("CARGO_BIN_EXE_redproof")).parent().expect("a folder");
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").expect("a path"));
    let lines = job["redproof"]["script"].as_array().expect("a script");
    let ends: Vec<Option<i32>> = lines
        .iter()
        .filter_map(Value::as_str)
        .filter(|line| line.starts_with("redproof "))
        .map(|line| {
            let mut shell = Command::new("sh");
            run(shell.args(["-c", line]).current_dir(folder.path()).env("PATH", &path)).0
        })
        .collect();
    assert_eq!(ends, [Some(0), Some(1)], "a report, then what is wrong");
    let report = &job["redproof"]["artifacts"]["reports"]["codequality"];
    let report = folder.path().join(report.as_str().expect("a report"));
    let report: Value =
        serde_json::from_str(&fs::read_to_string(report).expect("a report")).expect("JSON");
    assert_eq!(report[0]["check_name"], "RP103", "{report}");
}

#[test]
fn the_actions_script_annotates_and_writes_sarif() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("config.yaml"), WRONG).expect("a file");
    let programs = Path::new(env!("CARGO_BIN_EXE_redproof")).parent().expect("a folder");
    let path = std::env::var("PATH").expect("a path");
    let outputs = folder.path().join("outputs");
    let (code, said) = run(Command::new("bash")
        .arg(root().join("deploy/github/check.sh"))
        .current_dir(folder.path())
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("REDPROOF_PATHS", ".")
        .env("REDPROOF_ARGUMENTS", "--litellm 1.110.2")
        .env("REDPROOF_SARIF", "found.sarif")
        .env("GITHUB_OUTPUT", &outputs));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("::error file=config.yaml,line=6"), "{said}");
    let sarif = fs::read_to_string(folder.path().join("found.sarif")).expect("SARIF");
    let sarif: Value = serde_json::from_str(&sarif).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "RP103");
    assert_eq!(fs::read_to_string(outputs).expect("outputs"), "sarif=found.sarif\n");
}

/// The action's comment, with a `gh` that notes what it is asked.
#[test]
fn a_pull_request_gets_one_comment_and_none_where_nothing_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let programs = Path::new(env!("CARGO_BIN_EXE_redproof")).parent().expect("a folder");
    fs::create_dir_all(at("bin")).expect("a folder");
    let gh = "#!/bin/sh\n\
        [ -n \"$REFUSED\" ] && exit 1\n\
        case \"$*\" in *--method*) echo \"$*\" >> \"$ASKED\";; *) echo \"$OLD\";; esac\n";
    fs::write(at("bin/gh"), gh).expect("a file");
    let (code, said) = run(Command::new("chmod").arg("+x").arg(at("bin/gh")));
    assert_eq!(code, Some(0), "{said}");
    let repository = at("repository");
    fs::create_dir_all(&repository).expect("a folder");
    let git = |words: &[&str]| {
        let name = ["-c", "user.name=a", "-c", "user.email=a@localhost"];
        let (code, said) = run(Command::new("git").args(name).args(words).current_dir(&repository));
        assert_eq!(code, Some(0), "{said}");
        said.trim().to_owned()
    };
    let right = WRONG.replace("    hots: x\n", "");
    git(&["init", "--quiet"]);
    git(&["remote", "add", "origin", "."]);
    git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    fs::write(repository.join("config.yaml"), &right).expect("a file");
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "Right"]);
    let base = git(&["rev-parse", "HEAD"]);
    let comment = |text: &str, old: &str, refused: &str| {
        fs::write(repository.join("config.yaml"), text).expect("a file");
        // There is none before the first.
        let _ = fs::remove_file(at("asked"));
        let path = std::env::var("PATH").expect("a path");
        let (bin, programs) = (at("bin"), programs.display());
        let (code, said) = run(Command::new("bash")
            .arg(root().join("deploy/github/comment.sh"))
            .current_dir(&repository)
            .env("PATH", format!("{}:{programs}:{path}", bin.display()))
            .env("REDPROOF_PATHS", ".")
            .env("BASE", &base)
            .env("NUMBER", "7")
            .env("GITHUB_REPOSITORY", "a/b")
            .env("ASKED", at("asked"))
            .env("OLD", old)
            .env("REFUSED", refused));
        (code, fs::read_to_string(at("asked")).unwrap_or_default(), said)
    };
    let (code, asked, said) = comment(&right, "", "");
    assert_eq!((code, asked.as_str()), (Some(0), ""), "{said}");
    let (code, asked, said) = comment(WRONG, "", "");
    assert!(code == Some(1) && asked.contains("POST repos/a/b/issues/7/comments"), "{said}{asked}");
    assert!(asked.contains("does not start"), "{asked}");
    let (code, asked, said) = comment(&right, "41\n40", "");
    assert!(code == Some(0) && asked.contains("PATCH repos/a/b/issues/comments/41"), "{said}");
    let (code, _, said) = comment(WRONG, "", "yes");
    assert!(code == Some(1) && said.contains("::warning::"), "{said}");
}

#[test]
fn every_action_is_pinned_to_a_commit() {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join(".github/workflows"))
        .expect("workflows")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.push(root().join("action.yml"));
    for file in files {
        let text = fs::read_to_string(&file).expect("a workflow");
        let _: Value = serde_yaml::from_str(&text).expect("YAML");
        for line in text.lines() {
            let Some((_, action)) = line.split_once("uses: ") else { continue };
            let pin = action.split(['@', ' ']).nth(1).unwrap_or_default();
            assert!(
                pin.len() == 40 && pin.chars().all(|one| one.is_ascii_hexdigit()),
                "{}: {action}",
                file.display()
            );
        }
    }
}

#[test]
fn the_command_alone_says_what_to_do_next() {
    let (code, said) = run(&mut Command::new(env!("CARGO_BIN_EXE_redproof")));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("redproof check ."), "{said}");
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, said) =
        run(Command::new(env!("CARGO_BIN_EXE_redproof")).arg("man").arg(folder.path()));
    assert_eq!(code, Some(0), "{said}");
    let page = fs::read_to_string(folder.path().join("redproof-check.1")).expect("a page");
    assert!(page.contains(".SH SYNOPSIS"), "{page}");
}

#[test]
fn serve_finds_the_site_that_was_installed_with_it() {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("bin/redproof");
    let site = folder.path().join("share/redproof/site");
    fs::create_dir_all(&site).expect("a folder");
    fs::create_dir_all(folder.path().join("bin")).expect("a folder");
    fs::write(site.join("index.html"), "the installed page").expect("a page");
    fs::copy(env!("CARGO_BIN_EXE_redproof"), &program).expect("a copy");
    let mut serve = Command::new(&program)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = BufReader::new(serve.stdout.take().expect("its output"));
    let mut line = String::new();
    said.read_line(&mut line).expect("an address");
    let address = line.trim_start_matches("http://").split('/').next().expect("an address");
    let mut stream = std::net::TcpStream::connect(address).expect("it listens");
    write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
        .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    serve.kill().expect("it runs");
    serve.wait().expect("it ends");
    assert!(answer.ends_with("the installed page"), "{answer}");
}
