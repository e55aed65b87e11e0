//! Writes the cases of `redproof_tests::exported` as JSON, for the programs that judge them.

fn main() {
    let cases: Vec<_> = redproof_tests::exported::cases()
        .iter()
        .map(redproof_tests::exported::Case::json)
        .collect();
    println!("{}", serde_json::Value::from(cases));
}
