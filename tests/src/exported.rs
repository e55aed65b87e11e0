//! Configurations and environments to export, for the programs that read what is exported: the
//! seeds as they are, and values and names that are easily written wrong.

use std::collections::BTreeMap;
use std::path::Path;

use redproof_core::export::{Exports, Format, Secrets};
use redproof_core::{CheckInput, NamedText, Releases, gather};
use serde_json::{Value as Json, json};

/// The formats that other programs read an environment from.
const FORMATS: [Format; 3] = [Format::Env, Format::Kubernetes, Format::Compose];

const CONFIG: &str =
    "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379}\n";

/// Values that are easily written wrong.
const VALUES: &[&str] = &[
    "",
    " ",
    "\t",
    " both ends ",
    "\ttabs\t",
    "two words",
    "it's",
    "'quoted'",
    "\"quoted\"",
    "say \"hi\"",
    "both ' and \"",
    "ends in '",
    "ends in \"",
    "'",
    "\"",
    "`id`",
    "$",
    "$$",
    "$HOME",
    "dollar $HOME end",
    "${HOME}",
    "${HOME",
    "${HOME:-x} ${",
    "${}",
    "}${:-$}{",
    "$$ $ $$$",
    "$(HOME)",
    "$$(HOME) $(",
    "$1",
    "100%",
    "%HOME%",
    "#",
    "#first",
    "a#b",
    "hash # mark",
    "hash #'mark'",
    "\\",
    "back\\slash",
    "back\\nslash",
    "ends in \\",
    "\\\\",
    "\\'",
    "\\\"",
    "\\$HOME",
    "\\${HOME}",
    "it's ${HOME}",
    "it's a \"${HOME}\" \\ #",
    "new\nline",
    "ends in a line\n",
    "\nstarts with a line",
    "two\n\nlines it's ${HOME}",
    "\r",
    "return\rhere",
    "both\r\nhere",
    "a=b",
    "=",
    "A=b",
    "export A=b",
    "a: b",
    "a:",
    ": b",
    "- dash",
    "-",
    "? key",
    "[c]",
    "{d}",
    "{{ template }}",
    "&anchor",
    "*alias",
    "!tag",
    "| block",
    "> folded",
    "%directive",
    "@at",
    "---",
    "...",
    "yes",
    "no",
    "on",
    "true",
    "null",
    "~",
    "007",
    "0o7",
    "1e3",
    "0x1F",
    "1_000",
    "12:30:45",
    ".inf",
    ".nan",
    "2026-11-21",
    "<<",
    "ünï \u{1f511}",
    "\u{a0}no break\u{a0}",
    "\u{85}next line",
    "line\u{2028}paragraph\u{2029}",
    "\u{feff}mark",
    "\u{7}bell \u{1b}[31m \u{7f}",
    "\u{200f}right to left",
    "a=b;c&d|e<f>g",
    "(){}[]<>!?*~^,;",
    "/etc/redis/ca.crt",
    "redis://user:p%40ss@host:6379/0?a=b#c",
    "{\"json\": [1, \"two\", null]}",
    "FOO\\\nBAR",
];

/// Names that something could take for something else.
const NAMES: &[&str] = &[
    "y",
    "Y",
    "n",
    "N",
    "yes",
    "No",
    "on",
    "OFF",
    "true",
    "null",
    "NULL",
    "nan",
    "e1",
    "_",
    "_1",
    "A1",
    "lower_case",
    "export",
    "with.dot",
    "with-dash",
    "..",
    "...dots",
    "1st",
    "a b",
    "ü",
];

/// A configuration with an environment, in the forms that it is deployed in.
#[derive(Debug)]
pub struct Case {
    /// What it is about.
    pub name: String,
    /// The variables whose values are known, as they must be read.
    pub given: BTreeMap<String, String>,
    /// The files, by `FORMAT/NAME`.
    pub files: BTreeMap<String, String>,
    /// What is said beside the files, by format.
    pub notes: BTreeMap<String, Vec<String>>,
}

impl Case {
    /// As the recording holds it.
    pub fn json(&self) -> Json {
        json!({"name": self.name, "given": self.given, "files": self.files, "notes": self.notes})
    }

    fn new(
        name: &str,
        config: &str,
        files: &[NamedText],
        variables: &[(String, String)],
        secrets: Secrets,
    ) -> Self {
        let input = CheckInput {
            name: "config.yaml",
            text: config,
            environment: &gather(files, variables, true),
            releases: Releases::parse(Some("1.109.1"), Some("8.1.0")).expect("a known pair"),
            now: None,
        };
        let exports = Exports::of(&input, secrets).unwrap_or_else(|why| panic!("{name}: {why}"));
        let mut case = Self {
            name: name.to_owned(),
            given: BTreeMap::new(),
            files: BTreeMap::new(),
            notes: BTreeMap::new(),
        };
        if secrets == Secrets::Revealed {
            case.given = variables.iter().cloned().collect();
        }
        for format in FORMATS {
            let export = exports.export(format);
            for file in export.files {
                case.files.insert(format!("{}/{}", format.name(), file.name), file.text);
            }
            case.notes.insert(format.name().to_owned(), export.notes);
        }
        case
    }
}

fn is_yaml(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "yaml")
}

fn seeds() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/seeds");
    let read = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name));
        NamedText {
            name: name.to_owned(),
            text: text.unwrap_or_else(|why| panic!("{name}: {why}")),
        }
    };
    let deployment = read("deployment-env.yaml");
    let known = [("REDIS_HOST", "redis.internal"), ("REDIS_PASSWORD", "it's $5 # a \"secret\" \\")];
    let known = known.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("the seeds")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .filter(|name| is_yaml(name) && *name != deployment.name)
        .collect();
    names.sort();
    let mut cases = vec![];
    for name in names {
        let config = read(&name).text;
        let stem = name.trim_end_matches(".yaml");
        let env = format!("{stem}.env");
        let beside = if folder.join(&env).exists() { vec![read(&env)] } else { vec![] };
        cases.push(Case::new(stem, &config, &beside, &[], Secrets::Placeholders));
        let title = format!("{stem}, its variables known");
        cases.push(Case::new(&title, &config, &beside, &known, Secrets::Revealed));
    }
    let config = read("from-environment.yaml").text;
    let title = "from-environment beside deployment-env";
    cases.push(Case::new(title, &config, &[deployment], &[], Secrets::Placeholders));
    cases
}

/// All cases, in an order that stays.
pub fn cases() -> Vec<Case> {
    let mut cases = seeds();
    let long = "x y'\"$#\\".repeat(1_000);
    let values: Vec<&str> = VALUES.iter().copied().chain([long.as_str()]).collect();
    // The first are shown, the second kept as secrets.
    for (title, suffix) in [("values", ""), ("secret values", "_PASSWORD")] {
        let variable =
            |(at, value): (usize, &&str)| (format!("V{at:03}{suffix}"), (*value).to_owned());
        let variables: Vec<_> = values.iter().enumerate().map(variable).collect();
        cases.push(Case::new(title, CONFIG, &[], &variables, Secrets::Revealed));
    }
    let variables: Vec<_> =
        NAMES.iter().map(|name| ((*name).to_owned(), "it's set".to_owned())).collect();
    cases.push(Case::new("names", CONFIG, &[], &variables, Secrets::Revealed));
    let secret = NAMES.iter().map(|name| (format!("{name}_PASSWORD"), "it's set".to_owned()));
    let variables: Vec<_> = secret.collect();
    cases.push(Case::new("names of secrets", CONFIG, &[], &variables, Secrets::Revealed));
    cases.push(Case::new("mounted files", MOUNTS, &[], &[], Secrets::Placeholders));
    let config = format!("{CONFIG}# it's ${{HOME}} $$ $(HOME) \u{1f511} \u{a0} \\n \"\n\n\n");
    cases.push(Case::new("a config's text", &config, &[], &[], Secrets::Placeholders));
    cases
}

/// Files whose names are easily written wrong, and twice the same place.
const MOUNTS: &str = r#"litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: h
    port: 6379
    ssl: true
    ssl_ca_certs: "tls/ca $HOME.crt"
    ssl_certfile: "./tls/it's.crt"
    ssl_keyfile: /app/tls/..data
general_settings:
  coordination_redis:
    host: h
    port: 6379
    ssl: true
    ssl_ca_certs: "./tls/ca $HOME.crt"
    ssl_certfile: /app/./tls/it's.crt
    ssl_keyfile: tls//..data
"#;
