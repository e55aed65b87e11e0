//! Writes the cases of `redproof_tests::patched` as JSON, for the programs that read them.

fn main() {
    let cases: Vec<_> =
        redproof_tests::patched::cases().iter().map(redproof_tests::patched::Case::json).collect();
    println!("{}", serde_json::Value::from(cases));
}
