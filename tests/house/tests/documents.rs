//! What the project's own documents name is there.

use redproof_house::{read, root};

const DOCUMENTS: [&str; 4] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "SECURITY.md"];

/// Where a path begins that can be followed.
const FOLDERS: [&str; 12] = [
    "crates/",
    "tests/",
    "xtask/",
    "docs/",
    "truth/",
    "examples/",
    "schemas/",
    "web/",
    "book/",
    "fuzz/",
    "npm/",
    ".github/",
];

#[test]
fn each_path_that_a_document_names_is_there() {
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = read(&root().join(document));
        for path in text.split('`').skip(1).step_by(2) {
            let path = path.trim_end_matches('/');
            let followed = FOLDERS.iter().any(|folder| path.starts_with(folder));
            // `NAME.rs` and `RPnnn.md` stand for any.
            let pattern = path.contains(['*', ' ', '…', '<', '{'])
                || path.contains("NAME")
                || path.contains("RPnnn")
                || path.contains("CRATE");
            if followed && !pattern && !root().join(path).exists() {
                missing.push(format!("{document}: {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "these are not there:\n{}", missing.join("\n"));
}

#[test]
fn all_modules_with_a_folder_are_written_one_way() {
    let mut beside = Vec::new();
    for folder in ["crates", "xtask", "web"] {
        for file in redproof_house::files(&root().join(folder), "rs") {
            let test = file.components().any(|part| part.as_os_str() == "tests");
            if !test && file.with_extension("").is_dir() {
                beside.push(file.display().to_string());
            }
        }
    }
    assert!(beside.is_empty(), "move these into their folder as mod.rs:\n{}", beside.join("\n"));
}
