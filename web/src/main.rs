//! The page's wasm.

fn main() {
    redproof_web::start();
}
