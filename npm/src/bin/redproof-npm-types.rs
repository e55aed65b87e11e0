//! Prints the JSON Schema of the package's types: what it takes and what it gives.

fn main() {
    println!("{:#}", redproof_npm::schema());
}
