//! Every fuzz target on stable Rust: its corpus, and what a fixed seed makes of it.

use std::path::Path;

use redproof_fuzz_bodies::{Generator, TARGETS};

/// Inputs for each target. Those that simulate take longer.
fn count(target: &str) -> usize {
    match target {
        "yaml" | "resp" | "pem" => 20_000,
        "fix" => 400,
        _ => 1_000,
    }
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a file")).collect()
}

fn run(target: &str) {
    let (_, body, words) =
        TARGETS.into_iter().find(|(name, ..)| *name == target).expect("a target of this name");
    let corpus = corpus(target);
    assert!(!corpus.is_empty());
    for input in &corpus {
        body(input);
    }
    let mut generator = Generator::new(&corpus, words, 0x5eed);
    for number in 0..count(target) {
        let input = generator.input();
        if let Err(panic) = std::panic::catch_unwind(|| body(&input)) {
            eprintln!("input {number} of {target}: {:?}", String::from_utf8_lossy(&input));
            std::panic::resume_unwind(panic);
        }
    }
}

macro_rules! targets {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            run(stringify!($name));
        }
    )*};
}

targets!(yaml fix dotenv shell manifest url pem share resp diagnose);

#[test]
fn every_target_has_its_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/fuzz_targets");
    for (name, ..) in TARGETS {
        assert!(folder.join(name).with_extension("rs").exists(), "{name}");
    }
}
