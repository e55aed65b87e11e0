//! The binary from outside: what it prints, what it exits with, what it does to files.

mod folder;

use std::fs;

use folder::{Folder, code, stderr, stdout};

const CONFIG: &str = "\
# The cache.
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
    port: 6379
    password: hunter2-hunter2
    connection_pool_timeout: 5  # seconds
router_settings:
  redis_ssl: true
";

const SOUND: &str = "\
litellm_settings:
  cache: true
  cache_params: {type: redis, host: redis.internal, port: 6379, ssl: true}
";

const OLD: [&str; 4] = ["--litellm", "1.80.0", "--redis-py", "5.3.1"];

#[test]
fn check_prints_code_frames() {
    let folder = Folder::new(&[("config.yaml", CONFIG), (".env", "REDIS_HOST=redis.internal\n")]);
    let output = folder.run(&[&["check", "config.yaml", "--env-file", ".env"][..], &OLD].concat());
    insta::assert_snapshot!(stdout(&output));
    assert_eq!(code(&output), 1);
    assert_eq!(stderr(&output), "");
}

#[test]
fn check_prints_json() {
    let folder = Folder::new(&[("config.yaml", CONFIG)]);
    let output = folder.run(&[&["check", "config.yaml", "--format", "json"][..], &OLD].concat());
    let json = support::schema::read("check", &output.stdout);
    assert_eq!(json["schema"], 1);
    let file = &json["files"][0];
    assert_eq!(file["file"], "config.yaml");
    assert_eq!(file["startup"]["exception"], "TypeError");
    let found = file["diagnostics"].as_array().expect("a list");
    let found = found.iter().find(|one| one["code"] == "RP103").expect("the unknown argument");
    assert_eq!(found["severity"], "error");
    assert_eq!(found["location"]["start"]["line"], 9);
    assert_eq!(found["location"]["start"]["column"], 5);
    assert_eq!(json["summary"]["failed"], true);
}

#[test]
fn machine_formats_are_well_formed() {
    let folder = Folder::new(&[("a.yaml", CONFIG), ("b,c.yaml", CONFIG), ("d.yaml", SOUND)]);
    let files = ["check", "a.yaml", "b,c.yaml", "d.yaml", "--format"];
    let sarif = folder.run(&[&files[..], &["sarif"]].concat());
    let sarif: serde_json::Value = serde_json::from_str(&stdout(&sarif)).expect("SARIF");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(results.iter().all(|one| rules.iter().any(|rule| rule["id"] == one["ruleId"])));
    assert!(
        results
            .iter()
            .any(|one| one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                == "b%2Cc.yaml")
    );
    let github = stdout(&folder.run(&[&files[..], &["github"]].concat()));
    assert!(github.contains("::error file=b%2Cc.yaml,line=9,endLine=9,col=5,"), "{github}");
    let azure = stdout(&folder.run(&[&files[..], &["azure"]].concat()));
    let issue =
        "##vso[task.logissue type=error;sourcepath=b,c.yaml;linenumber=9;columnnumber=5;code=";
    assert!(azure.lines().any(|line| line.starts_with(issue)), "{azure}");
    let junit = stdout(&folder.run(&[&files[..], &["junit"]].concat()));
    insta::assert_snapshot!(junit);
}

#[test]
fn no_output_holds_a_secret() {
    let folder =
        Folder::new(&[("config.yaml", CONFIG), (".env", "REDIS_PASSWORD=hunter2-other\n")]);
    for arguments in [
        &["check", "config.yaml"][..],
        &["check", "config.yaml", "--format", "json"],
        &["check", "config.yaml", "--format", "sarif"],
        &["check", "config.yaml", "--format", "github"],
        &["check", "config.yaml", "--format", "junit"],
        &["explain", "config.yaml"],
        &["explain", "config.yaml", "--format", "json"],
        &["fix", "--diff", "--unsafe", "config.yaml"],
        &["compare", "config.yaml", "--from=1.80.0"],
        &["compare", "config.yaml", "--from=1.80.0", "--format", "json"],
    ] {
        let output = folder.run(&[arguments, &["--env-file", ".env"]].concat());
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert!(!said.contains("hunter2"), "{arguments:?}: {said}");
    }
}

const UPGRADE: &str = "\
general_settings:
  coordination_redis: {host: redis-coordination, port: 6380, password: hunter2-third}
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.internal
    port: 6379
    password: hunter2-hunter2
    ssl: false
";

#[test]
fn compare_prints_before_and_after() {
    let folder = Folder::new(&[
        ("config.yaml", UPGRADE),
        (".env", "REDIS_URL=rediss://:hunter2-other@elsewhere:6390/2\n"),
    ]);
    let output = folder.run(&[
        "compare",
        "config.yaml",
        "--env-file",
        ".env",
        "--from=1.80.0",
        "--to=1.109.1",
        "--from-redis-py=5.3.1",
        "--to-redis-py=8.1.0",
    ]);
    insta::assert_snapshot!(stdout(&output));
    assert_eq!(code(&output), 1);
    assert_eq!(stderr(&output), "");
}

#[test]
fn compare_says_what_goes_wrong_on_the_way() {
    let folder = Folder::new(&[("config.yaml", SOUND.replace(", ssl: true", "").as_str())]);
    let output = folder.run(&[
        "compare",
        "config.yaml",
        "--env=REDIS_SSL=true",
        "--env=REDIS_PASSWORD=hunter2-hunter2",
        "--from=1.80.0",
        "--to=1.109.1",
        "--from-redis-py=5.3.1",
        "--to-redis-py=8.1.0",
    ]);
    insta::assert_snapshot!(stdout(&output));
    assert_eq!(code(&output), 0);
}

#[test]
fn compare_takes_today_from_the_image() {
    let image = "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:main-v1.80.0-stable\n";
    let folder = Folder::new(&[("config.yaml", SOUND), ("compose.yaml", image)]);
    let output = folder.run(&["compare", "config.yaml", "--env-file", "compose.yaml"]);
    assert!(stdout(&output).contains("today  LiteLLM 1.80.0"), "{}", stdout(&output));
    let unknown = folder.run(&["compare", "config.yaml", "--no-discover"]);
    assert_eq!(code(&unknown), 2);
    assert!(stderr(&unknown).contains("--from"), "{}", stderr(&unknown));
    let found = folder.run(&["compare", "config.yaml"]);
    assert!(stdout(&found).contains("today  LiteLLM 1.80.0"), "{}", stdout(&found));
}

#[test]
fn compare_of_equal_releases_finds_nothing() {
    let folder = Folder::new(&[("config.yaml", SOUND)]);
    let output = folder.run(&["compare", "config.yaml", "--from=1.80.0", "--to=1.80.0"]);
    assert!(stdout(&output).contains("nothing changes"), "{}", stdout(&output));
    assert_eq!(code(&output), 0);
}

#[test]
fn lock_files_beside_the_config_choose_the_releases() {
    let lock = "[[package]]\nname = \"litellm\"\nversion = \"1.92.0\"\n\n[[package]]\nname = \"redis\"\nversion = \"6.4.0\"\n";
    let folder = Folder::new(&[
        ("locked/config.yaml", SOUND),
        ("locked/uv.lock", lock),
        ("locked/requirements.txt", "redis==5.0.8\n"),
        ("ranged/config.yaml", SOUND),
        ("ranged/requirements.txt", "litellm[proxy]==1.79.0\nredis>=5\n"),
        ("compose.yaml", "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.80.0\n"),
    ]);
    let json = |arguments: &[&str]| -> serde_json::Value {
        let all = [&["check"], arguments, &["--format", "json"]].concat();
        let output = stdout(&folder.run(&all));
        let json: serde_json::Value = serde_json::from_str(&output).expect("JSON");
        json["files"][0].clone()
    };
    let releases = json(&["locked/config.yaml"])["releases"].clone();
    assert_eq!((&releases["litellm"], &releases["from"]), (&"1.92.0".into(), &"lock".into()));
    assert_eq!(releases["lock"], "locked/uv.lock:3");
    assert_eq!(
        (&releases["redis_py"], &releases["redis_py_from"]),
        (&"6.4.0".into(), &"lock".into())
    );
    assert_eq!(releases["redis_py_lock"], "locked/uv.lock:7");
    let tagged = json(&["locked/config.yaml", "--env-file", "compose.yaml"])["releases"].clone();
    assert_eq!((&tagged["litellm"], &tagged["redis_py"]), (&"1.80.0".into(), &"6.4.0".into()));
    let asked = json(&["locked/config.yaml", "--redis-py", "7.0.0"])["releases"].clone();
    assert_eq!((&asked["redis_py"], &asked["redis_py_from"]), (&"7.0.0".into(), &"asked".into()));
    let ranged = json(&["ranged/config.yaml"]);
    assert_eq!(ranged["releases"]["redis_py"], "5.2.1");
    assert_eq!(ranged["releases"]["redis_py_from"], "assumed", "pip installs the newest");
    let note = ranged["notes"][0]["text"].as_str().expect("a note");
    assert!(note.contains("`redis>=5` (ranged/requirements.txt:2)"), "{note}");
    let human = stdout(&folder.run(&["check", "locked/config.yaml"]));
    let said = "LiteLLM 1.92.0 (from locked/uv.lock:3) on redis-py 6.4.0 (from locked/uv.lock:7)";
    assert!(human.contains(said), "{human}");
    let upgrade = stdout(&folder.run(&["compare", "locked/config.yaml", "--to=1.109.1"]));
    assert!(upgrade.contains("then   LiteLLM 1.109.1 on redis-py 6.4.0"), "{upgrade}");
}

#[test]
fn a_variable_by_its_name_alone_is_taken_from_here() {
    let folder = Folder::new(&[("good.yaml", SOUND)]);
    // The tests' own environment has it, whatever runs them.
    let json = |env: &str| {
        let output = folder.run(&["explain", "good.yaml", "--env", env, "--format", "json"]);
        (code(&output), stderr(&output))
    };
    assert_eq!(json("PATH").0, 0);
    for unset in ["S3CRET_not_set", "=s3cret"] {
        let (code, said) = json(unset);
        assert_eq!(code, 2);
        assert!(said.contains("--env") && !said.to_lowercase().contains("s3cret"), "{said}");
    }
}

#[test]
fn exit_codes_mean_what_they_say() {
    let folder = Folder::new(&[("bad.yaml", CONFIG), ("good.yaml", SOUND), ("latin1.yaml", "")]);
    fs::write(folder.path().join("latin1.yaml"), b"a: \xe9\n").expect("write a file");
    let ends = |arguments: &[&str]| code(&folder.run(arguments));
    assert_eq!(ends(&["check", "good.yaml"]), 0);
    assert_eq!(ends(&["check", "bad.yaml"]), 1);
    assert_eq!(ends(&["check", "good.yaml", "absent.yaml"]), 2);
    assert_eq!(ends(&["check", "latin1.yaml"]), 2);
    assert_eq!(ends(&["check", "good.yaml", "--litellm", "1.2.3"]), 2);
    assert_eq!(ends(&["check"]), 2);
    assert_eq!(ends(&["check", "good.yaml", "--env", "NOVALUE"]), 2);
    assert_eq!(ends(&["explain", "bad.yaml"]), 1);
    assert_eq!(ends(&["explain", "good.yaml"]), 0);
    assert_eq!(ends(&["compare", "good.yaml", "--from=1.92.0", "--to=1.93.0"]), 0);
    assert_eq!(ends(&["compare", "good.yaml", "--from=1.2.3"]), 2);
    assert_eq!(ends(&["compare", "absent.yaml", "--from=1.80.0"]), 2);
}

#[test]
fn a_release_that_is_too_old_is_refused_and_a_newer_one_is_simulated_as_the_newest() {
    let folder = Folder::new(&[("config.yaml", SOUND)]);
    let output = folder.run(&["check", "config.yaml", "--litellm", "1.59.0"]);
    let said = stderr(&output);
    assert!(said.contains("LiteLLM 1.59.0 is not supported"), "{said}");
    assert!(said.contains("oldest supported is 1.60.0"), "{said}");
    let output = folder.run(&["check", "config.yaml", "--litellm", "9.9.9"]);
    let said = stdout(&output);
    assert!(said.contains("LiteLLM 9.9.9 is not known here"), "{said}");
    assert_eq!(code(&output), 0);
}

#[test]
fn standard_input_is_a_dash() {
    let folder = Folder::new(&[]);
    let output = folder.run_with(&["check", "-"], CONFIG);
    assert!(stdout(&output).contains("<stdin>:9:5"), "{}", stdout(&output));
}

#[test]
fn directories_are_walked_in_order() {
    let folder = Folder::new(&[
        ("deploy/b.yaml", CONFIG),
        ("deploy/a.yml", CONFIG),
        ("deploy/other.yaml", "services: {}\n"),
        ("deploy/notes.txt", CONFIG),
        ("deploy/.git/c.yaml", CONFIG),
        ("deploy/node_modules/d.yaml", CONFIG),
    ]);
    let output = folder.run(&["check", "deploy", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let files: Vec<_> =
        json["files"].as_array().expect("files").iter().map(|one| &one["file"]).collect();
    assert_eq!(files, ["deploy/a.yml", "deploy/b.yaml"]);
    let empty = Folder::new(&[("x.yaml", "a: 1\n")]);
    assert_eq!(code(&empty.run(&["check", "."])), 2);
}

#[test]
fn many_files_come_out_in_order() {
    let names: Vec<String> = (0..600).map(|number| format!("c{number:03}.yaml")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), CONFIG)).collect();
    let output = Folder::new(&files).run(&["check", ".", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let printed = json["files"].as_array().expect("files").iter();
    let printed: Vec<String> =
        printed.map(|one| one["file"].as_str().expect("a name").to_owned()).collect();
    assert_eq!(printed, names);
}

#[test]
fn explain_names_every_origin() {
    let folder = Folder::new(&[
        ("config.yaml", SOUND),
        (
            ".env",
            "REDIS_USERNAME=app\nREDIS_PASSWORD=hunter2-hunter2\nREDIS_DB=3\nREDIS_HOST=loses\n",
        ),
    ]);
    let output =
        folder.run(&[&["explain", "config.yaml", "--env-file", ".env"][..], &OLD].concat());
    insta::assert_snapshot!(stdout(&output));
    let revealed =
        folder.run(&["explain", "config.yaml", "--env-file", ".env", "--reveal-secrets"]);
    assert!(stdout(&revealed).contains("hunter2-hunter2"));
}

#[test]
fn explain_lists_what_hangs_on_a_secret() {
    let deployment = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm}
spec:
  template:
    spec:
      containers:
        - name: litellm
          env:
            - name: REDIS_SSL
              valueFrom: {secretKeyRef: {name: redis, key: ssl}}
";
    let config = SOUND.replace(", ssl: true", "");
    let folder = Folder::new(&[("config.yaml", &config), ("deployment.yaml", deployment)]);
    let arguments = ["explain", "config.yaml", "--env-file", "deployment.yaml"];
    let output = folder.run(&[&arguments[..], &OLD].concat());
    let said = stdout(&output);
    let start = said.find("depends on").expect("the variable is named");
    let end = start + said[start..].find("\n\n").expect("an empty line");
    insta::assert_snapshot!(&said[start..end]);
    let json = folder.run(&[&arguments[..], &OLD, &["--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&stdout(&json)).expect("JSON");
    let depends = &json["depends_on"][0];
    assert_eq!(depends["variable"], "REDIS_SSL");
    assert_eq!(depends["location"]["file"], "deployment.yaml");
    assert_eq!(depends["cases"][1]["when"], serde_json::json!(["false", "empty"]));
    assert_eq!(depends["cases"][1]["effects"][0]["value"], "plaintext");
}

/// Git and patch take the diff of a file with Windows' line ends and a mark of the byte order.
#[test]
fn a_diff_is_a_patch_whatever_the_lines_end_with() {
    let lines = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis\n    port: 6379\n    connection_pool_timeout: 5\n";
    let windows = lines.replace('\n', "\r\n");
    for text in [
        lines.to_owned(),
        windows.clone(),
        format!("\u{feff}{lines}"),
        format!("\u{feff}{windows}"),
    ] {
        let folder = Folder::new(&[("config.yaml", &text), ("fixed.yaml", &text)]);
        let diff = folder.run(&["fix", "--diff", "--no-discover", "config.yaml"]).stdout;
        fs::write(folder.path().join("fix.patch"), diff).expect("written");
        folder.run(&["fix", "--no-discover", "fixed.yaml"]);
        let applied = std::process::Command::new("git")
            .args(["apply", "-p0", "fix.patch"])
            .current_dir(folder.path())
            .output()
            .expect("git");
        assert!(applied.status.success(), "{text:?}: {}", String::from_utf8_lossy(&applied.stderr));
        let read = |name| fs::read_to_string(folder.path().join(name)).expect("read");
        assert_eq!(read("config.yaml"), read("fixed.yaml"));
        assert_ne!(read("config.yaml"), text, "there is something to fix");
    }
}

#[test]
fn fix_shows_then_mends_and_is_done() {
    let folder = Folder::new(&[("config.yaml", CONFIG)]);
    let path = folder.path().join("config.yaml");
    let shown = folder.run(&["fix", "--diff", "config.yaml"]);
    insta::assert_snapshot!(stdout(&shown));
    assert_eq!(code(&shown), 1);
    assert_eq!(fs::read_to_string(&path).expect("read"), CONFIG, "--diff changes nothing");
    folder.run(&["fix", "config.yaml"]);
    let fixed = fs::read_to_string(&path).expect("read");
    assert!(
        !fixed.contains("connection_pool_timeout") && fixed.starts_with("# The cache.\n"),
        "{fixed}"
    );
    let again = folder.run(&["fix", "config.yaml"]);
    assert_eq!(stdout(&again), "");
    assert_eq!(fs::read_to_string(&path).expect("read"), fixed);
}

#[test]
fn fix_mends_standard_input() {
    let output = Folder::new(&[]).run_with(&["fix", "-"], CONFIG);
    assert!(!stdout(&output).contains("connection_pool_timeout"));
    assert!(stdout(&output).contains("password: hunter2-hunter2"), "a filter keeps the text");
}

#[cfg(unix)]
#[test]
fn fix_keeps_permissions_and_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new(&[("real.yaml", CONFIG)]);
    let real = folder.path().join("real.yaml");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("chmod");
    symlink("real.yaml", folder.path().join("link.yaml")).expect("link");
    folder.run(&["fix", "link.yaml"]);
    let link = fs::symlink_metadata(folder.path().join("link.yaml")).expect("stat");
    assert!(link.file_type().is_symlink());
    assert_eq!(fs::metadata(&real).expect("stat").permissions().mode() & 0o777, 0o640);
    assert!(!fs::read_to_string(&real).expect("read").contains("connection_pool_timeout"));
    let left: Vec<_> = fs::read_dir(folder.path()).expect("list").collect();
    assert_eq!(left.len(), 2, "no temporary file stays");
}

#[test]
fn simulate_answers_line_by_line() {
    let case = |id: u32| serde_json::json!({ "id": id, "config": SOUND, "env": {}, "litellm": "1.80.0", "redis_py": "5.3.1" });
    let input =
        format!("{}\nnot json\n\n{{\"id\": 7, \"litellm\": \"1.2.3\"}}\n{}", case(1), case(2));
    let output = Folder::new(&[]).run_with(&["simulate"], &input);
    let lines: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ids: Vec<_> = lines.iter().map(|line| line["id"].clone()).collect();
    assert_eq!(
        ids,
        [serde_json::json!(1), serde_json::Value::Null, serde_json::json!(7), serde_json::json!(2)]
    );
    assert_eq!(lines[0]["clients"][0]["connection"]["host"], "redis.internal");
    assert!(lines[1]["error"].is_string() && lines[2]["error"].is_string());
    assert_eq!(code(&output), 0);
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let folder = Folder::new(&[("config.yaml", CONFIG)]);
    assert!(!stdout(&folder.run(&["check", "config.yaml"])).contains('\u{1b}'));
    assert!(stdout(&folder.run(&["check", "config.yaml", "--color", "always"])).contains('\u{1b}'));
    assert!(!stdout(&folder.run(&["check", "config.yaml", "--color", "never"])).contains('\u{1b}'));
}

#[test]
fn unset_variables_are_unknown_until_all_are_given() {
    let config = SOUND.replace("redis.internal", "os.environ/NOWHERE");
    let folder = Folder::new(&[("config.yaml", &config)]);
    assert_eq!(code(&folder.run(&["check", "config.yaml"])), 0);
    assert_eq!(code(&folder.run(&["check", "config.yaml", "--require-env"])), 1);
}

#[test]
fn completions_are_printed() {
    let output = Folder::new(&[]).run(&["completions", "bash"]);
    assert!(stdout(&output).contains("_redproof"));
}
