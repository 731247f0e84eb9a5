//! Any bytes as what passes between the page and its workers.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wow_fuzzing::messages(bytes));
