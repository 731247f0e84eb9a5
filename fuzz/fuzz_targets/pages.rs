//! A column chunk with some of it changed.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wow_fuzzing::pages(bytes));
