//! Other checkers of configuration files, from `PyPI` into `.tools/bench`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::measure::Call;
use crate::shell::{output, root, run, step};

/// Their releases: changed on purpose, so that figures stay comparable.
const RYL: &str = "0.26.1";
const CHECK_JSONSCHEMA: &str = "0.39.0";

/// yamllint's default rules: without a configuration, ryl has none.
const RYL_RULES: &str = "anchors,braces,brackets,colons,commas,comments,comments-indentation,\
    document-start,empty-lines,hyphens,indentation,key-duplicates,line-length,\
    new-line-at-end-of-file,new-lines,trailing-spaces,truthy";

/// What there is to compare with.
pub(crate) struct Peers {
    bin: PathBuf,
    /// Why there are none.
    pub(super) missing: Option<String>,
}

impl Peers {
    /// Installs those that are missing. Without Python or `PyPI` there are none, and the report
    /// says so.
    pub(super) fn install() -> Self {
        let folder = root().join(".tools/bench");
        let mut peers = Self { bin: folder.join("bin"), missing: None };
        if peers.is_there("ryl", RYL) && peers.is_there("check-jsonschema", CHECK_JSONSCHEMA) {
            return peers;
        }
        let installed = step("install ryl and check-jsonschema", || {
            run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
            run(Command::new(folder.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .arg(format!("ryl=={RYL}"))
                .arg(format!("check-jsonschema=={CHECK_JSONSCHEMA}")))
        });
        peers.missing = installed.err();
        peers
    }

    fn is_there(&self, program: &str, version: &str) -> bool {
        output(Command::new(self.bin.join(program)).arg("--version"))
            .is_ok_and(|printed| printed.contains(version))
    }

    /// The peers' calls over these files or folders: ryl, which checks style alone, and
    /// check-jsonschema, which holds files against our own schema.
    pub(super) fn calls(&self, paths: &[&Path]) -> Vec<(String, Call)> {
        let mut calls = vec![self.ryl(paths)];
        calls.push(self.check_jsonschema(paths));
        calls.into_iter().flatten().collect()
    }

    /// ryl, without its cache on disk.
    pub(super) fn ryl(&self, paths: &[&Path]) -> Option<(String, Call)> {
        let call = || {
            Call::new(self.bin.join("ryl"), &["check", "--no-cache", "--enable", RYL_RULES])
                .paths(paths)
        };
        self.missing.is_none().then(|| (format!("ryl {RYL}"), call()))
    }

    fn check_jsonschema(&self, paths: &[&Path]) -> Option<(String, Call)> {
        let schema = root().join("schemas/litellm-latest.json");
        let call = || {
            Call::new(self.bin.join("check-jsonschema"), &["--schemafile"])
                .paths([schema])
                .paths(paths)
        };
        self.missing.is_none().then(|| (format!("check-jsonschema {CHECK_JSONSCHEMA}"), call()))
    }
}
