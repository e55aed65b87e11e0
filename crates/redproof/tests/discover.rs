//! What the command finds beside a config, and what it reports of what it found.

mod folder;

use folder::{Folder, code, stderr, stdout};
use serde_json::Value as Json;

const CONFIG: &str = "\
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
";

const COMPOSE: &str = "\
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.80.0-stable
    command: [--config, /app/config.yaml]
    volumes: [./conf/config.yaml:/app/config.yaml]
    env_file: .env
    environment: {REDIS_SSL: \"true\"}
";

fn write(folder: &Folder, name: &str, text: &str) {
    std::fs::write(folder.path().join(name), text).expect("write a file");
}

fn json(folder: &Folder, arguments: &[&str]) -> Json {
    let output = folder.run(&[arguments, &["--format", "json"]].concat());
    support::schema::read("check", &output.stdout)
}

fn stack() -> Folder {
    Folder::new(&[
        ("conf/config.yaml", CONFIG),
        ("compose.yaml", COMPOSE),
        (".env", "REDIS_HOST=r.example.com\n"),
        (".gitignore", ".env\nbuild/\n"),
        ("build/config.yaml", CONFIG),
        ("venv/pyvenv.cfg", ""),
        ("venv/proxy_config.yaml", CONFIG),
    ])
}

#[test]
fn a_requirement_that_the_newest_does_not_meet_chooses_the_newest_that_does() {
    let folder = Folder::new(&[
        ("config.yaml", CONFIG),
        ("requirements.txt", "litellm[proxy]>=1.70,<1.80\nredis>=6,<7\n"),
    ]);
    let releases = json(&folder, &["check", "config.yaml"])["files"][0]["releases"].clone();
    assert_eq!((&releases["litellm"], &releases["redis_py"]), (&"1.79.3".into(), &"6.4.0".into()));
    assert_eq!(
        (&releases["from"], &releases["redis_py_from"]),
        (&"lock".into(), &"assumed".into())
    );
    let said = stdout(&folder.run(&["check", "config.yaml"]));
    assert!(said.contains("LiteLLM 1.79.3 (the newest that requirements.txt:1 allows)"), "{said}");
}

#[test]
fn a_folder_names_the_one_config_in_it() {
    let folder = stack();
    // Which files were read is noted in the order in which each looked for them.
    let findings = |output: &std::process::Output| -> String {
        stdout(output).lines().filter(|line| !line.starts_with("note:")).collect()
    };
    for command in [
        &["explain"][..],
        &["releases"],
        &["compare", "--to", "1.109.1"],
        &["export", "config"],
        &["diagnose"],
        &["probe", "--timeout", "1", "--resolve", "r.example.com:6379=127.0.0.1:1"],
    ] {
        let of = |config: &str| folder.run(&[command, &[config]].concat());
        let (of_folder, of_file) = (of("."), of("conf/config.yaml"));
        assert_eq!(stderr(&of_folder), stderr(&of_file), "{command:?}");
        assert_eq!(code(&of_folder), code(&of_file), "{command:?}");
        // How long a connection took is another each time.
        if command[0] != "probe" {
            assert_eq!(findings(&of_folder), findings(&of_file), "{command:?}");
        }
    }
    write(&folder, "conf/other.yaml", CONFIG);
    let several = folder.run(&["explain", "."]);
    let says = ". holds 2 configurations; name one of conf/config.yaml, conf/other.yaml";
    assert_eq!((code(&several), stderr(&several)), (2, format!("error: {says}\n")));
    let none = Folder::new(&[("notes.yaml", "a: 1\n")]).run(&["explain", "."]);
    let says = "error: no LiteLLM configuration was found in .\n";
    assert_eq!((code(&none), stderr(&none)), (2, says.to_owned()));
}

#[test]
fn a_file_that_a_config_includes_is_judged_in_it() {
    let folder = Folder::new(&[
        (
            "config.yaml",
            "include: [cache.yaml]\nmodel_list: [{litellm_params: {model: openai/m}, model_name: m}]\n",
        ),
        ("cache.yaml", CONFIG),
    ]);
    for path in [".", "config.yaml"] {
        let found = json(&folder, &["check", path]);
        let files = found["files"].as_array().expect("files");
        assert_eq!(files.len(), 1, "{path}");
        assert_eq!(files[0]["file"], "config.yaml");
        let depends = files[0].to_string().contains("the files that `include` names");
        assert!(!depends, "{}", files[0]);
    }
}

#[test]
fn a_release_before_all_that_are_known_is_judged_as_the_oldest() {
    let oldest = "1.60.0";
    let tag = COMPOSE.replace("v1.80.0-stable", "main-v1.44.5");
    let folder = stack();
    write(&folder, "compose.yaml", &tag);
    let found = json(&folder, &["check", "."]);
    let releases = &found["files"][0]["releases"];
    assert_eq!(releases["litellm"], oldest);
    assert_eq!(releases["from"], "oldest-for-older");
    assert_eq!(releases["image"], "ghcr.io/berriai/litellm:main-v1.44.5");
    let said = stdout(&folder.run(&["check", "."]));
    assert!(said.contains("(the oldest known: that of ghcr.io"), "{said}");
    // A lock file says it as well.
    let folder = Folder::new(&[("config.yaml", CONFIG), ("requirements.txt", "litellm==1.44.5\n")]);
    let found = json(&folder, &["check", "."]);
    let releases = &found["files"][0]["releases"];
    assert_eq!(releases["litellm"], oldest);
    assert_eq!(releases["lock"], "requirements.txt:1");
}

#[test]
fn a_directory_is_judged_as_it_runs() {
    let folder = stack();
    let found = json(&folder, &["check", "."]);
    let files = found["files"].as_array().expect("files");
    assert_eq!(files.len(), 1, "what .gitignore names, and what pip installed, is passed over");
    assert_eq!(files[0]["file"], "conf/config.yaml");
    assert_eq!(files[0]["releases"]["litellm"], "1.80.0");
    let deployment = &files[0]["deployment"];
    assert_eq!(deployment["name"], "compose.yaml, service litellm");
    assert_eq!(
        (&deployment["form"], &deployment["link"]),
        (&"compose file".into(), &"named".into())
    );
    assert_eq!(deployment["files"], serde_json::json!(["compose.yaml", ".env"]));
    let human = stdout(&folder.run(&["check", "."]));
    assert!(
        human.contains("compose.yaml, service litellm runs it; read: compose.yaml, .env"),
        "{human}"
    );
    assert!(human.contains("LiteLLM 1.80.0 (from the image"), "{human}");
    let lone = json(&folder, &["check", ".", "--no-discover"]);
    assert_eq!(lone["files"][0]["releases"]["from"], "newest");
}

#[test]
fn a_config_is_judged_as_it_runs() {
    let folder = stack();
    for arguments in [["check", "conf/config.yaml"], ["explain", "conf/config.yaml"]] {
        let said = stdout(&folder.run(&arguments));
        assert!(said.contains("1.80.0"), "{said}");
    }
    let explained = stdout(&folder.run(&["explain", "conf/config.yaml"]));
    assert!(explained.contains("r.example.com") && explained.contains(".env"), "{explained}");
    // What is named counts; the release is found all the same.
    let named = json(&folder, &["check", "conf/config.yaml", "--env-file", ".env"]);
    assert_eq!(named["files"][0]["releases"]["litellm"], "1.80.0");
    assert_eq!(named["files"][0]["deployment"], Json::Null);
}

#[test]
fn each_deployment_in_one_stream_is_an_answer() {
    let one = |name: &str, tag: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec: {{template: {{spec: {{volumes: [{{name: c, configMap: {{name: litellm}}}}], containers: [{{image: \"ghcr.io/berriai/litellm:{tag}\", args: [--config, /app/config.yaml], volumeMounts: [{{name: c, mountPath: /app}}]}}]}}}}}}\n---\n"
        )
    };
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: litellm}\ndata:\n  config.yaml: |\n    litellm_settings:\n      cache: true\n      cache_params: {type: redis, host: h}\n";
    let stream = format!("{}{}{config}", one("blue", "v1.80.0"), one("green", "v1.93.0"));
    let output = Folder::new(&[]).run_with(&["check", "-", "--format", "json"], &stream);
    let found: Json = serde_json::from_str(&stdout(&output)).expect("JSON");
    let files = found["files"].as_array().expect("files").iter();
    let said: Vec<_> =
        files.map(|file| (&file["deployment"]["name"], &file["releases"]["litellm"])).collect();
    assert_eq!(
        said,
        [
            (&"<stdin>, Deployment blue".into(), &"1.80.0".into()),
            (&"<stdin>, Deployment green".into(), &"1.93.0".into())
        ]
    );
}

/// Two services of one config: what both have in common is said once, and names them.
#[test]
fn what_deployments_have_in_common_is_said_once() {
    let config = "\
# redproof: ignore-file[RP302] a network of our own
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: r.example.com
    password: correct-horse-battery
";
    let service = |name: &str, more: &str| {
        format!(
            "  {name}:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    command: [--config, /c.yaml]\n    volumes: [./config.yaml:/c.yaml]\n{more}"
        )
    };
    let compose = format!(
        "services:\n{}{}",
        service("blue", ""),
        service("green", "    environment: {REDIS_SSL: \"true\", REDIS_SSL_CERT_REQS: none}\n")
    );
    let folder = Folder::new(&[("config.yaml", config), ("compose.yaml", &compose)]);
    let once = |format: &str| {
        let said = stdout(&folder.run(&["check", ".", "--format", format]));
        assert_eq!(said.matches("readable in this file").count(), 1, "{format}: {said}");
        said
    };
    let names = "compose.yaml, service blue; compose.yaml, service green";
    assert!(once("human").contains(&format!("in {names}")), "{}", once("human"));
    for format in ["concise", "github", "gitlab", "rdjson", "sarif", "azure"] {
        let said = once(format).replace("%3A", ":").replace("%2C", ",");
        assert!(said.contains(names), "{format}: {said}");
    }
    // Each deployment is a document of its own.
    let each = json(&folder, &["check", "."]);
    assert_eq!(codes(&each).iter().filter(|code| *code == "RP307").count(), 2, "{each}");
    // The comment silences what only blue has.
    assert!(!once("human").contains("silences nothing"), "{}", once("human"));
    let both = each["files"].as_array().expect("files").iter();
    let mut notes = both.flat_map(|file| file["notes"].as_array().expect("notes"));
    assert!(!notes.any(|note| note["text"].to_string().contains("silences nothing")), "{each}");
    write(&folder, "config.yaml", &config.replace("RP302", "RP101"));
    let unused = stdout(&folder.run(&["check", "."]));
    assert_eq!(unused.matches("silences nothing").count(), 1, "{unused}");
}

#[test]
fn what_an_environment_file_does_not_say_is_said() {
    let folder = Folder::new(&[("config.yaml", CONFIG), ("x.yaml", "a: 1\n")]);
    let said = stdout(&folder.run(&["check", "config.yaml", "--env-file", "x.yaml"]));
    assert!(said.contains("x.yaml:1:1: this file sets nothing for LiteLLM"), "{said}");
    let folder = Folder::new(&[
        ("config.yaml", CONFIG),
        (
            "task.json",
            "{\"containerDefinitions\":[{\"image\":\"ghcr.io/berriai/litellm:v1.80.0-stable\",\"environment\":[{\"name\":\"REDIS_HOST\",\"value\":\"r.example.com\"}]}]}",
        ),
    ]);
    let said = stdout(&folder.run(&["explain", "config.yaml", "--env-file", "task.json"]));
    assert!(said.contains("r.example.com") && said.contains("1.80.0"), "{said}");
}

const LOUD: &str = "\
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: r.example.com
    port: 6379
    ssl: false
    password: correct-horse-battery
router_settings:
  redis_ssl: true
";

fn codes(json: &Json) -> Vec<String> {
    let files = json["files"].as_array().expect("files").iter();
    let found = files.flat_map(|file| file["diagnostics"].as_array().expect("findings"));
    found.map(|one| one["code"].as_str().expect("a code").to_owned()).collect()
}

#[test]
fn findings_are_selected() {
    let folder = Folder::new(&[("config.yaml", LOUD)]);
    let of = |more: &[&str]| codes(&json(&folder, &[&["check", "config.yaml"], more].concat()));
    let all = of(&[]);
    assert!(
        all.iter().any(|code| code == "RP302") && all.iter().any(|code| code == "RP201"),
        "{all:?}"
    );
    assert!(of(&["--select", "RP3"]).iter().all(|code| code.starts_with("RP3")));
    assert!(
        !of(&["--ignore", "plaintext-password,RP2"])
            .iter()
            .any(|code| code == "RP302" || code == "RP201")
    );
    let unknown = folder.run(&["check", "config.yaml", "--ignore", "RP999"]);
    assert_eq!(code(&unknown), 2);
    assert!(stderr(&unknown).contains("no rule RP999"), "{}", stderr(&unknown));
    let zero = folder.run(&["check", "config.yaml", "--fail-on", "hint", "--exit-zero"]);
    assert_eq!(code(&zero), 0);
    let quiet = stdout(&folder.run(&["check", "config.yaml", "-q", "--ignore", "RP"]));
    assert_eq!(quiet, "");
    let counted =
        stdout(&folder.run(&["check", "config.yaml", "-q", "--statistics", "--select", "RP302"]));
    assert!(counted.contains("1 RP302 plaintext-password"), "{counted}");
}

#[test]
fn a_baseline_leaves_what_is_new() {
    let folder = Folder::new(&[("config.yaml", LOUD)]);
    let base = ["check", "config.yaml", "--baseline", "redproof-baseline.json"];
    assert_eq!(code(&folder.run(&base)), 2, "there is none");
    folder.run(&[&base[..], &["--update-baseline"]].concat());
    assert_eq!(codes(&json(&folder, &base)), [""; 0]);
    write(&folder, "config.yaml", &format!("# moved\n{LOUD}  redis_tls: true\n"));
    assert_eq!(codes(&json(&folder, &base)), ["RP201"]);
}

#[test]
fn settings_hold_for_what_lies_below() {
    let folder = Folder::new(&[
        ("deploy/config.yaml", LOUD),
        ("deploy/old/config.yaml", LOUD),
        (
            "redproof.toml",
            "litellm = \"1.80.0\"\nignore = [\"RP201\"]\nexclude = [\"**/old/**\"]\n[[silence]]\nrules = [\"RP302\"]\npaths = [\"deploy/**\"]\nreason = \"ours\"\n",
        ),
    ]);
    let found = json(&folder, &["check", "."]);
    assert_eq!(found["files"].as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(found["files"][0]["releases"]["litellm"], "1.80.0");
    let found = codes(&found);
    assert!(!found.iter().any(|code| code == "RP302" || code == "RP201"), "{found:?}");
    write(&folder, "redproof.toml", "litelm = \"1.80.0\"\n");
    let wrong = folder.run(&["check", "."]);
    assert_eq!(code(&wrong), 2);
    assert!(stderr(&wrong).contains("litelm"), "{}", stderr(&wrong));
}

#[test]
fn settings_say_which_files_form_a_deployment() {
    let folder = Folder::new(&[
        ("a/config.yaml", CONFIG),
        (
            "b/task.json",
            "{\"containerDefinitions\":[{\"image\":\"ghcr.io/berriai/litellm:v1.80.0-stable\",\"environment\":[{\"name\":\"REDIS_HOST\",\"value\":\"r.example.com\"}]}]}",
        ),
        (
            "redproof.toml",
            "[[deployment]]\nconfig = \"a/config.yaml\"\nfiles = [\"b/task.json\"]\n",
        ),
    ]);
    // Neither folder holds the other: only the settings join them.
    let found = json(&folder, &["check", "a/config.yaml"]);
    assert_eq!(found["files"][0]["releases"]["litellm"], "1.80.0", "{found}");
}

#[test]
fn hooks_name_whatever_has_changed() {
    let folder = Folder::new(&[("config.yaml", CONFIG), ("other.yaml", "a: 1\n")]);
    assert_eq!(code(&folder.run(&["check", "other.yaml", "--only-configs"])), 0);
    let both = json(&folder, &["check", "other.yaml", "config.yaml", "--only-configs"]);
    assert_eq!(both["files"].as_array().map(Vec::len), Some(1));
}

#[test]
fn every_format_names_a_place_and_the_rule() {
    // A finding about a variable that no file sets has no place of its own.
    let quick = CONFIG.replace("    host: os.environ/REDIS_HOST\n", "    host: redis\n");
    let folder = Folder::new(&[("config.yaml", quick.as_str())]);
    let run = |format: &str| {
        let arguments = [
            "check",
            "config.yaml",
            "--litellm",
            "1.93.0",
            "--redis-py",
            "5.3.1",
            "--env",
            "REDIS_SSL_CHECK_HOSTNAME=false",
            "--format",
            format,
        ];
        stdout(&folder.run(&arguments))
    };
    let parsed = |format: &str| serde_json::from_str::<Json>(&run(format)).expect("JSON");
    let sarif = parsed("sarif");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert!(!results.is_empty());
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "config.yaml", "{result}");
        assert!(place["region"]["startLine"].as_u64() >= Some(1));
    }
    for rule in sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules") {
        assert!(rule["helpUri"].as_str().is_some_and(|url| url.contains("RP")), "{rule}");
        assert!(rule["shortDescription"]["text"].is_string(), "{rule}");
    }
    let gitlab = parsed("gitlab");
    for issue in gitlab.as_array().expect("a list") {
        assert_eq!(issue["location"]["path"], "config.yaml");
        assert!(issue["fingerprint"].as_str().is_some_and(|print| print.len() == 16));
    }
    let rdjson = parsed("rdjson");
    assert_eq!(rdjson["source"]["name"], "redproof");
    assert!(rdjson["diagnostics"][0]["code"]["url"].is_string());
    let concise = run("concise");
    assert!(concise.lines().all(|line| line.starts_with("config.yaml:")), "{concise}");
    assert_eq!(concise.lines().count(), results.len());
}

#[test]
fn output_goes_where_it_is_told() {
    let folder = Folder::new(&[("config.yaml", LOUD)]);
    let said = folder.run(&["check", "config.yaml", "--format", "json", "-o", "out.json"]);
    assert_eq!(stdout(&said), "");
    let written: Json = serde_json::from_str(
        &std::fs::read_to_string(folder.path().join("out.json")).expect("written"),
    )
    .expect("JSON");
    assert_eq!(written["files"][0]["file"], "config.yaml");
    let verbose = stdout(&stack().run(&["check", "conf/config.yaml", "-v"]));
    assert!(verbose.contains("read: ") && verbose.contains("compose.yaml"), "{verbose}");
}

/// A workflow says what runs; the config that a step of it writes is none of the repository's.
#[test]
fn a_workflow_is_no_config() {
    let workflow = "jobs:\n  test:\n    services:\n      litellm: {image: 'ghcr.io/berriai/litellm:v1.80.0'}\n    steps:\n      - run: |\n          model_list: []\n          router_settings: {}\n";
    let folder = Folder::new(&[
        ("config.yaml", "litellm_settings: {cache: true}\n"),
        (".github/workflows/test.yml", workflow),
    ]);
    let json = folder.run(&["check", ".", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&json)).expect("JSON");
    let files = json["files"].as_array().expect("files");
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(files[0]["releases"]["litellm"], "1.80.0");
}

/// What has to change is the line of the variable, not the config that names it.
#[test]
fn a_host_is_wrong_where_its_variable_is_set() {
    for (host, code) in [("localhost", "RP723"), ("redis-cache", "RP724")] {
        let compose = format!(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.80.0-stable\n    volumes: [./config.yaml:/app/config.yaml]\n    environment:\n      REDIS_HOST: {host}\n      REDIS_PORT: 6379\n  redis: {{image: redis:7}}\n"
        );
        let folder = Folder::new(&[("config.yaml", CONFIG), ("compose.yaml", &compose)]);
        let document = json(&folder, &["check", "."]);
        let found = document["files"][0]["diagnostics"].as_array().expect("a list");
        let found = found.iter().find(|one| one["code"] == code).expect(code);
        let (at, read) = (&found["location"], &found["related"][0]);
        assert_eq!((&at["file"], &at["start"]["line"]), (&"compose.yaml".into(), &6.into()));
        assert_eq!(found["path"], "litellm_settings.cache_params.host");
        assert_eq!(
            (&read["location"]["file"], &read["text"]),
            (&"config.yaml".into(), &"read here".into())
        );
    }
}
