//! Writes the generated pages under `docs/`, the snapshots and the JSON Schemas again.

use crate::shell::{Done, cargo, run, step};
use crate::system;

/// The tests that hold them, by their package and files, and by part of their names: each writes its own when asked to.
const HOLDERS: [(&str, &[&str], &str); 5] = [
    ("redproof-core", &["rules", "settings", "error_texts", "known_defects", "claims"], ""),
    ("redproof-probe", &["findings"], ""),
    ("redproof", &["commands", "schemas", "cli", "export"], ""),
    ("redproof-tests", &["probe", "certificates"], "up_to_date"),
    // Those with servers show times and certificates, which are others each time.
    ("redproof-tests", &["guides"], "guides_without_servers"),
];

pub(crate) fn write() -> Done {
    system::install_redis()?;
    step("build the binary", || {
        // The guides start it as a user would.
        run(&mut cargo(&["build", "--quiet", "--locked", "--package", "redproof"]))
    })?;
    step("write the generated pages", || {
        for (package, tests, part) in HOLDERS {
            let mut test = cargo(&["test", "--quiet", "--locked", "--package", package]);
            for name in tests {
                test.args(["--test", name]);
            }
            if !part.is_empty() {
                test.arg(part);
            }
            // What people read of the command is kept as snapshots.
            run(test.env("REDPROOF_UPDATE", "1").env("INSTA_UPDATE", "always"))?;
        }
        Ok(())
    })
}
