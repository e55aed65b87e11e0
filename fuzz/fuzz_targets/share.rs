#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| redproof_fuzz_bodies::share(bytes));
