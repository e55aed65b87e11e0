//! Counts the instructions that the core's work takes, and the bytes that it keeps: the same on every run,
//! whatever else the machine does, so that a test can hold them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::bench::inputs;
use crate::shell::{Done, cargo, command, run, target_dir};

/// What is done with a config: a word for the program that does it.
type Work = &'static str;

/// Finds out how configs run that lie side by side, as many as there are times.
const JOIN: Work = "join";

/// Work that takes no more than so many instructions, each further time in a process.
struct Budget {
    name: &'static str,
    work: Work,
    input: fn() -> String,
    instructions: u64,
}

const BUDGETS: &[Budget] = &[
    Budget {
        name: "a check of 24 lines",
        work: "check",
        input: || inputs::small(1),
        instructions: 420_000,
    },
    Budget {
        name: "a check of 24 lines with two findings",
        work: "check",
        input: || inputs::faulty(1),
        instructions: 452_000,
    },
];

/// Work that takes time in proportion to its input.
struct Linear {
    name: &'static str,
    work: Work,
    /// The config, and the environment file, of a size.
    input: fn(usize) -> (String, String),
    size: usize,
}

const LINEAR: &[Linear] = &[
    Linear { name: "start-up nodes", work: "check", input: nodes, size: 400 },
    Linear { name: "settings without effect, fixed", work: "fix", input: settings, size: 150 },
    Linear { name: "lines of an environment file", work: "check", input: variables, size: 2000 },
    Linear { name: "models with keys, exported", work: "export", input: models, size: 300 },
    Linear { name: "unknown settings", work: "check", input: unknown, size: 600 },
    Linear { name: "unknown settings, fixed", work: "fix", input: unknown, size: 150 },
    Linear { name: "settings of no cache type", work: "check", input: dropped, size: 600 },
    Linear { name: "keys that the router drops", work: "check", input: settings, size: 600 },
    Linear { name: "unknown variables", work: "check", input: unknown_variables, size: 600 },
    Linear { name: "fallbacks to no model", work: "check", input: fallbacks, size: 600 },
    Linear { name: "manifests side by side", work: JOIN, input: manifest, size: 1_500 },
];

/// A config and the pod that runs it; `@@` is its number.
const MANIFEST: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: c@@}
data: {config.yaml: \"litellm_settings: {cache: true, cache_params: {type: redis, host: r@@, port: 6379}}\"}
---
apiVersion: v1
kind: Pod
metadata: {name: l@@}
spec:
  containers: [{name: l, image: 'ghcr.io/berriai/litellm:v1.109.1', args: [--config, /c.yaml], volumeMounts: [{name: c, mountPath: /c.yaml, subPath: config.yaml}]}]
  volumes: [{name: c, configMap: {name: c@@}}]
";

/// Configs that lie side by side, each of which keeps few bytes of its own.
struct Many {
    name: &'static str,
    /// What lies beside them.
    beside: fn() -> String,
    count: u64,
    /// What a further one adds to the peak: its text and name among it.
    bytes: u64,
}

const MANY: &[Many] = &[
    Many { name: "configs that nothing runs", beside: String::new, count: 200, bytes: 1_300 },
    Many { name: "configs that one pod runs", beside: pod, count: 200, bytes: 1_300 },
];

/// An input of twice the size takes at most so many hundredths of the instructions.
const DOUBLE: u64 = 240;

/// Counts, prints, and holds the budgets.
pub(crate) fn check() -> Done {
    hold(BUDGETS, &[], &[])
}

/// As [`check`], and what must grow as its input does.
pub(crate) fn all() -> Done {
    hold(BUDGETS, LINEAR, MANY)
}

fn hold(budgets: &[Budget], linear: &[Linear], many: &[Many]) -> Done {
    let program = build()?;
    let folder = target_dir().join("instructions");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let count = |work: Work, input: (String, String), times: u64| {
        let path = folder.join("config.yaml");
        write(&path, &input.0)?;
        write(&path.with_extension("env"), &input.1)?;
        counted(&program, &path, times, work)
    };
    let peak = |beside: String, configs: u64| {
        let path = folder.join("config.yaml");
        write(&path, &inputs::small(1))?;
        write(&path.with_extension("env"), &beside)?;
        peak(&program, &path, configs)
    };
    let mut over = String::new();
    for budget in budgets {
        let input = || ((budget.input)(), String::new());
        let (few, more) = (count(budget.work, input(), 1)?, count(budget.work, input(), 6)?);
        let each = more.saturating_sub(few) / 5;
        println!("   {}: {each} instructions, of {}", budget.name, budget.instructions);
        if each > budget.instructions {
            let _ = write!(over, "\n{}: {each}, not {}", budget.name, budget.instructions);
        }
    }
    for Linear { name, work, input, size } in linear {
        let [none, one, two] = [0, *size, 2 * size].map(|size| {
            let times = if *work == JOIN { size as u64 } else { 1 };
            count(work, input(size), times)
        });
        let (none, one, two) = (none?, one?, two?);
        let growth = two.saturating_sub(none) * 100 / one.saturating_sub(none).max(1);
        println!("   {name}: twice as many take {growth} % of the instructions");
        if growth > DOUBLE {
            let _ = write!(over, "\n{name}: twice as many take {growth} %, not {DOUBLE} %");
        }
    }
    for Many { name, beside, count, bytes } in many {
        let (few, more) = (peak(beside(), *count)?, peak(beside(), 2 * count)?);
        let each = more.saturating_sub(few) / count;
        println!("   {name}: a further one keeps {each} bytes, of {bytes}");
        if each > *bytes {
            let _ = write!(over, "\n{name}: a further one keeps {each} bytes, not {bytes}");
        }
    }
    if over.is_empty() { Ok(()) } else { Err(format!("more than it may be:{over}")) }
}

/// The program that does the work, as it is released.
fn build() -> Result<PathBuf, String> {
    run(&mut cargo(&[
        "build",
        "--quiet",
        "--locked",
        "--release",
        "--package",
        "redproof-core",
        "--example",
        "check_speed",
    ]))?;
    Ok(target_dir().join("release/examples/check_speed"))
}

fn write(path: &Path, text: &str) -> Done {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The instructions of a process that works so many times.
fn counted(program: &Path, config: &Path, times: u64, work: Work) -> Result<u64, String> {
    let said = valgrind("callgrind", program, config, times, work)?;
    let count =
        said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    count.ok_or_else(|| format!("valgrind: {said}"))
}

/// The most bytes that are allocated at a time, as so many configs are joined with what lies beside them.
fn peak(program: &Path, config: &Path, configs: u64) -> Result<u64, String> {
    let said = valgrind("dhat", program, config, configs, JOIN)?;
    let peak = said.lines().find_map(|line| {
        let (bytes, _) = line.split_once("At t-gmax:")?.1.trim().split_once(' ')?;
        bytes.replace(',', "").parse().ok()
    });
    peak.ok_or_else(|| format!("valgrind: {said}"))
}

/// What a tool of valgrind's says of a process.
fn valgrind(
    tool: &str,
    program: &Path,
    config: &Path,
    times: u64,
    work: Work,
) -> Result<String, String> {
    let mut valgrind = command("valgrind");
    valgrind
        .arg(format!("--tool={tool}"))
        .arg(format!("--{tool}-out-file=/dev/null"))
        .arg(program)
        .arg(config)
        .arg(times.to_string())
        .arg(work);
    let output = valgrind.output().map_err(|error| format!("cannot start valgrind: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        Ok(said)
    } else {
        Err(format!("valgrind ({}): {said}", output.status))
    }
}

fn manifest(_: usize) -> (String, String) {
    (MANIFEST.to_owned(), String::new())
}

fn nodes(count: usize) -> (String, String) {
    let mut text = String::from(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    redis_startup_nodes:\n      - {host: n, port: 6379}\n",
    );
    for number in 0..count {
        let _ = writeln!(text, "      - {{host: n{number}, port: 6379}}");
    }
    (text, String::new())
}

fn settings(count: usize) -> (String, String) {
    let mut text = String::from("router_settings:\n  num_retries: 1\n");
    for number in 0..count {
        let _ = writeln!(text, "  redis_setting_{number}: value");
    }
    (text, String::new())
}

fn variables(count: usize) -> (String, String) {
    let mut text = String::new();
    for number in 0..count {
        let _ = writeln!(text, "VARIABLE_{number}=value-{number}");
    }
    (inputs::small(1), text)
}

fn unknown(count: usize) -> (String, String) {
    let mut text = String::from(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    port: 1\n",
    );
    for number in 0..count {
        let _ = writeln!(text, "    redis_{number}: value");
    }
    (text, String::new())
}

fn dropped(count: usize) -> (String, String) {
    let (text, environment) = unknown(count);
    (text.replacen("type: redis", "type: local", 1), environment)
}

fn unknown_variables(count: usize) -> (String, String) {
    let mut text = String::new();
    for number in 0..count {
        let _ = writeln!(text, "REDIS_HOST{number}=value-{number}");
    }
    (inputs::small(1), text)
}

fn fallbacks(count: usize) -> (String, String) {
    let mut text = String::from("model_list:\n");
    for number in 0..=count {
        let _ = write!(
            text,
            "  - model_name: model-{number}\n    litellm_params: {{model: openai/m{number}}}\n"
        );
    }
    text += "router_settings:\n  fallbacks:\n";
    for number in 0..=count {
        let _ = writeln!(text, "    - {{model-{number}: [modell-{number}]}}");
    }
    (text, String::new())
}

/// A pod that runs what lies beside it, with an environment that is much larger than a config.
fn pod() -> String {
    let mut text = String::from(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  containers:\n  - name: litellm\n    image: litellm\n    env:\n",
    );
    for number in 0..100 {
        let _ = writeln!(text, "    - {{name: VARIABLE_{number}, value: {number:0100}}}");
    }
    text
}

fn models(count: usize) -> (String, String) {
    let mut text = String::from("model_list:\n");
    for number in 0..=count {
        let _ = write!(
            text,
            "  - model_name: m{number}\n    litellm_params:\n      model: openai/m{number}\n      api_key: sk-{number}-abcdefgh\n"
        );
    }
    let rest =
        "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 1}\n";
    (text + rest, String::new())
}
