//! Inputs that no operator writes: large, deep, or made to explode.

use std::fmt::Write as _;

use super::configs::check;
use super::inputs::sized;
use super::measure::time;
use super::report::{Row, Table, milliseconds};
use super::{Programs, write};

const MEGABYTE: usize = 1_000_000;

/// Beyond twice the time or memory that a smaller input of the kind needs per byte, growth is not
/// linear.
const SLACK: f64 = 2.0;

/// An answer or a clear error, in time and memory that grow no faster than the input.
pub(super) fn measure(programs: &Programs) -> Result<Table, String> {
    let mut rows = vec![];
    let mut per_byte: Option<(f64, f64)> = None;
    for (name, megabytes, runs) in [("1 MB of models", 1, 5), ("50 MB of models", 50, 1)] {
        let text = of_size(megabytes * MEGABYTE);
        let (row, took, peak) = measured(programs, name, &text, None, runs)?;
        #[allow(clippy::cast_precision_loss, reason = "sizes of a few megabytes")]
        let size = text.len() as f64;
        let row = match per_byte {
            None => row,
            Some((time, memory)) => row
                .budget("time linear", took / size <= time * SLACK)
                .budget("memory linear", peak / size <= memory * SLACK),
        };
        per_byte = Some((took / size, peak / size));
        rows.push(row);
    }
    let alone = explosive().into_iter().map(|(name, text)| (name, text, None));
    for (name, text, beside) in alone.chain(with_environment()) {
        let (row, took, peak) = measured(programs, name, &text, beside, 3)?;
        rows.push(row.budget("≤ 3 s, ≤ 400 MB", took <= 3000.0 && peak <= 400.0));
    }
    Ok(Table::new("Hostile inputs, whole process", rows).remark(
        "Each ends with findings or an error in words: a panic or a signal would end the run.",
    ))
}

fn measured(
    programs: &Programs,
    name: &str,
    text: &str,
    beside: Option<(&str, String)>,
    runs: usize,
) -> Result<(Row, f64, f64), String> {
    let path = programs.folder.join("hostile.yaml");
    write(&path, text)?;
    let mut call = check(programs, &path).lenient();
    if let Some((file, text)) = beside {
        let path = programs.folder.join(file);
        write(&path, &text)?;
        call = call.paths([std::path::PathBuf::from("--env-file"), path]);
    }
    let times = time(std::slice::from_ref(&call), runs)?;
    let peak = call.peak()?;
    let row = times.first().map_or(Row::new(name), |times| Row::new(name).times(*times)).peak(peak);
    let took = times.first().map_or(0.0, |times| milliseconds(times.median));
    Ok((row, took, peak))
}

fn of_size(bytes: usize) -> String {
    // A line of a long configuration takes some 26 bytes.
    let mut lines = bytes / 26;
    loop {
        let text = sized(lines);
        if text.len() >= bytes {
            return text;
        }
        lines += lines / 50 + 1;
    }
}

/// A name, a config, and an environment file beside it by its name.
type Input = (&'static str, String, Option<(&'static str, String)>);

fn explosive() -> Vec<(&'static str, String)> {
    let cache = "litellm_settings:\n  cache_params: ";
    vec![
        ("billion laughs: 12 levels of 10 aliases", laughs()),
        ("billion laughs of mappings, in variables", laughs_in_variables()),
        ("lists, 10,000 deep", format!("{cache}{}{}\n", "[".repeat(10_000), "]".repeat(10_000))),
        (
            "mappings, 10,000 deep",
            format!("{cache}{}1{}\n", "{a: ".repeat(10_000), "}".repeat(10_000)),
        ),
        ("1 MB of [", "[".repeat(MEGABYTE)),
        ("1 MB of - on one line", "- ".repeat(MEGABYTE / 2)),
        ("1 MB of a quote that never ends", format!("{cache}\"{}", "x\n ".repeat(MEGABYTE / 3))),
        ("1 MB in one plain scalar", format!("{cache}{}\n", "word ".repeat(MEGABYTE / 5))),
        ("1 MB of one key, again and again", "litellm_settings: 1\n".repeat(MEGABYTE / 20)),
        ("100,000 anchors", anchors()),
        ("20,000 merges of one mapping", merges()),
        (
            "1 MB of unknown cache settings",
            settings(
                "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n",
            ),
        ),
        (
            "1 MB of settings without effect",
            settings("litellm_settings:\n  cache: true\n  cache_params:\n    type: local\n"),
        ),
        ("1 MB of keys that the router drops", settings("router_settings:\n")),
        ("1 MB of environment references", references()),
        ("4,000 start-up nodes", nodes()),
        (
            "1 MB of quotes within brackets within quotes",
            format!("{cache}{}\n", "['[\"".repeat(MEGABYTE / 4)),
        ),
        ("1 MB of secrets that start alike", secrets()),
        (
            "1 MB of comments that name a secret",
            format!("{cache}1\n{}", "# password: x y z\n".repeat(MEGABYTE / 18)),
        ),
    ]
}

/// An environment file beside a plain config, by its name.
fn with_environment() -> Vec<Input> {
    let config =
        "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 1}\n";
    let all = |line: &dyn Fn(usize) -> String| (1..60).map(line).collect::<String>();
    let dotenv = all(&|at| format!("A{at}=${{A{0}}}${{A{0}}}\n", at - 1));
    let shell = all(&|at| format!("export A{at}=$A{0}$A{0}\n", at - 1));
    let manifest = all(&|at| format!("    - {{name: A{at}, value: $(A{0})$(A{0})}}\n", at - 1));
    let pod = "kind: Pod\nspec:\n  containers:\n  - name: litellm\n    image: litellm\n    env:\n    - {name: A0, value: xxxxxxxxxx}\n";
    let many: String = (0..50_000).map(|at| format!("VAR_{at}=value{at}\n")).collect();
    [
        ("60 variables that double: .env", "bomb.env", format!("A0=xxxxxxxxxx\n{dotenv}")),
        ("60 variables that double: shell", "bomb.sh", format!("export A0=xxxxxxxxxx\n{shell}")),
        ("60 variables that double: Kubernetes", "bomb.yaml", format!("{pod}{manifest}")),
        ("50,000 variables", "many.env", many),
    ]
    .into_iter()
    .map(|(name, file, text)| (name, config.to_owned(), Some((file, text))))
    .collect()
}

fn nodes() -> String {
    let mut text = String::from(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    redis_startup_nodes:\n",
    );
    for number in 0..4_000 {
        let _ = writeln!(text, "    - {{host: n{number}, port: 6379}}");
    }
    text
}

fn secrets() -> String {
    let mut text = String::from("litellm_settings: {cache: true, cache_params: {hots: x}}\nx:\n");
    for number in 0..MEGABYTE / 34 {
        let _ = writeln!(text, "  k{number}: {{password: secret-{number}}}");
    }
    text
}

fn laughs() -> String {
    let mut text = String::from("a0: &a0 lol\n");
    for level in 1..=12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{aliases}]");
    }
    text + "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: *a12}\n"
}

fn laughs_in_variables() -> String {
    let mut text = String::from("a0: &a0 {k: os.environ/A}\n");
    for level in 1..=12 {
        let last = level - 1;
        let _ = writeln!(text, "a{level}: &a{level} [{{k: *a{last}, l: *a{last}}}, *a{last}]");
    }
    text + "environment_variables: {REDIS_HOST: *a12, FOO: *a12}\n"
}

fn anchors() -> String {
    let mut text = String::from("litellm_settings:\n");
    for number in 0..100_000 {
        let _ = writeln!(text, "  k{number}: &a{number} v");
    }
    text
}

fn merges() -> String {
    let mut text = String::from("base: &base {a: 1, b: 2, c: 3, d: 4}\nlitellm_settings:\n");
    for number in 0..20_000 {
        let _ = writeln!(text, "  m{number}: {{<<: *base, e: 5}}");
    }
    text
}

fn settings(head: &str) -> String {
    let mut text = head.to_owned();
    for number in 0..MEGABYTE / 26 {
        let _ = writeln!(text, "    redis_{number}: value");
    }
    text
}

fn references() -> String {
    let mut text = String::from("litellm_settings:\n  cache: true\nenvironment_variables:\n");
    for number in 0..MEGABYTE / 34 {
        let _ = writeln!(text, "  VARIABLE_{number}: os.environ/OTHER_{number}");
    }
    text
}
