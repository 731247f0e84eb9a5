//! Any bytes as a CSV file.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wow_fuzzing::csv(bytes));
