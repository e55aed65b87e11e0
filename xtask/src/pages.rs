//! Writes the generated pages under `docs/`, and the JSON Schemas, again.

use crate::shell::{Done, cargo, run, step};

/// The tests that hold them: each writes its own when asked to.
const HOLDERS: [(&str, &[&str]); 3] = [
    ("redproof-core", &["rules", "settings", "error_texts", "known_defects"]),
    ("redproof-probe", &["findings"]),
    ("redproof", &["commands", "schemas"]),
];

pub(crate) fn write() -> Done {
    step("write the generated pages", || {
        for (package, tests) in HOLDERS {
            let mut test = cargo(&["test", "--quiet", "--locked", "--package", package]);
            for name in tests {
                test.args(["--test", name]);
            }
            run(test.env("REDPROOF_UPDATE", "1"))?;
        }
        Ok(())
    })
}
